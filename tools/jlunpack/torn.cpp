#include "jlunpack/torn.hpp"

#include "shell/program.hpp"

namespace jl::unpack {

bool told_torn(const shell::Objects& objects) {
    const std::optional<Error>& torn = objects.contents().torn;
    if (!torn) return false;
    try {
        shell::with_name(objects.name(), [&] { throw *torn; });
    } catch (const Error& named) {
        shell::complain("jlunpack", named.what());
    }
    return true;
}

}  // namespace jl::unpack
