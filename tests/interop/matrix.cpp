// The matrix of types, from C++: see matrix.hpp and matrix.py.
//
//     interop_matrix write OUT      every sample in every arrangement and codec, and the table as samples.pkl
//     interop_matrix read DIR       what joblib wrote of the same table: equal, by type and without one
//     interop_matrix reread DIR     the same for the program's own files
#include "interop/matrix.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace interop {

std::vector<jl::Value> places_of(Arrangement how, const jl::Value& arranged) {
    switch (how) {
        case Arrangement::plain:
            return {arranged};
        case Arrangement::nested:
            return {arranged["items"][0], arranged["items"][1]};
        case Arrangement::shared:
            return {arranged[0], arranged[1]};
        case Arrangement::in_struct:
            return {arranged["value"]};
    }
    return {};
}

bool keeps_identity(const jl::Value& value, bool by_jl) {
    switch (value.kind()) {
        case jl::Kind::list:
        case jl::Kind::set:
        case jl::Kind::frozenset:
        case jl::Kind::dict:
        case jl::Kind::object:
            return true;
        case jl::Kind::tuple:
            return value.size() > 0;
        case jl::Kind::array:
            return by_jl;
        default:
            return false;
    }
}

namespace {

constexpr std::size_t fewest_files = 300;

struct Entry {
    std::string name, python, write_only, read_only;
};

Samples all_samples() {
    Samples samples;
    add_numbers(samples);
    add_times(samples);
    add_text(samples);
    add_vectors(samples);
    add_lists(samples);
    add_tables(samples);
    add_choices(samples);
    add_pointers(samples);
    add_structs(samples);
    add_structured(samples);
    add_xtensor(samples);
    add_views(samples);
    add_eigen(samples);
    add_values(samples);
    add_readings(samples);
    return samples;
}

// visit(sample, arrangement, file name) for each file that there may be of it.
template <class Visit>
void for_each_file(const Samples& samples, const Visit& visit) {
    for (const auto& sample : samples.all())
        for (const auto& [how, word] : arrangements)
            for (const std::string_view ending : matrix_codecs)
                visit(*sample, how, sample->facts().name + "." + std::string(word) + ".pkl" + std::string(ending));
}

// Runs `one`; what it returns or throws is a fault of that file.
template <class One>
void count(const std::string& file, std::size_t& files, std::size_t& faults, const One& one) {
    std::string fault;
    try {
        fault = one();
    } catch (const std::exception& error) {
        fault = error.what();
    }
    ++files;
    if (fault.empty()) return;
    ++faults;
    std::printf("%s: %s\n", file.c_str(), fault.c_str());
}

int finish(const char* verb, const Samples& samples, std::size_t files, std::size_t faults) {
    std::printf("interop_matrix %s: %zu samples, %zu files, %zu faults\n", verb, samples.all().size(), files, faults);
    if (files < fewest_files) std::printf("at least %zu files are wanted\n", fewest_files);
    return faults == 0 && files >= fewest_files ? 0 : 1;
}

int write(const std::filesystem::path& folder) {
    const Samples samples = all_samples();
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::vector<Entry> table;
    for (const auto& sample : samples.all()) {
        const Facts& facts = sample->facts();
        table.push_back({facts.name, facts.python, facts.write_only, facts.read_only});
    }
    jl::dump(table, folder / "samples.pkl");
    std::size_t files = 0, faults = 0;
    for_each_file(samples, [&](const Sample& sample, Arrangement how, const std::string& file) {
        if (!sample.facts().read_only.empty()) return;
        count(file, files, faults, [&] {
            sample.dump(how, folder / file);
            return std::string();
        });
    });
    return finish("write", samples, files, faults);
}

int read(const std::filesystem::path& folder, bool by_jl) {
    const Samples samples = all_samples();
    std::size_t files = 0, faults = 0;
    for_each_file(samples, [&](const Sample& sample, Arrangement how, const std::string& file) {
        const Facts& facts = sample.facts();
        if (!facts.write_only.empty() || (by_jl && !facts.read_only.empty())) return;
        count(file, files, faults, [&] { return sample.read(how, folder / file, by_jl); });
    });
    return finish(by_jl ? "reread" : "read", samples, files, faults);
}

}  // namespace

}  // namespace interop

int main(int argc, char** argv) {
    const std::string_view verb = argc == 3 ? argv[1] : "";
    try {
        if (verb == "write") return interop::write(argv[2]);
        if (verb == "read" || verb == "reread") return interop::read(argv[2], verb == "reread");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "interop_matrix: %s\n", error.what());
        return 1;
    }
    std::fputs("usage: interop_matrix write|read|reread DIR\n", stderr);
    return 2;
}
