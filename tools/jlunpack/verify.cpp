#include <unistd.h>

#include <jl/url.hpp>
#include <jl/verify.hpp>

#include "jlunpack/verbs.hpp"
#include "shell/document.hpp"
#include "shell/printable.hpp"
#include "shell/program.hpp"

namespace jl::unpack {

namespace {

std::string summary(const VerifyReport& report) {
    std::string text = std::to_string(report.arrays()) + (report.arrays() == 1 ? " array, " : " arrays, ");
    text += shell::size_text(report.bytes_checked());
    if (report.modified_in_place())
        return text + ", modified in place: payload checksums are stale and were not compared";
    return text + (report.has_checksums() ? ", every checksum agrees" : ", readable; the file has no checksums");
}

}  // namespace

int verify(const Request& request) {
    const std::string name = shell::name_of_input(request.file);
    std::unique_ptr<shell::TemporaryFile> spooled;
    const std::string path = is_url(request.file) ? request.file : shell::regular_path(request.file, {}, spooled);
    VerifyOptions options{.n_threads = request.n_threads};
    if (request.progress) options.progress = progress_bar(name);
    std::optional<VerifyReport> report;
    shell::with_name(name, [&] { report = jl::verify(path, options); });
    bool damaged = false;
    for (const Error& problem : report->problems()) {
        damaged = damaged || shell::status_of(problem.code()) == shell::wrong_data;
        try {
            shell::with_name(name, [&] { throw problem; });
        } catch (const Error& named) {
            shell::complain("jlunpack", named.what());
        }
    }
    if (!report->ok()) return damaged ? shell::wrong_data : shell::failure;
    if (request.quiet) return shell::success;
    shell::Output out(STDOUT_FILENO, "standard output");
    out.write(shell::printable(name) + ": ok, " + summary(*report) + "\n");
    out.flush();
    return shell::success;
}

}  // namespace jl::unpack
