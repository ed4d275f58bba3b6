// Writes to the socket of a worker, or of its parent; files may go along.
//
// A write waits for room, but not for one that is gone: Error{io}, "Broken pipe".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include <jl/sink.hpp>

#include "parallel/end_of_peer.hpp"

namespace jl {

class SocketSink final : public Sink {
  public:
    SocketSink(int socket, EndOfPeer end_of_peer, std::string name)
        : socket_(socket), end_of_peer_(std::move(end_of_peer)), name_(std::move(name)) {}
    void write(std::span<const std::byte> bytes) override { write_with(bytes, -1); }
    // The file goes with the first byte.
    void write_with(std::span<const std::byte> bytes, int file);

  private:
    void wait_for_room();

    int socket_;
    EndOfPeer end_of_peer_;
    std::string name_;
};

}  // namespace jl
