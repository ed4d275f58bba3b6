#include <jl/error.hpp>

namespace jl {

std::string_view name_of(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::io:
            return "io";
        case ErrorCode::truncated:
            return "truncated";
        case ErrorCode::format:
            return "format";
        case ErrorCode::version:
            return "version";
        case ErrorCode::checksum:
            return "checksum";
        case ErrorCode::limit:
            return "limit";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::type:
            return "type";
        case ErrorCode::range:
            return "range";
        case ErrorCode::missing:
            return "missing";
        case ErrorCode::unknown_field:
            return "unknown_field";
        case ErrorCode::usage:
            return "usage";
    }
    return "unknown";
}

Error::Error(ErrorCode code, std::string detail) : code_(code), detail_(std::move(detail)), text_(detail_) {}

Error& Error::in_file(std::string_view file) {
    if (file_.empty()) file_ = file;
    compose();
    return *this;
}

Error& Error::at_byte(std::uint64_t offset) {
    if (!offset_) offset_ = offset;
    compose();
    return *this;
}

Error& Error::at_path(std::string_view path) {
    if (path_.empty()) path_ = path;
    compose();
    return *this;
}

void Error::compose() {
    text_.clear();
    if (!file_.empty()) text_ += file_ + ": ";
    if (offset_) text_ += "at byte " + std::to_string(*offset_) + ": ";
    if (!path_.empty()) text_ += path_ + ": ";
    text_ += detail_;
}

}  // namespace jl
