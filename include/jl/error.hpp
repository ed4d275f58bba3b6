// The one error type of jl: a code to switch on and a sentence for people.
//
//     try { jl::load<Model>("model.pkl"); }
//     catch (const jl::Error& e) { if (e.code() == jl::ErrorCode::checksum) …; std::cerr << e.what(); }
//
// The sentence reads "<file>: at byte <offset>: <path>: <claim and truth>", each part present when known.
// Every function of jl that can fail throws jl::Error (or std::bad_alloc) unless its comment says otherwise.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace jl {

enum class ErrorCode : std::uint8_t {
    io,             // the system refused to open, read, write, rename or map
    truncated,      // the input ends before what it announced
    format,         // the bytes do not follow the format
    version,        // written by a newer major version, or needs an extension that this reader lacks
    checksum,       // bytes differ from what was written
    limit,          // a bound of jl::Limits would be exceeded
    unsupported,    // valid, but not built in or not possible here (the message names it)
    type,           // a value of another kind than asked for
    range,          // a number or size that does not fit exactly
    missing,        // a field, key, index or array that is not there
    unknown_field,  // a field that the type does not have, when extra fields are refused
    usage,          // the call itself is wrong: bad option, bad argument
};

// "checksum", "truncated", …: the enumerator's name.
std::string_view name_of(ErrorCode code) noexcept;

class Error final : public std::exception {
  public:
    Error(ErrorCode code, std::string detail);

    ErrorCode code() const noexcept { return code_; }
    const char* what() const noexcept override { return text_.c_str(); }
    // What happened, without file, byte and path.
    const std::string& detail() const noexcept { return detail_; }
    const std::string& file() const noexcept { return file_; }                // empty: not known
    std::optional<std::uint64_t> offset() const noexcept { return offset_; }  // in the decoded stream
    const std::string& path() const noexcept { return path_; }                // "/weights/0"; empty: not known

    // Adds what an outer layer knows; a part that is set already stays.
    Error& in_file(std::string_view file);
    Error& at_byte(std::uint64_t offset);
    Error& at_path(std::string_view path);

  private:
    void compose();

    ErrorCode code_;
    std::string detail_;
    std::string file_;
    std::string path_;
    std::optional<std::uint64_t> offset_;
    std::string text_;
};

// A value or the error that prevented it. Accessing the wrong one throws the error (value) or is a precondition
// (error).
template <class T, class E = Error>
class Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    T& value() & { return check(), std::get<0>(state_); }
    const T& value() const& { return check(), std::get<0>(state_); }
    T&& value() && { return check(), std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const E& error() const { return std::get<1>(state_); }  // precondition: !has_value()

  private:
    void check() const {
        if (!has_value()) throw std::get<1>(state_);
    }

    std::variant<T, E> state_;
};

}  // namespace jl
