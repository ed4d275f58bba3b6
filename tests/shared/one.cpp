// All of jl as a shared library.
