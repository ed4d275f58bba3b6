#include "hash/key.hpp"

#include <array>

#include <jl/error.hpp>

#include "hash/xxh3.hpp"

#if defined(JL_HAS_CRYPTO)
#include <openssl/evp.h>
#endif

namespace jl::detail {

namespace {

std::string hex(std::span<const std::byte> bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (const std::byte byte : bytes) {
        text += digits[std::to_integer<unsigned>(byte) >> 4];
        text += digits[std::to_integer<unsigned>(byte) & 15U];
    }
    return text;
}

#if defined(JL_HAS_CRYPTO)

// Found once: looking an algorithm up takes longer than a short digest. Null where the system's policy forbids it.
const EVP_MD* algorithm(std::string_view name) {
    static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
    static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    return name == "md5" ? md5 : sha1;
}

std::string key_by_openssl(std::span<const std::byte> bytes, std::string_view name) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out;
    unsigned size = 0;
    const EVP_MD* const found = algorithm(name);
    if (!found || EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, found, nullptr) != 1)
        throw Error(ErrorCode::unsupported, "OpenSSL has no " + std::string(name) + " here: its policy may forbid it");
    return hex(std::as_bytes(std::span(out).first(size)));
}

#else

std::string key_by_openssl(std::span<const std::byte>, std::string_view name) {
    throw Error(ErrorCode::unsupported, "hash_name '" + std::string(name) +
                                            "' needs OpenSSL's libcrypto, and this jl is built without it "
                                            "(JL_WITH_CRYPTO); 'xxh3_128' needs none");
}

#endif

}  // namespace

void require_hash_name(std::string_view name) {
    if (name == "md5" || name == "sha1" || name == "xxh3_128") return;
    throw Error(ErrorCode::usage, "Valid options for 'hash_name' are ('md5', 'sha1', 'xxh3_128'). Got hash_name='" +
                                      std::string(name) + "' instead.");
}

std::string key_of(std::span<const std::byte> bytes, std::string_view hash_name) {
    if (hash_name != "xxh3_128") return key_by_openssl(bytes, hash_name);
    std::array<std::byte, digest_bytes> digest;
    store(digest.data(), xxh3(bytes));
    return hex(digest);
}

}  // namespace jl::detail
