// Several objects one after another, read one at a time: files that grew by dump with .append, streams, pipes.
//
//     for (const jl::Value& step : jl::read_all("log.pkl")) std::cout << step << '\n';
//
//     auto steps = jl::read_all<Step>("log.pkl");
//     for (const Step& step : steps) std::cout << steps.offset() << ": " << step.loss << '\n';
//
// One object is in memory at a time. Objects of jl and of joblib, compressed or not, may stand side by side, several in
// one compressed stream too. An end that is torn (a writer was killed) is Error{truncated} that names the object and
// its byte, after the ones before were handed out. Bytes behind the object at hand may have been read from a stream: it
// belongs to the sequence until its end. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <jl/load.hpp>

namespace jl {

namespace detail {
class SequenceReader {
  public:
    SequenceReader(const std::filesystem::path& path, const LoadOptions& options);
    SequenceReader(std::istream& stream, const LoadOptions& options);
    SequenceReader(Source& source, const LoadOptions& options);
    SequenceReader(SequenceReader&&) noexcept;
    SequenceReader& operator=(SequenceReader&&) noexcept;
    ~SequenceReader();
    bool next(const Reading& reading);  // false at the end
    std::uint64_t offset() const noexcept;
    std::uint64_t number() const noexcept;

  private:
    struct State;
    std::unique_ptr<State> state_;
};
}  // namespace detail

// An input range: begin() reads the first object, each step the next one. Moves, does not copy.
template <class T>
class ObjectSequence {
  public:
    explicit ObjectSequence(detail::SequenceReader reader) : reader_(std::move(reader)) {}

    class Iterator {
      public:
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        Iterator() = default;
        explicit Iterator(ObjectSequence& sequence) : sequence_(&sequence) {}
        T& operator*() const { return *sequence_->current_; }
        T* operator->() const { return &*sequence_->current_; }
        Iterator& operator++() {
            sequence_->advance();
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(std::default_sentinel_t) const { return !sequence_->current_; }

      private:
        ObjectSequence* sequence_ = nullptr;
    };

    Iterator begin() {
        if (number() == 0) advance();
        return Iterator(*this);
    }
    std::default_sentinel_t end() const noexcept { return {}; }

    // Of the object at hand: its first byte (that of its compressed stream), and which one it is, counted from 1.
    std::uint64_t offset() const noexcept { return reader_.offset(); }
    std::uint64_t number() const noexcept { return reader_.number(); }

  private:
    void advance() {
        current_.reset();
        T next{};
        if (reader_.next(detail::reading_into(next))) current_.emplace(std::move(next));
    }

    detail::SequenceReader reader_;
    std::optional<T> current_;
};

template <class T = Value>
ObjectSequence<T> read_all(const std::filesystem::path& path, const LoadOptions& options = {}) {
    return ObjectSequence<T>(detail::SequenceReader(path, options));
}

template <class T = Value>
ObjectSequence<T> read_all(std::istream& stream, const LoadOptions& options = {}) {
    return ObjectSequence<T>(detail::SequenceReader(stream, options));
}

// The source outlives the sequence: DescriptorSource, StdioSource, ObjectSource, or one of your own.
template <class T = Value>
ObjectSequence<T> read_all(Source& source, const LoadOptions& options = {}) {
    return ObjectSequence<T>(detail::SequenceReader(source, options));
}

}  // namespace jl
