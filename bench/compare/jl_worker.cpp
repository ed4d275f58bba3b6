#include <fcntl.h>
#include <unistd.h>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

#include "codec_cases.hpp"
#include "data.hpp"
#include "protocol.hpp"

namespace {

using namespace compare;

// The floor: the same bytes through write(2) and read(2), one thread.
void system_write(const std::string& path, const std::vector<double>& items) {
    const int fd = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0666);
    const auto* at = reinterpret_cast<const char*>(items.data());
    for (std::size_t left = items.size() * 8; left > 0;) {
        const ssize_t put = ::write(fd, at, left);
        if (put <= 0) throw std::runtime_error("write");
        at += put, left -= static_cast<std::size_t>(put);
    }
    ::close(fd);
}

void system_read(const std::string& path, std::size_t bytes) {
    jl::Buffer buffer(bytes);
    const int fd = ::open(path.c_str(), O_RDONLY);
    for (std::size_t have = 0; have < bytes;) {
        const ssize_t got = ::read(fd, buffer.data() + have, bytes - have);
        if (got <= 0) throw std::runtime_error("read");
        have += static_cast<std::size_t>(got);
    }
    ::close(fd);
}

template <class T>
void loaded(const std::string& path) {
    const T value = jl::load<T>(path, {.n_threads = 2});
}

std::map<std::string, Prepare> cases(const std::string& folder) {
    const auto in = [folder](const std::string& name) { return folder + "/" + name; };
    std::map<std::string, Prepare> all;
    all["system_write"] = [=] { return [=, x = npy<double>(in("raw.npy"))] { system_write(in("system.bin"), x); }; };
    all["system_read"] = [=] { return [=] { system_read(in("system.bin"), std::size_t{200} << 20); }; };
    all["raw_dump"] = [=] {
        return [=, x = npy<double>(in("raw.npy"))] { jl::dump(x, in("jl_raw.pkl"), {.n_threads = 2}); };
    };
    all["raw_dump_1"] = [=] {
        return [=, x = npy<double>(in("raw.npy"))] { jl::dump(x, in("jl_raw.pkl"), {.n_threads = 1}); };
    };
    all["raw_load_array"] = [=] { return [=] { loaded<jl::xarray<double>>(in("jl_raw.pkl")); }; };
    all["raw_load_xarray"] = [=] { return [=] { loaded<xt::xarray<double>>(in("jl_raw.pkl")); }; };
    all["raw_load_vector"] = [=] { return [=] { loaded<std::vector<double>>(in("jl_raw.pkl")); }; };
    for (const std::string data : {"faces", "smooth", "random"}) {
        all["gzip_dump_" + data] = [=] {
            return [=, x = npy<float>(in(data + ".npy"))] {
                jl::dump(x, in("jl_" + data + ".pkl.gz"), {.compress = {"gzip", 3}, .n_threads = 2});
            };
        };
        all["zlib_dump_" + data] = [=] {
            return [=, x = npy<float>(in(data + ".npy"))] {
                jl::dump(x, in("jl_" + data + ".pkl.z"), {.compress = {"zlib", 3}, .n_threads = 2});
            };
        };
        all["gzip_dump_1_" + data] = [=] {
            return [=, x = npy<float>(in(data + ".npy"))] {
                jl::dump(x, in("jl_1.pkl.gz"), {.compress = {"gzip", 3}, .n_threads = 1});
            };
        };
        all["gzip_load_" + data] = [=] { return [=] { loaded<std::vector<float>>(in("jl_" + data + ".pkl.gz")); }; };
        all["zlib_load_" + data] = [=] { return [=] { loaded<std::vector<float>>(in("jl_" + data + ".pkl.z")); }; };
        all["gzip_load_foreign_" + data] = [=] {
            return [=] { loaded<jl::Array<float>>(in("joblib_" + data + ".pkl.gz")); };
        };
    }
    all["ints_dump"] = [=] { return [=, x = ints()] { jl::dump(x, in("jl_ints.pkl")); }; };
    all["ints_load"] = [=] { return [=] { loaded<std::deque<std::int64_t>>(in("jl_ints.pkl")); }; };
    all["dict_dump"] = [=] { return [=, x = dict()] { jl::dump(x, in("jl_dict.pkl")); }; };
    all["dict_load"] = [=] { return [=] { loaded<std::unordered_map<std::string, double>>(in("jl_dict.pkl")); }; };
    all["arrays_dump"] = [=] { return [=, x = arrays()] { jl::dump(x, in("jl_arrays.pkl")); }; };
    all["arrays_load"] = [=] { return [=] { loaded<std::vector<std::vector<double>>>(in("jl_arrays.pkl")); }; };
    all["mapped_open"] = [=] {
        std::map<std::string, std::vector<double>> thousand;
        for (int i = 0; i < 1000; ++i) thousand["a" + std::to_string(i)] = std::vector<double>(100, 1.0);
        jl::dump(thousand, in("jl_thousand.pkl"));
        return [=] {
            jl::load<std::map<std::string, jl::Array<double>>>(in("jl_thousand.pkl"), {.mmap_mode = jl::MmapMode::r});
        };
    };
    all["mapped_one"] = [=] {
        return [=] {
            const jl::File file(in("jl_thousand.pkl"));
            const auto one = file.array<double>("a500");
        };
    };
    // For peak memory: hold the data; hold and dump; load.
    all["hold"] = [=] { return [x = npy<float>(in("faces.npy"))] {}; };
    all["load_only_raw"] = [=] { return [=] { loaded<std::vector<float>>(in("jl_faces.pkl")); }; };
    all["dump_raw_faces"] = [=] {
        return [=, x = npy<float>(in("faces.npy"))] { jl::dump(x, in("jl_faces.pkl"), {.n_threads = 2}); };
    };
    add_codec_cases(all, folder);
    return all;
}

}  // namespace

int main(int, char** arguments) { return serve(cases(arguments[1])); }
