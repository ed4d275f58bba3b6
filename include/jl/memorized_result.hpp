// A reference to a result that is kept: loaded when it is asked for, and can itself be dumped and passed around.
//
//     auto ref = f.call_and_shelve(image, 128);      ref.get();      ref.duration();      ref.clear();
//     jl::dump(ref, "ref.pkl");   auto again = jl::load<jl::MemorizedResult<Features>>("ref.pkl");   again.get();
//
// Where the result could not be kept, or the Memory has no location, it holds the value itself (and is dumped with it).
// A dumped reference names the store's kind and location, not its other options. Copies refer to the same result.
// Thread-safe for reading. Errors: {missing} for a result that was removed, {format} for one that cannot be read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <jl/detail/cached_call.hpp>
#include <jl/mapping_containers.hpp>
#include <jl/mapping_struct.hpp>

namespace jl {

namespace detail {
template <class T>
struct ShelvedForm {  // in files
    std::string backend, location, function, arguments;
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
    MemorizedResult(std::shared_ptr<StoreBackend> store, std::string backend, std::string location, EntryId id,
                    std::optional<MmapMode> mmap_mode)
        : store_(std::move(store)),
          backend_(std::move(backend)),
          location_(std::move(location)),
          id_(std::move(id)),
          mmap_mode_(mmap_mode) {}

    T get() const {
        if (value_) return *value_;
        if (!store_) detail::refuse_no_value();
        auto result = detail::made<T>();
        detail::load_result(*store_, id_, detail::reading_into(result), mmap_mode_);
        return result;
    }
    // Removes the result from the store.
    void clear() {
        if (store_) store_->remove(id_);
        value_ = nullptr;
    }
    // Seconds that computing and writing it took; 0 where that is not known.
    double duration() const {
        if (!store_) return 0;
        const auto call = CallMetadata::from_json(store_->metadata(id_));
        return call ? call->duration : 0;
    }
    bool holds_value() const noexcept { return value_ != nullptr; }
    const EntryId& id() const noexcept { return id_; }  // empty where it holds the value

  private:
    friend struct Mapping<MemorizedResult>;

    std::shared_ptr<StoreBackend> store_;
    std::string backend_, location_;
    EntryId id_;
    std::optional<MmapMode> mmap_mode_;
    std::shared_ptr<const T> value_;
};

template <class T>
struct Mapping<MemorizedResult<T>> {
    using Form = detail::ShelvedForm<T>;
    static void emit(Emitter& out, const MemorizedResult<T>& result) {
        Form form{result.backend_,
                  result.location_,
                  result.id_.function,
                  result.id_.arguments,
                  detail::name_of_mode(result.mmap_mode_),
                  {}};
        if (result.value_) form.value = *result.value_;
        jl::emit(out, form);
    }
    static void read(const Record& in, MemorizedResult<T>& result) {
        Form form;
        jl::read(in, form);
        result = {};
        if (form.value) result = MemorizedResult<T>(std::move(*form.value));
        if (form.backend.empty()) return;
        result = MemorizedResult<T>(open_store(form.backend, {form.location, {}}), form.backend, form.location,
                                    {form.function, form.arguments}, detail::mode_named(form.mmap_mode));
    }
    static void places(ArrayPlaces& places) { collect_places<T>(places); }
};

}  // namespace jl
