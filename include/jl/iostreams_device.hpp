// Devices of Boost.Iostreams as targets of dump and load, without a chain or a stream around them. Including this
// header needs Boost.Iostreams.
//
//     boost::iostreams::file_sink out("two.pkl", std::ios::binary);    jl::dump(a, out);    jl::dump(b, out);
//     boost::iostreams::file_source in("two.pkl", std::ios::binary);   auto a = jl::load<A>(in);
//
// A device that takes a part of the bytes is asked again; one that takes or gives none at the moment is Error{io}. What
// a device throws comes through. Where it can seek, payloads are aligned by its position, and what was read behind a
// compressed object is given back. Devices that are direct (arrays) have no position: they go into a
// boost::iostreams::stream. One thread at a time.
#pragma once

#include <boost/iostreams/operations.hpp>
#include <boost/iostreams/positioning.hpp>
#include <boost/iostreams/traits.hpp>
#include <concepts>
#include <ios>
#include <type_traits>

#include <jl/dump.hpp>
#include <jl/error.hpp>
#include <jl/load.hpp>

namespace jl {
namespace detail {

template <class D, class Mode>
inline constexpr bool device_is =
    std::is_convertible_v<typename boost::iostreams::category_of<D>::type, Mode>&&
        std::is_convertible_v<typename boost::iostreams::category_of<D>::type, boost::iostreams::device_tag> &&
    !std::is_convertible_v<typename boost::iostreams::category_of<D>::type, boost::iostreams::direct_tag>;

template <class D>
concept CharDevice = !std::derived_from<D, std::ios_base> && requires {
    typename D::char_type;
    typename D::category;
}
&&std::same_as<typename D::char_type, char>;

}  // namespace detail

template <class D>
concept DeviceForOutput = detail::CharDevice<D> && detail::device_is<D, boost::iostreams::output>;
template <class D>
concept DeviceForInput = detail::CharDevice<D> && detail::device_is<D, boost::iostreams::input>;

template <DeviceForOutput D>
class DeviceSink final : public Sink {
  public:
    explicit DeviceSink(D& device) noexcept : device_(&device) {}
    void write(std::span<const std::byte> bytes) override {
        while (!bytes.empty()) {
            const std::streamsize taken = boost::iostreams::write(*device_, reinterpret_cast<const char*>(bytes.data()),
                                                                  static_cast<std::streamsize>(bytes.size()));
            if (taken <= 0 || static_cast<std::size_t>(taken) > bytes.size()) detail::refuse_short_write(bytes.size());
            bytes = bytes.subspan(static_cast<std::size_t>(taken));
        }
    }
    std::optional<std::uint64_t> position() override {
        if constexpr (detail::device_is<D, boost::iostreams::output_seekable>)
            return static_cast<std::uint64_t>(boost::iostreams::position_to_offset(
                boost::iostreams::seek(*device_, 0, std::ios::cur, std::ios::out)));
        else
            return std::nullopt;
    }

  private:
    D* device_;
};

template <DeviceForInput D>
class DeviceSource final : public Source {
  public:
    explicit DeviceSource(D& device) noexcept : device_(&device) {}
    std::size_t read(std::span<std::byte> into) override {
        if (into.empty()) return 0;
        const std::streamsize count = boost::iostreams::read(*device_, reinterpret_cast<char*>(into.data()),
                                                             static_cast<std::streamsize>(into.size()));
        if (count < 0) return 0;
        if (count == 0) throw Error(ErrorCode::io, "the device has nothing at the moment: a waiting one is needed");
        return static_cast<std::size_t>(count);
    }
    bool prepare_unread() override { return seekable; }
    void unread(std::uint64_t count) override {
        if constexpr (seekable)
            boost::iostreams::seek(*device_, -static_cast<boost::iostreams::stream_offset>(count), std::ios::cur,
                                   std::ios::in);
        else
            Source::unread(count);
    }

  private:
    static constexpr bool seekable = detail::device_is<D, boost::iostreams::input_seekable>;

    D* device_;
};

template <class T, DeviceForOutput D>
void dump(const T& value, D& device, const DumpOptions& options = {}) {
    DeviceSink<D> sink(device);
    dump(value, static_cast<Sink&>(sink), options);
}

template <class T = Value, DeviceForInput D>
T load(D& device, const LoadOptions& options = {}) {
    DeviceSource<D> source(device);
    return load<T>(static_cast<Source&>(source), options);
}

}  // namespace jl
