#include "shell/package.hpp"

#include <unistd.h>

#include <jl/url.hpp>

#include "shell/document.hpp"
#include "shell/output.hpp"

namespace jl::shell {

void dump_package(const Package& package, const std::string& path, const DumpOptions& options) {
    if (path != "-") return dump(package, std::filesystem::path(path), options);
    require_binary_output();
    DescriptorSink sink(STDOUT_FILENO, "standard output");
    dump(package, static_cast<Sink&>(sink), options);
}

void emit_named(const std::string& name, const std::function<void()>& work) {
    with_name(name, [&] {
        try {
            work();
        } catch (Error& error) {
            error.in_file(name);
            throw;
        }
    });
}

void emit_from(const std::string& name, const Value& value, Emitter& out) {
    emit_named(name, [&] { jl::emit(out, value); });
}

std::string folder_of(const std::string& path) {
    if (is_url(path)) return {};
    const std::string folder = std::filesystem::path(path).parent_path().string();
    return folder.empty() ? "." : folder;
}

ProgressCallback bar_with_total(const std::string& label, std::uint64_t total) {
    const ProgressCallback bar = progress_bar(label);
    if (!bar) return {};
    return [bar, total](Progress progress) {
        if (!progress.finished) progress.total = total;
        bar(progress);
    };
}

}  // namespace jl::shell
