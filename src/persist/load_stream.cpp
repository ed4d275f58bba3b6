#include <istream>

#include <jl/load.hpp>

#include "persist/load_forward.hpp"

namespace jl::detail {

namespace {

[[noreturn]] void refuse_surplus(std::uint64_t count) {
    throw Error(ErrorCode::unsupported,
                std::to_string(count) +
                    " bytes behind the compressed object were read with it, and the source takes none back: read it "
                    "with jl::read_all, or give the source unread()");
}

void load_one(const Reading& reading, Source& source, Input::Lookahead lookahead, const LoadOptions& options) {
    refuse_map(options, "a stream");
    Input in(source, lookahead);
    // Uncompressed objects are read to the byte where there is no seeking.
    bool takes_back = lookahead == Input::Lookahead::free;
    if (!takes_back && codec_at(in)) takes_back = source.prepare_unread();
    load_object(reading, in, options);
    if (takes_back)
        source.unread(in.unread());
    else if (in.unread() > 0)
        refuse_surplus(in.unread());
}

}  // namespace

void load_from_source(const Reading& reading, Source& source, const LoadOptions& options) {
    load_one(reading, source, Input::Lookahead::exact, options);
}

void load_from_stream(const Reading& reading, std::istream& stream, const LoadOptions& options) {
    StreamSource source(stream);
    load_one(reading, source, source.seekable() ? Input::Lookahead::free : Input::Lookahead::exact, options);
}

void load_from_stdio(const Reading& reading, std::FILE* file, const LoadOptions& options) {
    StdioSource source(file);
    load_one(reading, source, Input::Lookahead::exact, options);
}

void load_from_descriptor(const Reading& reading, const FileDescriptor& descriptor, const LoadOptions& options) {
    DescriptorSource source(descriptor);
    load_one(reading, source, source.seekable() ? Input::Lookahead::free : Input::Lookahead::exact, options);
}

}  // namespace jl::detail
