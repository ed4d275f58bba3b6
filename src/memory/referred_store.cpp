#include <algorithm>
#include <cctype>

#include <jl/detail/referred_store.hpp>
#include <jl/url.hpp>

namespace jl::detail {
namespace {

constexpr std::string_view hidden = "://***@";  // by shown_url

std::string without_user(const std::string& location) {
    if (!is_url(location)) return location;
    const std::string shown = shown_url(location);
    const auto begin = shown.find(hidden);
    if (begin == shown.npos) return location;
    const std::string host = shown.substr(begin + hidden.size(), shown.find('?') - begin - hidden.size());
    const auto at = location.rfind("@" + host);
    return location.substr(0, location.find("://") + 3) + (at == location.npos ? host : location.substr(at + 1));
}

bool tells_secret(std::string name) {
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::string_view words[] = {"pass", "pwd", "secret", "token", "credential", "key", "auth", "sas", "dsn"};
    return std::ranges::any_of(words, [&](std::string_view word) { return name.find(word) != name.npos; });
}

}  // namespace

StoreReference without_secrets(StoreReference reference) {
    reference.location = without_user(reference.location);
    std::erase_if(reference.options, [](const auto& option) { return tells_secret(option.first); });
    return reference;
}

std::shared_ptr<StoreBackend> ReferredStore::open() {
    const std::lock_guard lock(mutex_);
    if (!store_) store_ = open_store(reference_.backend, {reference_.location, reference_.options});
    return store_;
}

}  // namespace jl::detail
