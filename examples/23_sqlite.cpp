// Values beside one another in an SQLite database, each replaced in a transaction.
#include <iostream>
#include <string>
#include <vector>

#include <jl/jl.hpp>
#include <jl/sqlite.hpp>

int main() {
    jl::dump(std::vector<double>(1'000'000, 0.5), "sqlite://models.db?key=ridge");
    jl::dump(std::string("the second model"), "sqlite://models.db?key=notes.gz");  // the key's ending tells the codec

    std::cout << jl::load<std::vector<double>>("sqlite://models.db?key=ridge").size() << " weights\n";
    std::cout << jl::load<std::string>("sqlite://models.db?key=notes.gz") << '\n';

    {
        jl::SqliteSink sink(jl::SqlitePlace{.file = "models.db", .key = "ridge"});
        jl::dump(std::string("half a thought"), sink);
    }  // no commit: nothing happened
    std::cout << jl::load("sqlite://models.db?key=ridge").size() << " weights still\n";
}
