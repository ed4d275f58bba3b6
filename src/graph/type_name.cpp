#include "graph/type_name.hpp"

#include <cstdlib>
#include <cxxabi.h>
#include <memory>

namespace jl {

std::string type_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                      std::free);
    return status == 0 && name ? name.get() : type.name();
}

}  // namespace jl
