#ifdef JL_HAS_CURL

#include "io/remote/s3_writer.hpp"

#include <algorithm>
#include <random>

#include <jl/error.hpp>

#include "io/remote/url_parts.hpp"
#include "io/remote/xml.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t most_parts = 10'000;
constexpr std::size_t equal_parts = 4'000;  // some stores want all parts but the last of one length
constexpr std::size_t most_answer_bytes = std::size_t{64} << 10;
constexpr std::size_t bytes_between_looks = std::size_t{256} << 10;
constexpr std::chrono::seconds time_to_complete{300};  // a store puts the parts together
constexpr const char* name_header = "x-amz-meta-jl-upload";

std::string random_name() {
    std::random_device random;
    return std::to_string((std::uint64_t{random()} << 32U) | random());
}

std::string list_of_parts(const std::vector<std::string>& tags) {
    std::string list = "<CompleteMultipartUpload>";
    for (std::size_t i = 0; i < tags.size(); ++i)
        list +=
            "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" + xml_text(tags[i]) + "</ETag></Part>";
    return list + "</CompleteMultipartUpload>";
}

}  // namespace

std::size_t S3Writer::length_of_part(std::size_t number, std::size_t part_bytes) noexcept {
    return part_bytes << (number < equal_parts ? 0 : 1 + (number - equal_parts) / 1'000);
}

S3Writer::S3Writer(HttpTarget target, std::size_t part_bytes, unsigned connections)
    : client_(std::move(target)), part_bytes_(part_bytes), name_(random_name()), parts_(client_, connections) {}

S3Writer::~S3Writer() {
    parts_.drop();
    if (!committed_ && !upload_.empty()) abort();
}

template <class Work>
void S3Writer::guarded(Work work) {
    if (committed_) throw Error(ErrorCode::usage, "the object is committed: nothing can be added to it");
    if (failed_) throw Error(ErrorCode::usage, "a part of the object failed: there is nothing whole to commit");
    failed_ = true;
    work();
    failed_ = false;
}

void S3Writer::write(std::span<const std::byte> bytes) {
    guarded([&] {
        while (!bytes.empty()) {
            const std::size_t length = length_of_part(parts_.count(), part_bytes_);
            if (part_.size() == length) {
                send_part();
                continue;
            }
            const std::size_t count = std::min(bytes.size(), length - part_.size());
            if (part_.capacity() < length && part_.size() + count > part_.capacity())
                part_.reserve(upload_.empty() ? std::min(length, std::max(2 * part_.capacity(), part_.size() + count))
                                              : length);
            part_.insert(part_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
            bytes = bytes.subspan(count);
            position_ += count;
            if ((pending_ += count) >= bytes_between_looks) pending_ = 0, parts_.advance();
        }
    });
}

void S3Writer::commit() {
    guarded([&] {
        if (upload_.empty()) {
            put_whole();
        } else {
            send_part();  // a part is sent when there is more, so there is a last one
            parts_.finish();
            complete();
        }
    });
    committed_ = true;
    part_ = {};
}

// Once it has begun to put parts together, a store may answer 200 with an error.
std::string S3Writer::ask(HttpCall call, const std::string& wanted) {
    std::string answer;
    call.url = client_.target().url + call.url;
    call.on_body = [&](std::span<const std::byte> bytes) {
        if (bytes.size() > most_answer_bytes - answer.size())
            throw Error(ErrorCode::io, "the store's answer has no end");
        answer.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        return true;
    };
    const auto prepare = [&](HttpCall& attempt) {
        answer.clear();
        attempt = call;
    };
    client_.run_until(prepare, [&](HttpOutcome& outcome) {
        if (answer.find(wanted) != std::string_view::npos) return true;
        outcome.error_body = answer;
        return false;
    });
    return answer;
}

void S3Writer::put_whole() { ask({.method = "PUT", .url = {}, .body = part_}); }

void S3Writer::begin_upload() {
    const std::string answer =
        ask({.method = "POST", .url = "?uploads=", .headers = {std::string(name_header) + ": " + name_}});
    upload_ = xml_element(answer, "UploadId");
    if (upload_.empty()) throw Error(ErrorCode::io, "the store begins an upload and does not say its id");
}

void S3Writer::send_part() {
    if (upload_.empty()) begin_upload();
    if (parts_.count() == most_parts)
        throw Error(ErrorCode::io, "the object is longer than " + std::to_string(most_parts) + " parts of " +
                                       std::to_string(part_bytes_) + " bytes and more: make the parts longer");
    const std::string query =
        "?partNumber=" + std::to_string(parts_.count() + 1) + "&uploadId=" + percent_encoded(upload_);
    part_ = parts_.send(query, std::move(part_));
}

void S3Writer::complete() {
    try {
        ask_for_completion();
    } catch (Error& error) {
        // Where an answer was lost, the attempt after it finds no such upload any more.
        if (error.code() != ErrorCode::missing) throw;
        if (!is_there()) throw Error(ErrorCode::io, "the upload was ended by somebody else");
    }
}

void S3Writer::ask_for_completion() {
    const std::string list = list_of_parts(parts_.tags());
    ask({.method = "POST",
         .url = "?uploadId=" + percent_encoded(upload_),
         .body = std::as_bytes(std::span(list)),
         .stall_timeout = time_to_complete},
        "<CompleteMultipartUploadResult");
}

bool S3Writer::is_there() {
    const HttpOutcome outcome = client_.run([](HttpCall& call) { call.method = "HEAD"; }, 404);
    return outcome.head.status != 404 && outcome.head.field(name_header) == name_;
}

void S3Writer::abort() noexcept {
    try {
        HttpTarget target = client_.target();
        target.options.retries = std::min(target.options.retries, 1U);
        const std::string query = "?uploadId=" + percent_encoded(upload_);
        HttpClient(std::move(target)).run([&](HttpCall& call) {
            call.method = "DELETE";
            call.url += query;
        });
    } catch (...) {  // the bucket's rule for incomplete uploads has to do it
    }
}

}  // namespace jl::detail

#endif
