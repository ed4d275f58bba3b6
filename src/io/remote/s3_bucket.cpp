#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)

#include "io/remote/s3_bucket.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <openssl/evp.h>

#include <jl/error.hpp>

#include "io/remote/http_version.hpp"
#include "io/remote/url_parts.hpp"
#include "io/remote/xml.hpp"

namespace jl::detail {
namespace {

constexpr std::size_t most_answer_bytes = std::size_t{16} << 20;  // a thousand keys of 1024 characters, each as %XX
constexpr std::size_t most_removed = 1000;

struct TooLong {};

HttpTarget target_of_bucket(const S3Place& place) {
    if (std::ranges::any_of(place.key, [](char c) { return static_cast<unsigned char>(c) < ' '; }))
        throw Error(ErrorCode::usage, "the prefix has control characters");
    (void)s3_target(place);  // refuses a prefix that cannot be
    S3Place bucket = place;
    bucket.key.clear();
    HttpTarget target = s3_target(bucket);
    target.shown = "s3://" + place.bucket + "/" + place.key;
    return target;
}

template <class Number>
Number number_of(std::string_view text, const char* what) {
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0)
        throw Error(ErrorCode::io, std::string("the store lists an object with a wrong ") + what);
    return number;
}

// "2009-10-12T17:50:30.000Z"
std::chrono::system_clock::time_point time_of(std::string_view text) {
    namespace time = std::chrono;
    if (text.size() < 19) throw Error(ErrorCode::io, "the store lists an object with a wrong time");
    const auto part = [&](std::size_t at, std::size_t size) { return number_of<int>(text.substr(at, size), "time"); };
    const time::year_month_day day{time::year(part(0, 4)), time::month(static_cast<unsigned>(part(5, 2))),
                                   time::day(static_cast<unsigned>(part(8, 2)))};
    if (!day.ok()) throw Error(ErrorCode::io, "the store lists an object with a wrong time");
    return time::sys_days(day) + time::hours(part(11, 2)) + time::minutes(part(14, 2)) + time::seconds(part(17, 2));
}

// As it is in a query: '+' for a blank.
std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned byte = 0;
        if (text[i] == '%' && text.size() - i > 2 &&
            std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
            plain += static_cast<char>(byte);
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

// Base64, as Content-MD5 has it, which every store knows; "" where the system's policy forbids md5.
std::string md5_text(std::string_view body) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
    unsigned size = 0;
    if (::EVP_Digest(body.data(), body.size(), digest.data(), &size, ::EVP_md5(), nullptr) != 1) return {};
    const int length = ::EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
    return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(length)};
}

}  // namespace

S3Bucket::S3Bucket(S3Place place, unsigned page)
    : place_(std::move(place)), page_(page), client_(target_of_bucket(place_)) {}

S3Place S3Bucket::place_of(const std::string& name) const {
    S3Place place = place_;
    place.key += name;
    return place;
}

std::string S3Bucket::path_of(const std::string& name) const { return percent_encoded(place_.key + name, "/"); }

bool S3Bucket::contains(const std::string& name) const {
    const HttpOutcome outcome = client_.run(
        [&](HttpCall& call) {
            call.method = "HEAD";
            call.url += path_of(name);
        },
        404);
    return outcome.head.status != 404;
}

std::optional<S3Content> S3Bucket::get(const std::string& name, std::uint64_t most) const {
    S3Content content;
    try {
        const HttpOutcome outcome = client_.run(
            [&](HttpCall& call) {
                content.bytes.clear();
                call.url += path_of(name);
                call.on_head = [&](const HttpHead& head) {
                    const std::uint64_t length = content_length(head).value_or(0);
                    if (length > most) throw TooLong();
                    content.bytes.reserve(static_cast<std::size_t>(length));
                };
                call.on_body = [&](std::span<const std::byte> bytes) {
                    if (bytes.size() > most - content.bytes.size()) throw TooLong();
                    content.bytes.insert(content.bytes.end(), bytes.begin(), bytes.end());
                    return true;
                };
            },
            404);
        if (outcome.head.status != 404) return content;
        if (xml_element(outcome.error_body, "Code") == "NoSuchBucket") fail_http(outcome, 1, shown());
        return std::nullopt;
    } catch (const TooLong&) {
        return S3Content{{}, true};
    }
}

