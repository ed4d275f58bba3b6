// The two adapters between coders and Boost.Iostreams: a filter that works through a FilterStream, and coders that work
// through a filter. For jl/iostreams.hpp alone.
#pragma once

#include <algorithm>
#include <boost/iostreams/categories.hpp>
#include <boost/iostreams/char_traits.hpp>
#include <boost/iostreams/close.hpp>
#include <boost/iostreams/operations.hpp>
#include <boost/iostreams/traits.hpp>
#include <cstddef>
#include <ios>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <jl/codec.hpp>
#include <jl/detail/filter_stream.hpp>
#include <jl/error.hpp>

namespace jl::detail {

class CodecFilter {
  public:
    using char_type = char;
    struct category : boost::iostreams::dual_use,
                      boost::iostreams::filter_tag,
                      boost::iostreams::multichar_tag,
                      boost::iostreams::closable_tag,
                      boost::iostreams::optimally_buffered_tag {};

    explicit CodecFilter(MakeCoder make) : stream_(std::make_shared<FilterStream>(std::move(make))) {}

    std::streamsize optimal_buffer_size() const { return FilterStream::piece_bytes; }

    template <class Source>
    std::streamsize read(Source& from, char* into, std::streamsize count) {
        const auto take = [&](std::span<std::byte> bytes) -> std::optional<std::size_t> {
            const std::streamsize got = boost::iostreams::read(from, reinterpret_cast<char*>(bytes.data()),
                                                               static_cast<std::streamsize>(bytes.size()));
            return got < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(got));
        };
        const std::span<char> all(into, static_cast<std::size_t>(count));
        const std::optional<std::size_t> filled = stream_->get(std::as_writable_bytes(all), take);
        return filled ? static_cast<std::streamsize>(*filled) : -1;
    }

    template <class Sink>
    std::streamsize write(Sink& to, const char* bytes, std::streamsize count) {
        const std::span<const char> all(bytes, static_cast<std::size_t>(count));
        stream_->put(std::as_bytes(all), giving(to));
        return count;
    }

    template <class Sink>
    void close(Sink& to, std::ios_base::openmode mode) {
        if (mode == std::ios_base::in)
            stream_->stop_pulling();
        else
            stream_->finish(giving(to));
    }

  private:
    // A device may take a part; one that takes nothing is full. (While it closes a filter, Boost asks such a device
    // again and again, and never comes back here.)
    template <class Sink>
    static auto giving(Sink& to) {
        return [&to](std::span<const std::byte> bytes) {
            for (std::size_t done = 0; done < bytes.size();) {
                const std::span<const std::byte> rest = bytes.subspan(done);
                const std::streamsize taken = boost::iostreams::write(to, reinterpret_cast<const char*>(rest.data()),
                                                                      static_cast<std::streamsize>(rest.size()));
                if (taken <= 0)
                    throw Error(ErrorCode::io, "what stands behind the filter takes none of " +
                                                   std::to_string(rest.size()) + " bytes");
                done += static_cast<std::size_t>(taken);
            }
        };
    }

    std::shared_ptr<FilterStream> stream_;
};

// A device that keeps what a filter puts out until it is fetched.
class WaitingBytes {
  public:
    using char_type = char;
    using category = boost::iostreams::sink_tag;

    explicit WaitingBytes(std::vector<std::byte> first = {}) : bytes_(std::move(first)) {}

    std::streamsize write(const char* bytes, std::streamsize count) {
        const std::span<const char> all(bytes, static_cast<std::size_t>(count));
        const auto added = std::as_bytes(all);
        if (added.size() > most_bytes - bytes_.size())
            throw Error(ErrorCode::limit,
                        "the codec's filter makes more than " + std::to_string(most_bytes) + " bytes of a few");
        bytes_.insert(bytes_.end(), added.begin(), added.end());
        return count;
    }
    bool empty() const noexcept { return fetched_ == bytes_.size(); }
    std::size_t fetch(std::span<std::byte> out) {
        const std::size_t count = std::min(out.size(), bytes_.size() - fetched_);
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(fetched_), count, out.begin());
        fetched_ += count;
        if (empty()) {
            bytes_.clear();
            fetched_ = 0;
        }
        return count;
    }

  private:
    static constexpr std::size_t most_bytes = std::size_t{256} << 20;  // bzip2 makes 45 MB of 40 bytes

    std::vector<std::byte> bytes_;
    std::size_t fetched_ = 0;
};

