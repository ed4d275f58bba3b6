#include "hash/digest_emitter.hpp"

#include <bit>

#include <jl/detail/byte_order.hpp>
#include <jl/detail/class_path.hpp>

#include "pickle/machine.hpp"

namespace jl::detail {

namespace {

Tag tag_of(Container container) {
    static constexpr Tag tags[] = {Tag::list, Tag::tuple, Tag::set, Tag::frozenset, Tag::dict};
    return tags[static_cast<std::size_t>(container)];
}

Body body_of(Container container) {
    switch (container) {
        case Container::set:
        case Container::frozenset:
            return Body::items;
        case Container::dict:
            return Body::pairs;
        default:
            return Body::ordered;
    }
}

// Of equal pairs in another order Python says that they are equal; of any other class only it knows.
bool knows_no_order(std::string_view module, std::string_view name) {
    return module == "collections" && (name == "defaultdict" || name == "Counter");
}

// As JSON, but for the short form of a plain one: '["<i4", [2, 3]]' of a sub-array.
std::string description_of(const DType& dtype) {
    if (!dtype.is_subarray()) return dtype.descr();
    std::string shape;
    for (const std::uint64_t n : dtype.subshape()) shape += (shape.empty() ? "" : ", ") + std::to_string(n);
    const DType& element = dtype.element();
    const bool plain = !element.is_structure() && !element.is_subarray();
    const std::string of = plain ? '"' + element.str() + '"' : description_of(element);
    return '[' + of + ", [" + shape + "]]";
}

// Each reference tells a name again.
void require_short_name(std::size_t bytes) {
    constexpr std::size_t longest = 1000;
    if (bytes > longest)
        throw Error(ErrorCode::limit, "the name of a class has " + std::to_string(bytes) +
                                          " bytes: one that has a key has up to " + std::to_string(longest));
}

bool is_repeated(std::byte sign, std::byte below) {
    return sign == ((below & std::byte{0x80}) != std::byte{0} ? std::byte{0xff} : std::byte{0});
}

}  // namespace

// ---- values without a body ----

void DigestEmitter::integer(std::int64_t value) {
    std::byte digits[8];
    store_little(digits, value);
    big_integer(digits);
}

void DigestEmitter::unsigned_integer(std::uint64_t value) {
    std::byte digits[9] = {};
    store_little(digits, value);
    big_integer(digits);
}

// As short as its value allows: widths are the program's own.
void DigestEmitter::big_integer(std::span<const std::byte> digits) {
    while (digits.size() > 1 && is_repeated(digits.back(), digits[digits.size() - 2]))
        digits = digits.first(digits.size() - 1);
    constexpr std::byte zero[1] = {};
    sized(Tag::integer, digits.empty() ? std::span<const std::byte>(zero) : digits);
}

void DigestEmitter::real(double value) {
    bodies_.put(Tag::real);
    bodies_.put(std::bit_cast<std::uint64_t>(value));
    bodies_.item_done();
}

void DigestEmitter::complex(double real, double imag) {
    bodies_.put(Tag::complex);
    bodies_.put(std::bit_cast<std::uint64_t>(real));
    bodies_.put(std::bit_cast<std::uint64_t>(imag));
    bodies_.item_done();
}

void DigestEmitter::text(std::string_view utf8) {
    if (!is_python_utf8(utf8))
        throw Error(ErrorCode::range, "a text is not valid UTF-8: hash it as bytes (std::vector<std::byte>)");
    sized(Tag::text, std::as_bytes(std::span(utf8)));
}

void DigestEmitter::sized(Tag tag, std::span<const std::byte> payload) {
    bodies_.put(tag);
    bodies_.put(std::uint64_t{payload.size()});
    payload_.put(bodies_, payload);
    bodies_.item_done();
}

void DigestEmitter::scalar(const DType& dtype, std::span<const std::byte> item) {
    bodies_.put(Tag::scalar);
    put_dtype(dtype);
    payload_.put_items(bodies_, {dtype, {}, 'C', item}, dtypes_.items(dtype));
    bodies_.item_done();
}

void DigestEmitter::class_ref(std::string_view module, std::string_view name) {
    if (!objects_.empty() && !objects_.back().named && objects_.back().depth == bodies_.depth())
        objects_.back().sorts_pairs = knows_no_order(module, name);
    if (!objects_.empty() && objects_.back().depth == bodies_.depth()) objects_.back().named = true;
    require_short_name(module.size() + name.size());
    bodies_.put(Tag::class_ref);
    put_text(module), put_text(name);
    bodies_.item_done();
}

void DigestEmitter::dtype(const DType& dtype) {
    bodies_.put(Tag::dtype);
    put_text(description_of(dtype));
    bodies_.item_done();
}

// ---- values with a body ----

void DigestEmitter::begin(Container container, std::uint64_t) { bodies_.open(tag_of(container), body_of(container)); }

void DigestEmitter::begin_call(Call) {
    bodies_.open(Tag::object, Body::ordered);
    objects_.push_back({bodies_.depth()});
}

void DigestEmitter::end_call() {
    objects_.pop_back();
    bodies_.close();
}

void DigestEmitter::begin_extend(Container container, std::uint64_t) {
    if (container != Container::dict) {
        bodies_.put(Tag::appended_items);
        return bodies_.open(Tag::list, Body::ordered);
    }
    bodies_.put(Tag::appended_pairs);
    if (objects_.back().sorts_pairs)
        bodies_.open(Tag::dict, Body::pairs);
    else
        bodies_.open(Tag::ordered_dict, Body::ordered);
}

// Whatever the call that Python makes it by: class, no arguments, attributes as the state.
void DigestEmitter::begin_attributes(std::string_view class_path) {
    begin_call(Call::newobj);
    const auto [module, name] = class_path.empty() ? ClassPath{"types", "SimpleNamespace"} : class_path_of(class_path);
    class_ref(module, name);
    begin(Container::tuple, 0), end();
    begin_state();
}

void DigestEmitter::begin_object(std::string_view class_path, std::uint64_t attributes) {
    begin_attributes(class_path);
    begin(Container::dict, attributes);
    objects_.back().closes = 1;
}

void DigestEmitter::begin_slotted(std::string_view class_path, std::uint64_t attributes) {
    begin_attributes(class_path);
    begin(Container::tuple, 2);
    none();
    begin(Container::dict, attributes);
    objects_.back().closes = 2;
}

void DigestEmitter::end_object() {
    for (std::uint8_t i = 0; i < objects_.back().closes; ++i) end();
    end_call();
}

bool DigestEmitter::share(const void* address, const std::type_info& type, std::shared_ptr<const void> keep) {
    return bodies_.share(address, type, frozen(), std::move(keep));
}

// ---- arrays ----

void DigestEmitter::array_of_class(const ArrayEvent& event, std::string_view class_path) {
    require_short_name(class_path.size());
    bodies_.open(Tag::array, Body::ordered);
    put_text(class_path);
    put_dtype(event.dtype);
    put_shape(event.shape);
    payload_.put_items(bodies_, event, dtypes_.items(event.dtype));
    bodies_.close();
}

void DigestEmitter::begin_object_array(const DType& dtype, std::span<const std::uint64_t> shape,
                                       std::string_view class_path) {
    require_short_name(class_path.size());
    bodies_.open(Tag::object_array, Body::ordered);
    put_text(class_path);
    put_dtype(dtype);
    put_shape(shape);
}

void DigestEmitter::put_text(std::string_view text) {
    bodies_.put(std::uint64_t{text.size()});
    payload_.put(bodies_, std::as_bytes(std::span(text)));
}

void DigestEmitter::put_shape(std::span<const std::uint64_t> shape) {
    bodies_.put(std::uint64_t{shape.size()});
    for (const std::uint64_t n : shape) bodies_.put(n);
}

}  // namespace jl::detail
