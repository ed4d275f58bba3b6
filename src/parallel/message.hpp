// Values on their way between this process and its workers: a pickle as in jl's files, without their directory and
// checksums, which cost more than a small value itself. Long payloads of arrays may stay outside of it.
//
//     const std::vector<std::byte> bytes = message_of([&](Emitter& out) { jl::emit(out, result); });
//     read_message(detail::reading_into(result), bytes);
//
// Bytes that are read are a claim, as everywhere: damaged ones are an Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <jl/dump.hpp>
#include <jl/emitter.hpp>
#include <jl/load.hpp>

namespace jl {

// Who keeps payloads outside of messages, which refer to them by number.
class PayloadsOutside {
  public:
    virtual ~PayloadsOutside() = default;
    // Nothing: it goes in the message.
    virtual std::optional<std::uint64_t> put(const ArrayEvent& array, std::uint64_t nbytes) = 0;
    struct Found {
        std::span<std::byte> bytes = {};
        std::shared_ptr<void> owner = {};  // null: they stay anyway
        bool may_stay = true;              // arrays that can may refer to them; else they are copied
        bool write_through = false;
        std::string problem = {};  // why there are no bytes: what is read from the array throws it, the rest is read
    };
    // Error{format} for a number that none has.
    virtual Found get(std::uint64_t number) = 0;
};

// Messages that this thread writes and reads while it lives have payloads outside; without it, none.
class OutsideScope {
  public:
    explicit OutsideScope(PayloadsOutside& payloads);
    OutsideScope(const OutsideScope&) = delete;
    OutsideScope& operator=(const OutsideScope&) = delete;
    ~OutsideScope();

  private:
    PayloadsOutside* outer_;
};

std::vector<std::byte> message_of(const detail::Writing& write);
// The bytes are needed no longer than the call.
void read_message(const detail::Reading& reading, std::span<const std::byte> bytes);

}  // namespace jl
