#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <typeinfo>

#include <jl/detail/task_registry.hpp>
#include <jl/outcome.hpp>

#include "parallel/task_registry.hpp"

namespace jl {

std::string detail::readable_name(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                      std::free);
    return status == 0 ? name.get() : type.name();
}

std::string description_of_current_exception() {
    try {
        throw;
    } catch (const std::exception& error) {
        return detail::readable_name(typeid(error)) + ": " + error.what();
    } catch (const std::string& text) {
        return text;
    } catch (const char* text) {
        return text;
    } catch (...) {
        const std::type_info* const type = abi::__cxa_current_exception_type();
        return type ? detail::readable_name(*type) : "an exception";
    }
}

TaskError::TaskError(std::uint64_t index, TaskEnd end, const std::string& detail)
    : index_(index), end_(end), text_("task " + std::to_string(index) + ": " + detail) {}

TaskError TaskError::of_current(std::uint64_t index) {
    TaskError error(index, TaskEnd::exception, description_of_current_exception());
    error.cause_ = std::current_exception();
    return error;
}

}  // namespace jl
