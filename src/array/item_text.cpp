#include <complex>
#include <cstring>

#include "array/layout.hpp"
#include "array/number_text.hpp"
#include "array/quoted_text.hpp"
#include "array/time_text.hpp"

namespace jl {
namespace {

constexpr std::size_t longest = std::size_t{1} << 16;  // characters; where more was cut off it reads "..."

template <class T>
T load(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

std::string integer_text(const std::byte* item, bool is_signed, std::uint64_t size) {
    switch (size) {
        case 1:
            return is_signed ? std::to_string(load<std::int8_t>(item)) : std::to_string(load<std::uint8_t>(item));
        case 2:
            return is_signed ? std::to_string(load<std::int16_t>(item)) : std::to_string(load<std::uint16_t>(item));
        case 4:
            return is_signed ? std::to_string(load<std::int32_t>(item)) : std::to_string(load<std::uint32_t>(item));
        default:
            return is_signed ? std::to_string(load<std::int64_t>(item)) : std::to_string(load<std::uint64_t>(item));
    }
}

std::string real_text(const std::byte* item, std::uint64_t size) {
    switch (size) {
        case 2:
            return detail::half_text(load<std::uint16_t>(item));
        case 4:
            return detail::number_text(load<float>(item));
        case 8:
            return detail::number_text(load<double>(item));
        default:
            return detail::number_text(load<long double>(item));
    }
}

// As Python: a real part of +0 is left out, and the brackets with it.
template <class T>
std::string complex_text(const std::byte* item) {
    const auto number = load<std::complex<T>>(item);
    std::string imaginary = detail::number_text(number.imag(), detail::Point::when_needed) + "j";
    if (number.real() == 0 && !std::signbit(number.real())) return imaginary;
    if (imaginary.front() != '-') imaginary.insert(0, "+");
    return "(" + detail::number_text(number.real(), detail::Point::when_needed) + imaginary + ")";
}

std::string complex_text(const std::byte* item, std::uint64_t size) {
    if (size == 8) return complex_text<float>(item);
    return size == 16 ? complex_text<double>(item) : complex_text<long double>(item);
}

std::string plain_text(const std::byte* item, const DType& dtype) {
    const auto size = static_cast<std::size_t>(dtype.itemsize());
    switch (dtype.kind()) {
        case 'b':
            return *item == std::byte{0} ? "False" : "True";
        case 'i':
            return integer_text(item, true, size);
        case 'u':
            return integer_text(item, false, size);
        case 'f':
            return real_text(item, size);
        case 'c':
            return complex_text(item, size);
        case 'S':
            return detail::quoted_bytes({item, size}, longest);
        case 'U':
            return detail::quoted_text({item, size}, longest);
        case 'M':
            return detail::datetime_text(load<std::int64_t>(item), dtype.unit(), dtype.unit_count());
        case 'm':
            return detail::timedelta_text(load<std::int64_t>(item), dtype.unit(), dtype.unit_count());
        case 'O':
            return "object";  // only Python knows
        default:
            return detail::quoted_hex({item, size}, longest);
    }
}

// Writes one native item. Nesting is bounded by DType itself, length by `longest`.
class ItemWriter {
  public:
    void put(const std::byte* item, const DType& dtype) {
        if (dtype.is_structure())
            put_structure(item, dtype);
        else if (dtype.is_subarray())
            put_axis(item, dtype, 0);
        else
            text_ += plain_text(item, dtype);
    }
    std::string take() {
        if (!is_full()) return std::move(text_);
        std::size_t end = longest;
        while ((static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) --end;  // not within a character
        return text_.substr(0, end) + "...";
    }

  private:
    bool is_full() const { return text_.size() > longest; }

    void put_structure(const std::byte* item, const DType& dtype) {
        text_ += '(';
        const char* separator = "";
        for (const DTypeField& field : dtype.fields()) {
            if (is_full()) return;
            text_ += separator;
            put(item + field.offset, field.type);
            separator = ", ";
        }
        text_ += dtype.fields().size() == 1 ? ",)" : ")";
    }

    // The list along one axis of a sub-array; returns where the next one begins.
    const std::byte* put_axis(const std::byte* item, const DType& dtype, std::size_t axis) {
        if (axis == dtype.subshape().size()) {
            put(item, dtype.element());
            return item + dtype.element().itemsize();
        }
        text_ += '[';
        for (std::uint64_t i = 0; i < dtype.subshape()[axis] && !is_full(); ++i) {
            if (i != 0) text_ += ", ";
            item = put_axis(item, dtype, axis + 1);
        }
        text_ += ']';
        return item;
    }

    std::string text_;
};

}  // namespace

std::string item_text(const std::byte* item, const DType& dtype) {
    ItemWriter writer;
    if (dtype.is_native()) {
        writer.put(item, dtype);
    } else {
        std::vector<std::byte> native(item, item + dtype.itemsize());
        make_native(native, dtype);
        writer.put(native.data(), dtype.native());
    }
    return writer.take();
}

}  // namespace jl
