// jl_test_shared functions | replaced LIBRARY OTHER_BUILD
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include <jl/init.hpp>
#include <jl/parallel.hpp>

#include "shared/tasks.hpp"

namespace jl::test {
namespace {

int of_one_name(int x) { return 10 * x; }  // in the library there is another one

int failures = 0;
void expect(const std::vector<int>& results, const std::vector<int>& wanted, const char* what) {
    if (results == wanted) return;
    ++failures;
    std::cerr << what << ": " << results.size() << " other results\n";
}

int functions() {
    const ParallelOptions processes{.n_jobs = 2, .backend = "multiprocessing"};
    const auto triples = [&] { return Parallel(processes)(std::vector{delayed<&triple>(1), delayed<&triple>(2)}); };
    expect(triples(), {3, 6}, "a function that both have, from the program");
    expect(triples_in_library(3), {0, 3, 6}, "a function that both have, from the library");
    const std::vector tasks{delayed<&of_one_name>(1), delayed<&of_one_name>(2)};
    expect(Parallel(processes)(tasks), {10, 20}, "one of two functions of a name, from the program");
    expect(negatives_in_library(3), {0, -1, -2}, "one of two functions of a name, from the library");
    expect(triples(), {3, 6}, "a function that both have, from the program again");
    return failures == 0 ? 0 : 1;
}

// A copy of the program whose library is replaced while it runs: workers that begin then would be something else.
int replaced(const std::filesystem::path& library, const std::filesystem::path& other) {
    const auto folder = std::filesystem::temp_directory_path() / ("jl-shared-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    std::filesystem::copy_file("/proc/self/exe", folder / "program");
    std::filesystem::copy_file(library, folder / library.filename());
    std::filesystem::copy_file(other, folder / "other");
    const std::string command =
        "'" + (folder / "program").string() + "' run '" + folder.string() + "' " + library.filename().string();
    const int status = std::system(command.c_str());
    std::filesystem::remove_all(folder);
    return status == 0 ? 0 : 1;
}

int run(const std::filesystem::path& folder, const std::string& library) {
    expect(triples_in_library(2), {0, 3}, "before the library is replaced");
    std::filesystem::rename(folder / "other", folder / library);
    // Workers that wait are still right.
    expect(triples_in_library(2), {0, 3}, "with workers that began before");
    const auto outcomes = Parallel({.n_jobs = 2, .backend = "multiprocessing", .inner_max_num_threads = 7})
                              .outcomes(std::vector{delayed<&triple>(1), delayed<&triple>(2)});
    for (const auto& outcome : outcomes) {
        const std::string what = outcome ? "no error" : outcome.error().what();
        const std::string wanted = "has another build of " + (folder / library).string() +
                                   " than this program, which began before it was replaced";
        if (what.find(wanted) != std::string::npos) continue;
        ++failures;
        std::cerr << what << "\ninstead of: " << wanted << '\n';
    }
    return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace jl::test

int main(int argc, char** argv) {
    jl::init(argc, argv);
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "functions") return jl::test::functions();
    if (verb == "replaced" && argc == 4) return jl::test::replaced(argv[2], argv[3]);
    if (verb == "run" && argc == 4) return jl::test::run(argv[2], argv[3]);
    std::cerr << "usage: jl_test_shared functions | replaced LIBRARY OTHER_BUILD\n";
    return 2;
}
