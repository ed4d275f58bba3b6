#include "codec_cases.hpp"

#include <blosc.h>
#include <lz4frame.h>
#include <memory>
#include <zstd.h>

#include <jl/jl.hpp>

#include "data.hpp"

namespace compare {
namespace {

constexpr std::size_t chunk = std::size_t{1} << 20;

struct Setting {
    std::string codec;  // "zstd", "shuffle+zstd", "blosc:lz4"
    int level;
    unsigned threads;

    jl::DumpOptions options() const {
        const bool shuffled = codec.starts_with("shuffle+");
        const std::string name = shuffled ? codec.substr(8) : codec;
        // A named codec at level 0 means none: 0 stands for its default here.
        if (name == "none") return {.n_threads = threads};
        return {.compress = level == 0 ? jl::Compress(name) : jl::Compress(name, level),
                .shuffle = shuffled,
                .n_threads = threads};
    }
    std::string file(const std::string& folder, const std::string& data) const {
        std::string name = codec;
        for (char& c : name)
            if (c == ':' || c == '+') c = '_';
        return folder + "/jl_" + data + "_" + name + "_" + std::to_string(level) + ".pkl";
    }
};

// One chunk by the library; the size of what came out.
using Coder = std::size_t (*)(int level, std::span<const std::byte> in, std::span<std::byte> out, std::size_t item);

std::size_t zstd_encode(int level, std::span<const std::byte> in, std::span<std::byte> out, std::size_t) {
    static ZSTD_CCtx* const context = ZSTD_createCCtx();
    return ZSTD_compressCCtx(context, out.data(), out.size(), in.data(), in.size(), level);
}
std::size_t zstd_decode(int, std::span<const std::byte> in, std::span<std::byte> out, std::size_t) {
    static ZSTD_DCtx* const context = ZSTD_createDCtx();
    return ZSTD_decompressDCtx(context, out.data(), out.size(), in.data(), in.size());
}
std::size_t lz4_encode(int level, std::span<const std::byte> in, std::span<std::byte> out, std::size_t) {
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.blockSizeID = LZ4F_max1MB;
    preferences.compressionLevel = level;
    return LZ4F_compressFrame(out.data(), out.size(), in.data(), in.size(), &preferences);
}
std::size_t lz4_decode(int, std::span<const std::byte> in, std::span<std::byte> out, std::size_t) {
    LZ4F_dctx* context = nullptr;
    LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
    std::size_t size = out.size(), taken = in.size();
    LZ4F_decompress(context, out.data(), &size, in.data(), &taken, nullptr);
    LZ4F_freeDecompressionContext(context);
    return size;
}
std::size_t blosc_encode(int level, std::span<const std::byte> in, std::span<std::byte> out, std::size_t item) {
    return static_cast<std::size_t>(
        blosc_compress_ctx(level, BLOSC_SHUFFLE, item, in.size(), in.data(), out.data(), out.size(), "lz4", 0, 1));
}
std::size_t blosc_decode(int, std::span<const std::byte> in, std::span<std::byte> out, std::size_t) {
    return static_cast<std::size_t>(blosc_decompress_ctx(in.data(), out.data(), out.size(), 1));
}

struct Library {
    Coder encode, decode;
};
const std::map<std::string, Library> libraries{{"zstd", {zstd_encode, zstd_decode}},
                                               {"lz4", {lz4_encode, lz4_decode}},
                                               {"blosc:lz4", {blosc_encode, blosc_decode}}};

// Content in chunks, and room for them encoded.
struct Chunks {
    std::vector<std::byte> content, room;
    std::vector<std::size_t> sizes;

    template <class Use>
    void each(Use use) {
        const std::size_t most = chunk + chunk / 2;
        if (room.empty()) room.resize((content.size() / chunk + 1) * most);
        sizes.resize(content.size() / chunk + 1);
        for (std::size_t i = 0; i * chunk < content.size(); ++i)
            use(std::span(content).subspan(i * chunk, std::min(chunk, content.size() - i * chunk)),
                std::span(room).subspan(i * most, most), sizes[i]);
    }
};

template <class T>
std::shared_ptr<Chunks> chunks_of(const std::string& path) {
    const std::vector<T> items = npy<T>(path);
    const auto bytes = std::as_bytes(std::span(items));
    auto chunks = std::make_shared<Chunks>();
    chunks->content.assign(bytes.begin(), bytes.end());
    return chunks;
}

template <class T>
void add_data(std::map<std::string, Prepare>& all, const std::string& folder, const std::string& data,
              const Setting& setting) {
    const std::string case_name =
        ":" + data + ":" + setting.codec + ":" + std::to_string(setting.level) + ":" + std::to_string(setting.threads);
    const std::string source = folder + "/" + data + ".npy";
    const std::string file = setting.file(folder, data);
    all["dump" + case_name] = [=] { return [=, x = npy<T>(source)] { jl::dump(x, file, setting.options()); }; };
    all["load" + case_name] = [=] { return [=] { jl::load<jl::Array<T>>(file, {.n_threads = setting.threads}); }; };
    const auto library = libraries.find(setting.codec);
    if (library == libraries.end() || setting.threads != 1) return;
    const auto [encode, decode] = library->second;
    const auto encode_all = [=](Chunks& chunks) {
        chunks.each([&](auto content, auto room, std::size_t& size) {
            size = encode(setting.level, content, room, sizeof(T));
        });
    };
    all["encode" + case_name] = [=] { return [=, chunks = chunks_of<T>(source)] { encode_all(*chunks); }; };
    all["decode" + case_name] = [=] {
        const auto chunks = chunks_of<T>(source);
        encode_all(*chunks);
        return [=] {
            chunks->each([&](auto content, auto room, std::size_t& size) {
                decode(setting.level, room.first(size), content, sizeof(T));
            });
        };
    };
}

}  // namespace

void add_codec_cases(std::map<std::string, Prepare>& all, const std::string& folder) {
    for (const char* codec : {"none", "gzip", "zlib", "bz2", "lzma", "xz", "lz4", "zstd", "shuffle+gzip", "shuffle+lz4",
                              "shuffle+zstd", "blosc:lz4", "blosc:zstd"})
        for (const unsigned threads : {1U, 2U})
            for (int level = 0; level <= 19; ++level) {
                const Setting setting{codec, level, threads};
                for (const std::string size : {"", "small_"}) {
                    add_data<float>(all, folder, size + "images", setting);
                    add_data<float>(all, folder, size + "waves", setting);
                    add_data<double>(all, folder, size + "noise", setting);
                    add_data<std::int64_t>(all, folder, size + "indices", setting);
                }
            }
}

}  // namespace compare
