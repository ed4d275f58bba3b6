// A reference to a result that is kept: loaded when it is asked for, and can itself be dumped and passed around.
//
//     auto ref = f.call_and_shelve(image, 128);      ref.get();      ref.duration();      ref.clear();
//     jl::dump(ref, "ref.pkl");   auto again = jl::load<jl::MemorizedResult<Features>>("ref.pkl");   again.get();
//
// Where the result could not be kept, or the Memory has no location, it holds the value itself (and is dumped with it).
// A dumped reference names the store that has the result: kind, location and options, but for user, password and other
// secrets. Whoever loads it opens nothing before the first use, and may name another store by use(), as one with a
// password, or one that is allowed: ref.use(mem.store()). Copies refer to the same result.
// Thread-safe for reading. Errors: {missing} for a result that was removed, {format} for one that cannot be read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <jl/detail/cached_call.hpp>
#include <jl/detail/referred_store.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/mapping_pointers.hpp>
#include <jl/mapping_struct.hpp>

namespace jl {

namespace detail {
template <class T>
struct ShelvedForm {  // in files
    std::optional<StoreReference> store;
    std::string function, arguments;
    std::optional<std::string> mmap_mode;
    std::optional<T> value;
};
std::optional<std::string> name_of_mode(std::optional<MmapMode> mode);  // "r", "r+", "c"
std::optional<MmapMode> mode_named(const std::optional<std::string>& name);
[[noreturn]] void refuse_no_value();
}  // namespace detail

template <class T>
class MemorizedResult {
  public:
    MemorizedResult() = default;  // of nothing: get() is Error{missing}
    explicit MemorizedResult(T value) : value_(std::make_shared<const T>(std::move(value))) {}
    MemorizedResult(std::shared_ptr<detail::ReferredStore> store, EntryId id, std::optional<MmapMode> mmap_mode)
        : store_(std::move(store)), id_(std::move(id)), mmap_mode_(mmap_mode) {}

    T get() const {
        if (value_) return *value_;
        if (!store_) detail::refuse_no_value();
        auto result = detail::made<T>();
        detail::load_result(*store_->open(), id_, detail::reading_into(result), mmap_mode_);
        return result;
    }
    // Removes the result from the store.
    void clear() {
        if (store_) store_->open()->remove(id_);
        value_ = nullptr;
    }
    // Seconds that computing and writing it took; 0 where that is not known.
    double duration() const {
        if (!store_) return 0;
        const auto call = CallMetadata::from_json(store_->open()->metadata(id_));
        return call ? call->duration : 0;
    }
    // The result is looked for in this store from now on. Not while another thread uses this reference.
    void use(std::shared_ptr<StoreBackend> store) {
        if (store_) store_ = std::make_shared<detail::ReferredStore>(store_->reference(), std::move(store));
    }
    bool holds_value() const noexcept { return value_ != nullptr; }
    const EntryId& id() const noexcept { return id_; }  // empty where it holds the value

  private:
    friend struct Mapping<MemorizedResult>;

    std::shared_ptr<detail::ReferredStore> store_;
    EntryId id_;
    std::optional<MmapMode> mmap_mode_;
    std::shared_ptr<const T> value_;
};

template <class T>
struct Mapping<MemorizedResult<T>> {
    using Form = detail::ShelvedForm<T>;
    static void emit(Emitter& out, const MemorizedResult<T>& result) {
        Form form{{}, result.id_.function, result.id_.arguments, detail::name_of_mode(result.mmap_mode_), {}};
        if (result.store_) form.store = detail::without_secrets(result.store_->reference());
        if (result.value_) form.value = *result.value_;
        jl::emit(out, form);
    }
    static void read(const Record& in, MemorizedResult<T>& result) {
        Form form;
        jl::read(in, form);
        result = {};
        if (form.value) result = MemorizedResult<T>(std::move(*form.value));
        if (!form.store) return;
        result = MemorizedResult<T>(std::make_shared<detail::ReferredStore>(std::move(*form.store)),
                                    {form.function, form.arguments}, detail::mode_named(form.mmap_mode));
    }
    static void places(ArrayPlaces& places) { collect_places<T>(places); }
};

}  // namespace jl
