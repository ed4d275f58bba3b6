// Payloads outside of messages, and what a call wants of them, as frames.
#pragma once

#include <cstdint>

#include <jl/sink.hpp>

#include "parallel/frame.hpp"
#include "parallel/socket_sink.hpp"
#include "parallel/worker_payloads.hpp"

namespace jl {

void write_settings(Sink& sink, const PayloadSettings& settings);
PayloadSettings settings_in(const Frame& frame);

// With its file.
void write_payload(SocketSink& sink, std::uint64_t number, const PayloadFile& payload);
// `file`: that came with the frame. Error{format} for numbers that cannot be, Error{io} where the file did not come.
PayloadFile payload_in(const Frame& frame, Descriptor file);

}  // namespace jl
