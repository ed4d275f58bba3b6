// Errors: one type with a code to switch on and a sentence for people; limits for files from strangers; verify.
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <xtensor/xbuilder.hpp>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

struct Model {
    std::string name;
    xt::xtensor<float, 2> weights;
};

// Flips one bit, as a failing disk would.
static void damage(const std::string& path, std::streamoff at) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(at);
    const char byte = static_cast<char>(file.get() ^ 1);
    file.seekp(at);
    file.put(byte);
}

static std::string explain(const jl::Error& e) {
    switch (e.code()) {
        case jl::ErrorCode::missing:
            return "a field is not there: " + e.path();
        case jl::ErrorCode::type:
            return "another kind of value is there: " + e.path();
        case jl::ErrorCode::checksum:
            return "the file is damaged: " + e.file();
        default:
            return e.what();
    }
}

int main() {
    int refused = 0;
    jl::dump(std::map<std::string, std::string>{{"name", "net"}}, "model.pkl");
    try {
        jl::load<Model>("model.pkl");
    } catch (const jl::Error& e) {
        std::cout << explain(e) << '\n' << e.what() << '\n';
        refused += e.code() == jl::ErrorCode::missing;
    }
    if (auto r = jl::try_load<Model>("absent.pkl"); !r) {
        std::cout << r.error().what() << '\n';
        refused += r.error().code() == jl::ErrorCode::io;
    }

    // From strangers: memory, items, nesting and the ratio of a compressed file are bounded.
    const std::string path = "upload.pkl.gz";
    jl::Value nested;
    for (int i = 0; i < 1'500; ++i) nested = jl::Value::list({nested});
    jl::dump(nested, path);
    try {
        auto upload = jl::load(path, {.limits = jl::Limits::untrusted()});
    } catch (const jl::Error& e) {
        std::cout << e.what() << '\n';
        refused += e.code() == jl::ErrorCode::limit;
    }

    // Every checksum of a file, without loading it.
    jl::dump(Model{"net", xt::ones<float>({200, 300})}, "model.pkl");
    jl::VerifyReport report = jl::verify("model.pkl");
    if (!report.ok()) return 1;
    damage("model.pkl", 100'000);
    report = jl::verify("model.pkl");
    for (const jl::Error& problem : report.problems()) std::cout << problem.what() << '\n';
    refused += !report.ok() && !jl::try_load<Model>("model.pkl");
    return refused == 4 ? 0 : 1;
}
