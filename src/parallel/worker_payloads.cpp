#include "parallel/worker_payloads.hpp"

#include <utility>

#include <jl/error.hpp>

#include "parallel/payload_frame.hpp"

namespace jl {
namespace {

constexpr std::size_t most_of_a_result = 64;  // files are open for them

[[noreturn]] void fail_unknown(std::uint64_t number) {
    throw Error(ErrorCode::format, "a message refers to payload " + std::to_string(number) + ", which did not come");
}

}  // namespace

void WorkerPayloads::tell(const Frame& frame, Descriptor file) {
    Argument argument;
    try {
        argument.file = payload_in(frame, std::move(file));
    } catch (const Error& error) {
        argument.problem = error.what();
    }
    arguments_.insert_or_assign(frame.header.id, std::move(argument));
}

std::optional<std::uint64_t> WorkerPayloads::put(const ArrayEvent& array, std::uint64_t nbytes) {
    if (nbytes <= settings_.max_nbytes || results_.size() == most_of_a_result) return std::nullopt;
    try {
        results_.push_back(PayloadFile::made(array, nbytes, settings_.folder));
        return results_.size() - 1;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::io) throw;
        return std::nullopt;  // it goes in the message
    }
}

PayloadsOutside::Found WorkerPayloads::get(std::uint64_t number) {
    const auto at = arguments_.find(number);
    if (at == arguments_.end()) fail_unknown(number);
    if (!at->second.file) return {.problem = at->second.problem};
    try {
        return found(at->second);
    } catch (const Error& error) {
        return {.problem = error.what()};
    }
}

PayloadsOutside::Found WorkerPayloads::found(Argument& argument) const {
    const PayloadFile& file = *argument.file;
    if (settings_.mode == MmapMode::c) {  // what one changes the next one must not see
        const PayloadFile::Mapped own = file.mapped(MapMode::copy_on_write);
        return {.bytes = own.bytes, .owner = own.map};
    }
    const bool writes = settings_.mode == MmapMode::r_plus && file.is_writable();
    if (!argument.mapped.map) argument.mapped = file.mapped(writes ? MapMode::read_write : MapMode::read_only);
    return {.bytes = argument.mapped.bytes,
            .owner = argument.mapped.map,
            .may_stay = settings_.mode.has_value(),
            .write_through = writes};
}

void ResultPayloads::tell(const Frame& frame, Descriptor file) {
    Result result;
    try {
        result.mapped = payload_in(frame, std::move(file)).mapped(MapMode::read_write);
    } catch (const Error& error) {
        result.problem = error.what();
    }
    results_.insert_or_assign(frame.header.id, std::move(result));
}

PayloadsOutside::Found ResultPayloads::get(std::uint64_t number) {
    const auto at = results_.find(number);
    if (at == results_.end()) fail_unknown(number);
    const auto& [mapped, problem] = at->second;
    return {.bytes = mapped.bytes, .owner = mapped.map, .problem = problem};
}

}  // namespace jl
