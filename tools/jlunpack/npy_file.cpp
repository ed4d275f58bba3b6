#include "jlunpack/npy_file.hpp"

#include <unistd.h>

#include <jl/npy.hpp>

#include "jlunpack/folder.hpp"
#include "shell/array_items.hpp"
#include "shell/output.hpp"
#include "shell/package.hpp"

namespace jl::unpack {
namespace {

std::string header_of(const DType& dtype, std::span<const std::uint64_t> shape, char order) {
    try {
        return make_npy_header(dtype, shape, order);
    } catch (const Error& error) {
        if (error.code() != ErrorCode::unsupported) throw;
        return make_npy_header(DType('V', dtype.itemsize()), shape, order);
    }
}

}  // namespace

void put_npy(const Value& value, const Take& take) {
    const bool scalar = value.kind() == Kind::scalar;
    const std::string header =
        scalar ? header_of(value.dtype(), {}, 'C') : header_of(value.dtype(), value.shape(), value.order());
    take(std::as_bytes(std::span(header)));
    if (scalar) return take(value.raw_bytes());
    shell::ArrayItems(value).for_each_piece(take);
}

void write_npy(const Value& value, const std::string& path, const std::string& file) {
    const bool writable = value.kind() == Kind::scalar || (value.kind() == Kind::array && !value.dtype().has_object());
    if (!writable) {
        const std::string kind =
            value.kind() == Kind::array ? "array of objects" : "value of kind " + std::string(value.kind_name());
        throw Error(ErrorCode::usage, "a " + kind + " cannot be written as .npy: an array or numpy scalar can")
            .at_path(path);
    }
    if (file == "-") {
        shell::require_binary_output();
        shell::DescriptorSink sink(STDOUT_FILENO, "standard output");
        return put_npy(value, [&](std::span<const std::byte> bytes) { sink.write(bytes); });
    }
    const std::string name = file.substr(file.rfind('/') + 1);
    if (name.empty()) throw Error(ErrorCode::usage, "-o " + file + ": a file name is needed").in_file(file);
    Folder folder(shell::folder_of(file));
    NewFile out(folder, name, file);
    put_npy(value, [&](std::span<const std::byte> bytes) { out.write(bytes); });
    out.commit();
}

}  // namespace jl::unpack
