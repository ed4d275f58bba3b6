#include <cereal/archives/binary.hpp>
#include <cereal/types/deque.hpp>
#include <cereal/types/string.hpp>
#include <cereal/types/unordered_map.hpp>
#include <cereal/types/vector.hpp>
#include <fstream>

#include "data.hpp"
#include "protocol.hpp"

namespace {

using namespace compare;

template <class T>
void save(const std::string& path, const T& value) {
    std::ofstream out(path, std::ios::binary);
    cereal::BinaryOutputArchive archive(out);
    archive(value);
}

template <class T>
void loaded(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    cereal::BinaryInputArchive archive(in);
    T value;
    archive(value);
}

std::map<std::string, Prepare> cases(const std::string& folder) {
    const auto in = [folder](const std::string& name) { return folder + "/cereal_" + name; };
    std::map<std::string, Prepare> all;
    all["raw_dump"] = [=] { return [=, x = npy<double>(folder + "/raw.npy")] { save(in("raw.bin"), x); }; };
    all["raw_load"] = [=] { return [=] { loaded<std::vector<double>>(in("raw.bin")); }; };
    all["ints_dump"] = [=] { return [=, x = ints()] { save(in("ints.bin"), x); }; };
    all["ints_load"] = [=] { return [=] { loaded<std::deque<std::int64_t>>(in("ints.bin")); }; };
    all["dict_dump"] = [=] { return [=, x = dict()] { save(in("dict.bin"), x); }; };
    all["dict_load"] = [=] { return [=] { loaded<std::unordered_map<std::string, double>>(in("dict.bin")); }; };
    all["arrays_dump"] = [=] { return [=, x = arrays()] { save(in("arrays.bin"), x); }; };
    all["arrays_load"] = [=] { return [=] { loaded<std::vector<std::vector<double>>>(in("arrays.bin")); }; };
    return all;
}

}  // namespace

int main(int, char** arguments) { return serve(cases(arguments[1])); }
