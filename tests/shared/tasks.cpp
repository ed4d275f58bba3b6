#include "shared/tasks.hpp"

#include <jl/parallel.hpp>

namespace jl::test {
namespace {

int of_one_name(int x) { return -x; }  // in the program there is another one

template <auto Function>
std::vector<int> in_processes(int count) {
    std::vector<decltype(delayed<Function>(0))> tasks;
    for (int i = 0; i < count; ++i) tasks.push_back(delayed<Function>(i));
    return Parallel({.n_jobs = 2, .backend = "multiprocessing"})(tasks);
}

}  // namespace

std::vector<int> triples_in_library(int count) { return in_processes<&triple>(count); }
std::vector<int> negatives_in_library(int count) { return in_processes<&of_one_name>(count); }

}  // namespace jl::test

#define JL_TEXT_OF(x) #x
#define JL_TEXT(x) JL_TEXT_OF(x)
extern "C" [[gnu::visibility("default")]] const char* const jl_test_build = JL_TEXT(JL_BUILD);
