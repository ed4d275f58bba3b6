#include <set>

#include <jl/create_mapped.hpp>
#include <jl/url.hpp>

#include "array/layout.hpp"
#include "io/file.hpp"
#include "persist/container_writer.hpp"
#include "persist/opened.hpp"

namespace jl {

namespace {

void check(const std::vector<NewArray>& arrays) {
    std::set<std::string> names;
    for (const NewArray& array : arrays) {
        if (array.name.empty() && arrays.size() > 1)
            throw Error(ErrorCode::usage, "one of " + std::to_string(arrays.size()) + " new arrays has no name");
        if (!names.insert(array.name).second)
            throw Error(ErrorCode::usage, "two new arrays are named '" + array.name + "'");
        if (array.order != 'C' && array.order != 'F')
            throw Error(ErrorCode::usage, "new array '" + array.name + "' has order '" + std::string(1, array.order) +
                                              "', 'C' and 'F' are possible");
    }
}

void write_zeros(ContainerWriter& container, AtomicFile& file, const NewArray& array, bool reserve) {
    const std::uint64_t nbytes = checked_nbytes(array.shape, array.dtype.itemsize());
    const char order = array.shape.size() < 2 ? 'C' : array.order;
    container.begin_array(array.dtype, array.shape, ContainerWriter::Rows::known, order);
    if (reserve)
        file.reserve(nbytes);
    else
        file.skip(nbytes);
    container.passed_zeros(nbytes);
    container.end_array(0);
}

}  // namespace

File create_mapped(const std::filesystem::path& path, const std::vector<NewArray>& arrays,
                   const CreateOptions& options) {
    const std::string name = path.string();
    in_file(name, [&] {
        if (is_url(name)) throw Error(ErrorCode::unsupported, "only a file can be mapped, not what a URL stands for");
        check(arrays);
        AtomicFile file(name);
        ContainerWriter container(file, {.state = FooterState::modified_in_place});
        container.begin();
        const bool is_root = arrays.size() == 1 && arrays[0].name.empty();
        if (!is_root) container.emitter().begin(Container::dict, arrays.size());
        for (const NewArray& array : arrays) {
            if (!is_root) container.emitter().text(array.name);
            write_zeros(container, file, array, options.reserve);
        }
        if (!is_root) container.emitter().end();
        container.finish();
        file.commit(AtomicFile::Sync::no);
    });
    return File(path, {.mmap_mode = MmapMode::r_plus, .access = options.access, .huge_pages = options.huge_pages});
}

}  // namespace jl
