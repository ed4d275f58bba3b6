#include <algorithm>
#include <cctype>

#include <jl/detail/referred_store.hpp>
#include <jl/url.hpp>

namespace jl::detail {
namespace {

// Without what shown_url hides.
std::string without_hidden(const std::string& location) {
    if (!is_url(location)) return location;
    const std::string shown = shown_url(location);
    std::string open = shown;
    const std::size_t user = open.find("://") + 3;
    if (open.compare(user, 4, "***@") == 0) open.erase(user, 4);
    if (open.ends_with("?***")) open.resize(open.size() - 4);
    return open == shown ? location : open;
}

bool tells_secret(std::string name) {
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::string_view words[] = {"pass", "pwd", "secret", "token", "credential", "key", "auth", "sas", "dsn"};
    return std::ranges::any_of(words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

}  // namespace

StoreReference without_secrets(StoreReference reference) {
    reference.location = without_hidden(reference.location);
    std::erase_if(reference.options, [](const auto& option) { return tells_secret(option.first); });
    return reference;
}

std::shared_ptr<StoreBackend> ReferredStore::open() {
    const std::lock_guard lock(mutex_);
    if (!store_) store_ = open_store(reference_.backend, {reference_.location, reference_.options});
    return store_;
}

}  // namespace jl::detail