// A filter with bytes going into it on one side and waiting on the other.
template <class Filter>
class FilterPump {
    using Category = typename boost::iostreams::category_of<Filter>::type;
    static_assert(std::is_convertible_v<Category, boost::iostreams::filter_tag>,
                  "jl::filter_codec takes filters of Boost.Iostreams");
    static_assert(std::is_convertible_v<Category, boost::iostreams::output> ||
                      std::is_convertible_v<Category, boost::iostreams::dual_use>,
                  "jl::filter_codec takes filters that can be written to: output or dual-use ones");
    static_assert(std::is_same_v<typename boost::iostreams::char_type_of<Filter>::type, char>,
                  "jl::filter_codec takes filters of char");

  public:
    FilterPump(Filter filter, std::vector<std::byte> first) : filter_(std::move(filter)), waiting_(std::move(first)) {}

    WaitingBytes& waiting() noexcept { return waiting_; }
    // How many of the bytes the filter took.
    std::size_t write(std::span<const std::byte> bytes, ErrorCode code) {
        return translated(code, [&] {
            const auto taken = boost::iostreams::write(filter_, waiting_, reinterpret_cast<const char*>(bytes.data()),
                                                       static_cast<std::streamsize>(bytes.size()));
            return taken > 0 ? static_cast<std::size_t>(taken) : 0;
        });
    }
    void close(ErrorCode code) {
        translated(code, [&] { return boost::iostreams::close(filter_, waiting_, std::ios_base::out), 0; });
    }

  private:
    template <class F>
    static auto translated(ErrorCode code, F work) -> decltype(work()) {
        try {
            return work();
        } catch (const Error&) {
            throw;
        } catch (const std::bad_alloc&) {
            throw;
        } catch (const std::exception& failure) {
            throw Error(code, "the codec's filter fails: " + std::string(failure.what()));
        }
    }

    Filter filter_;
    WaitingBytes waiting_;
};

template <class Filter>
class FilterEncoder final : public Encoder {
  public:
    FilterEncoder(Filter filter, std::vector<std::byte> magic) : pump_(std::move(filter), std::move(magic)) {}

    CoderStep encode(std::span<const std::byte> in, std::span<std::byte> out, Input input) override {
        CoderStep done;
        if (pump_.waiting().empty() && !closed_) {
            const auto piece = in.first(std::min(in.size(), FilterStream::piece_bytes));
            if (!piece.empty()) done.consumed = pump_.write(piece, ErrorCode::io);
            if (input == Input::last && done.consumed == in.size()) {
                pump_.close(ErrorCode::io);
                closed_ = true;
            }
        }
        done.produced = pump_.waiting().fetch(out);
        done.finished = closed_ && pump_.waiting().empty();
        return done;
    }

  private:
    FilterPump<Filter> pump_;
    bool closed_ = false;
};

template <class Filter>
class FilterDecoder final : public Decoder {
  public:
    FilterDecoder(Filter filter, std::size_t magic) : pump_(std::move(filter), {}), magic_(magic) {}

    CoderStep decode(std::span<const std::byte> in, std::span<std::byte> out) override {
        // What a piece becomes has to be held, and a few bytes may become some 100 KiB.
        constexpr std::size_t piece_bytes = 64;
        CoderStep done;
        if (pump_.waiting().empty() && !ended_ && !in.empty()) {
            const std::size_t skipped = std::min(magic_, in.size());
            const auto piece = in.subspan(skipped, std::min(in.size() - skipped, piece_bytes));
            const std::size_t taken = piece.empty() ? 0 : pump_.write(piece, ErrorCode::format);
            magic_ -= skipped;
            ended_ = taken < piece.size();
            done.consumed = skipped + taken;
        }
        done.produced = pump_.waiting().fetch(out);
        done.finished = ended_ && pump_.waiting().empty();
        return done;
    }

    CoderStep end_of_input(std::span<std::byte> out) override {
        if (!ended_) pump_.close(ErrorCode::truncated);
        ended_ = true;
        CoderStep done;
        done.produced = pump_.waiting().fetch(out);
        done.finished = pump_.waiting().empty();
        return done;
    }

  private:
    FilterPump<Filter> pump_;
    std::size_t magic_;  // bytes of it still to be skipped
    bool ended_ = false;
};

}  // namespace jl::detail
