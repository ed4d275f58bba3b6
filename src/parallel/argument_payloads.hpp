// Long payloads of a call's arguments: the same items are written once, whoever's they are and however often they are
// sent.
//
//     ArgumentPayloads payloads(max_nbytes, temp_folder);      // of the call
//     ArgumentPayloads::Message message(payloads);             // of one message
//     { const OutsideScope outside(message); bytes = message_of(…); }
//     message.used();                                          // goes with it
//
// Thread-safe. A payload lives as long as a message that has it, longer where it was wanted twice and nobody else needs
// the room; an array's address says nothing, since another one may have it later: items are compared.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "parallel/message.hpp"
#include "parallel/payload_file.hpp"

namespace jl {

// A payload that workers may be told of, under a number that no other has.
class NumberedPayload {
  public:
    explicit NumberedPayload(PayloadFile payload);
    NumberedPayload(const NumberedPayload&) = delete;
    NumberedPayload& operator=(const NumberedPayload&) = delete;
    ~NumberedPayload();
    // Files are open for them, of which a process may not have many.
    static bool has_room() noexcept;

    const std::uint64_t number;
    const PayloadFile file;
};

class ArgumentPayloads {
  public:
    using Shared = std::shared_ptr<const NumberedPayload>;

    // Arrays of more than `max_nbytes` bytes. read: equal arrays are one payload. shared: workers may change a payload,
    // and it is still that array's, until the end of the call; arrays are told by their place and their first items.
    enum class Use : std::uint8_t { read, shared };
    ArgumentPayloads(std::uint64_t max_nbytes, std::string folder, Use use = Use::read);

    class Message final : public PayloadsOutside {
      public:
        explicit Message(ArgumentPayloads& of) : of_(of) {}
        std::optional<std::uint64_t> put(const ArrayEvent& array, std::uint64_t nbytes) override;
        Found get(std::uint64_t number) override;  // arguments are not read here
        const std::vector<Shared>& used() const noexcept { return used_; }

      private:
        ArgumentPayloads& of_;
        std::vector<Shared> used_;
    };

  private:
    using Digest = std::pair<std::uint64_t, std::uint32_t>;
    struct Written {
        std::mutex mutex;  // held while it is written
        std::weak_ptr<const NumberedPayload> payload;
        const std::byte* place = nullptr;
        Digest digest = {};  // of what was written, where that may be changed
    };

    Shared shared(const ArrayEvent& array, std::uint64_t nbytes);
    Shared of_map(PayloadFile file);
    // Nothing: it was not known, and is entered.
    Shared known_or_entered(const std::shared_ptr<Written>& own, std::span<const std::byte> bytes);
    Shared write(const ArrayEvent& array, std::uint64_t nbytes);
    Shared wanted_again(Shared payload);
    bool make_room();
    void forget_expired();

    const std::uint64_t max_nbytes_;
    const std::string folder_;
    const Use use_;
    std::mutex mutex_;
    std::map<std::uint64_t, std::vector<std::shared_ptr<Written>>> written_;  // by a sample of the bytes
    std::vector<std::weak_ptr<const NumberedPayload>> maps_;                  // of files
    std::deque<Shared> recent_;
    std::deque<Shared> again_;  // the one wanted last stands last
};

}  // namespace jl
