#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <jl/jl.hpp>

int main() {
    using Table = std::map<std::string, std::vector<double>>;
    const Table table{{"empty", {}}, {"ones", std::vector<double>(1000, 1.0)}, {"pi", {3, 1, 4, 1, 5, 9}}};
    for (const char* file : {"table.pkl", "table.pkl.gz"}) {
        jl::dump(table, file);
        if (jl::load<Table>(file) != table) {
            std::cerr << file << " came back changed\n";
            return 1;
        }
    }
    try {
        jl::load<Table>("absent.pkl");
    } catch (const jl::Error& error) {
        std::cout << error.what() << '\n';
        return error.code() == jl::ErrorCode::io ? 0 : 1;
    }
    return 1;
}