void S3Bucket::put(const std::string& name, std::span<const std::byte> bytes) const {
    (void)ask({.method = "PUT", .url = path_of(name), .body = bytes});
}

std::string S3Bucket::ask(const HttpCall& call) const {
    std::string answer;
    (void)client_.run([&](HttpCall& attempt) {
        answer.clear();
        const std::string url = attempt.url + call.url;
        attempt = call;
        attempt.url = url;
        attempt.on_body = [&](std::span<const std::byte> bytes) {
            if (bytes.size() > most_answer_bytes - answer.size())
                throw Error(ErrorCode::io, "the store's answer has no end");
            answer.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            return true;
        };
    });
    return answer;
}

void S3Bucket::remove_one(const std::string& name) const {
    (void)client_.run(
        [&](HttpCall& call) {
            call.method = "DELETE";
            call.url += path_of(name);
        },
        404);
}

void S3Bucket::remove(std::span<const std::string> names) const {
    for (std::size_t first = 0; first < names.size(); first += most_removed)
        remove_page(names.subspan(first, std::min(most_removed, names.size() - first)));
}

void S3Bucket::remove_page(std::span<const std::string> names) const {
    std::string body = "<Delete><Quiet>true</Quiet>";
    for (const std::string& name : names) body += "<Object><Key>" + xml_text(place_.key + name) + "</Key></Object>";
    body += "</Delete>";
    const std::string digest = names.size() == 1 ? "" : md5_text(body);
    if (digest.empty()) {
        for (const std::string& name : names) remove_one(name);
        return;
    }
    const std::string answer = ask({.method = "POST",
                                    .url = "?delete=",
                                    .headers = {"Content-MD5: " + digest},
                                    .body = std::as_bytes(std::span(body))});
    if (answer.find("<Error>") != std::string_view::npos)
        throw Error(ErrorCode::io,
                    "the store does not remove an object (" + xml_element(answer, "Code").substr(0, 100) + ")")
            .in_file(shown());
}

S3Object S3Bucket::object_of(std::string_view xml) const {
    const std::string key = decoded(text_of_xml(xml_element(xml, "Key")));
    if (!key.starts_with(place_.key)) throw Error(ErrorCode::io, "the store lists what was not asked for");
    return {key.substr(place_.key.size()), number_of<std::uint64_t>(xml_element(xml, "Size"), "size"),
            time_of(xml_element(xml, "LastModified"))};
}

S3Bucket::Page S3Bucket::list_page(const std::string& beginning, const std::string& from) const {
    std::string query = "?list-type=2&encoding-type=url&max-keys=" + std::to_string(page_) +
                        "&prefix=" + percent_encoded(place_.key + beginning);
    if (!from.empty()) query += "&continuation-token=" + percent_encoded(from);
    const std::string answer = ask({.url = query});
    if (answer.find("<ListBucketResult") == std::string_view::npos)
        throw Error(ErrorCode::io, "the store answers with something else than a list");
    Page page;
    each_xml_element(answer, "Contents", [&](std::string_view xml) { page.objects.push_back(object_of(xml)); });
    if (xml_element(answer, "IsTruncated") != "true") return page;
    page.next = text_of_xml(xml_element(answer, "NextContinuationToken"));
    if (page.next.empty() || page.objects.empty())
        throw Error(ErrorCode::io, "the store says that there is more, and not how to go on");
    return page;
}

void S3Bucket::list(const std::string& beginning, const std::function<void(const S3Object&)>& visit) const {
    std::optional<std::string> last;
    for (std::string from;;) {
        Page page;
        try {
            page = list_page(beginning, from);
            for (const S3Object& object : page.objects) {
                if (last && object.name <= *last) throw Error(ErrorCode::io, "the store lists keys in no order");
                last = object.name;
            }
        } catch (Error& error) {
            error.in_file(shown());
            throw;
        }
        for (const S3Object& object : page.objects) visit(object);
        if (page.next.empty()) return;
        from = page.next;
    }
}

}  // namespace jl::detail

#endif
