// The one line that main needs for Parallel on processes.
//
//     int main(int argc, char** argv) {
//         jl::init(argc, argv);          // first: here a worker process does its work, and ends
//         …
//     }
//
// From then on tasks that can go to processes do, unless a call or a scope says otherwise.
//
// Workers are this program, started again, with the standard streams and no other open file; they end as programs do,
// by std::exit. A program that does not call it gets an error where it asks for processes; so does one that has more
// rights than who started it (setuid), which serves nobody as a worker either.
#pragma once

namespace jl {

// Does not return in a worker process. In others it only notes that it was called; the arguments stay as they are.
void init(int argc, char** argv);

}  // namespace jl
