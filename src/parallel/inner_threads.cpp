#include "parallel/inner_threads.hpp"

#include <cstddef>
#include <dlfcn.h>

namespace jl {
namespace {

template <class Function>
Function* loaded(const char* name) noexcept {
    return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

// Sets the calling thread's number and returns the one before; nothing where the library is not there.
using Exchange = std::optional<int> (*)(int) noexcept;

std::optional<int> of_openmp(int threads) noexcept {
    const auto get = loaded<int()>("omp_get_max_threads");
    const auto set = loaded<void(int)>("omp_set_num_threads");
    if (!get || !set) return std::nullopt;
    const int before = get();
    set(threads);
    return before;
}

std::optional<int> of_mkl(int threads) noexcept {
    const auto exchange = loaded<int(int)>("MKL_Set_Num_Threads_Local");
    return exchange ? std::optional(exchange(threads)) : std::nullopt;
}

constexpr std::array<Exchange, 2> libraries{of_openmp, of_mkl};

}  // namespace

InnerThreads::InnerThreads(std::optional<int> most) noexcept {
    for (std::size_t i = 0; most && i < libraries.size(); ++i) before_[i] = libraries[i](*most);
}

InnerThreads::~InnerThreads() {
    for (std::size_t i = libraries.size(); i-- > 0;)
        if (before_[i]) libraries[i](*before_[i]);
}

}  // namespace jl
