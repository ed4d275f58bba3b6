// The version of the library; the format's own version is another thing (spec).
#pragma once

#define JL_VERSION "0.1.0"
