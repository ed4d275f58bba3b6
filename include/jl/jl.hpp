// Everything of jl that needs no other library: dump, load, Value, File, verify, hash, Memory, Parallel, standard
// types.
//
//     #include <jl/jl.hpp>        // and <jl/xtensor.hpp>, <jl/eigen.hpp> for their arrays, <jl/iostreams.hpp>
#pragma once

#include <jl/access.hpp>
#include <jl/array.hpp>
#include <jl/codec.hpp>
#include <jl/cpu_count.hpp>
#include <jl/create_mapped.hpp>
#include <jl/delayed.hpp>
#include <jl/dump.hpp>
#include <jl/error.hpp>
#include <jl/file.hpp>
#include <jl/hash.hpp>
#include <jl/init.hpp>
#include <jl/limits.hpp>
#include <jl/load.hpp>
#include <jl/mapping_chrono.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/mapping_dtype.hpp>
#include <jl/mapping_pointers.hpp>
#include <jl/mapping_struct.hpp>
#include <jl/mapping_variant.hpp>
#include <jl/memory.hpp>
#include <jl/npy.hpp>
#include <jl/npz.hpp>
#include <jl/outcome.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend.hpp>
#include <jl/parallel_options.hpp>
#include <jl/portable.hpp>
#include <jl/progress.hpp>
#include <jl/register_type.hpp>
#include <jl/result_stream.hpp>
#include <jl/sequence.hpp>
#include <jl/value.hpp>
#include <jl/verify.hpp>
#include <jl/writer.hpp>
