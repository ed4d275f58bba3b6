// Structures change, their files stay: a field that is added, renamed, of a wider type, and one whose meaning changed.
#include <array>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include <jl/jl.hpp>

// --- the program of last year ------------------------------------------------------------------------------------

namespace old {
struct Training {
    int epochs = 10;
    float lr = 0.1F;
    std::string size = "640x480";
};
}  // namespace old

// --- the program of today ----------------------------------------------------------------------------------------

struct Training {
    std::int64_t epochs = 10;    // wider: nothing to write
    double learning_rate = 0.1;  // renamed: an alias
    bool shuffle = true;         // added: older files leave the initialiser
    int width = 0, height = 0;   // were one text: migrate() makes them of it
};

template <>
struct jl::Schema<Training> {
    static constexpr unsigned version = 1;  // the first one that is counted: files without a version have 0
    static constexpr std::array aliases{jl::Alias{"learning_rate", "lr"}};

    static void migrate(Training& value, unsigned from, const jl::Record& in) {
        if (from > 0) return;
        const auto size = in.field("size");
        if (!size) in.fail(jl::ErrorCode::missing, "a training of version 0 has a size");
        const std::string text(size->text());
        if (std::sscanf(text.c_str(), "%dx%d", &value.width, &value.height) != 2)
            size->fail(jl::ErrorCode::range, "'" + text + "' is no size like 640x480");
    }
};

// --- a program of next year, whose files today's cannot understand -----------------------------------------------

namespace next {
struct Training {
    std::vector<double> schedule;
};
}  // namespace next

template <>
struct jl::Schema<next::Training> {
    static constexpr unsigned version = 2;
};

int main() {
    jl::dump(old::Training{25, 0.5F, "1920x1080"}, "training.pkl");
    const auto training = jl::load<Training>("training.pkl");
    std::cout << training.epochs << " epochs at " << training.learning_rate << ", " << training.width << " x "
              << training.height << (training.shuffle ? ", shuffled" : "") << '\n';
    if (training.learning_rate != 0.5 || training.width != 1920 || training.height != 1080 || !training.shuffle)
        return 1;

    jl::dump(training, "training.pkl");  // from now on with __jl_version__ 1
    if (jl::load("training.pkl")["__jl_version__"].as<int>() != 1) return 1;

    jl::dump(next::Training{{0.1, 0.01}}, "training.pkl");
    try {
        jl::load<Training>("training.pkl");
    } catch (const jl::Error& e) {
        std::cout << e.what() << '\n';
        return e.code() == jl::ErrorCode::version ? 0 : 1;
    }
    return 1;
}
