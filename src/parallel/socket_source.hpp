// Reads a socket of a worker, or of its parent, in large parts.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <sys/types.h>
#include <utility>

#include <jl/source.hpp>

#include "io/file.hpp"
#include "parallel/end_of_peer.hpp"

namespace jl {

class SocketSource final : public Source {
  public:
    SocketSource(int socket, EndOfPeer end_of_peer) : socket_(socket), end_of_peer_(std::move(end_of_peer)) {}
    std::size_t read(std::span<std::byte> into) override;
    // The next file that came with the bytes so far; none where there is none, or this process has too many open to
    // take it.
    Descriptor take_file() noexcept;
    // Whether bytes, or the end, are there. `milliseconds`: -1 for ever.
    bool wait(int milliseconds);

  private:
    static constexpr std::size_t room = 64 << 10;
    bool peer_is_gone();
    std::size_t receive(std::span<std::byte> into);
    ssize_t receive_some(std::span<std::byte> into, int flags);

    int socket_;
    EndOfPeer end_of_peer_;
    std::unique_ptr<std::array<std::byte, room>> buffer_ = std::make_unique<std::array<std::byte, room>>();
    std::span<const std::byte> ready_;
    std::deque<Descriptor> files_;
};

}  // namespace jl
