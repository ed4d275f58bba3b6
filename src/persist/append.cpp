#include "persist/append.hpp"

#include <jl/sequence.hpp>

#include "codec/binding.hpp"
#include "io/appended_file.hpp"
#include "persist/opened.hpp"
#include "persist/parse.hpp"

namespace jl::detail {

namespace {

void require_uncompressed(const OpenedFile& opened) {
    if (opened.codec)
        throw Error(ErrorCode::unsupported, "cannot be appended to: an uncompressed file is needed, this one is " +
                                                opened.codec->name + "-compressed");
    if (is_archive(*opened.file))
        throw Error(ErrorCode::unsupported, "cannot be appended to: it is a zip archive (.npz)");
}

bool ends_with_container(const RandomSource& file) {
    try {
        return find_container(file).has_value();
    } catch (const Error&) {
        return false;
    }
}

// Where the next object goes. A file that ends in a footer of jl is whole; another one is read from its beginning, one
// object at a time.
std::uint64_t place_behind(const std::string& name, std::uint64_t size, TornEnd torn_end) {
    if (size == 0) return 0;
    const OpenedFile opened = open_file(name, FileAccess::read);
    require_uncompressed(opened);
    if (ends_with_container(*opened.file)) return size;
    SequenceReader objects(name, {});
    try {
        while (objects.next({[](ArrayPlaces&) {}, [](const Record&) {}})) {
        }
        return size;
    } catch (const Error& error) {
        const bool is_torn = error.code() == ErrorCode::truncated;
        if (is_torn && torn_end == TornEnd::cut) return objects.offset();
        throw Error(error.code(), "nothing was appended, the file is damaged: " + error.detail() +
                                      (is_torn ? "; TornEnd::cut, or jlpack --append --repair, cuts it off there" : ""))
            .at_byte(objects.offset());
    }
}

}  // namespace

void append_to_path(const std::string& name, const DumpOptions& options, const std::function<void(Sink&)>& write) {
    AppendedFile file(name);
    file.begin_at(place_behind(name, file.size(), options.torn_end));
    write(file);
    file.commit(options.sync ? AppendedFile::Sync::yes : AppendedFile::Sync::no);
}

}  // namespace jl::detail
