// A Memory whose messages a test can read, and functions that count their calls.
//
//     Heard heard;   jl::Memory mem(dir.path(), heard.options({.verbose = 5}));   …   heard.text()
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include <jl/memory.hpp>

namespace jl::test {

class Heard {
  public:
    MemoryOptions options(MemoryOptions options = {}) {
        options.logger = [this](const MemoryMessage& message) {
            const std::lock_guard lock(mutex_);
            messages_.push_back(message);
        };
        return options;
    }
    std::string text() const {
        return joined([](const MemoryMessage&) { return true; });
    }
    std::string warnings() const {
        return joined([](const MemoryMessage& each) { return each.kind == MemoryMessage::Kind::warning; });
    }
    void forget() { messages_.clear(); }

  private:
    template <class Wanted>
    std::string joined(Wanted wanted) const {
        const std::lock_guard lock(mutex_);
        std::string all;
        for (const MemoryMessage& each : messages_)
            if (wanted(each)) all += each.text + "\n";
        return all;
    }

    mutable std::mutex mutex_;
    std::vector<MemoryMessage> messages_;
};

}  // namespace jl::test
