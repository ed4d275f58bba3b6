// The table of what a file holds: the objects that reading one after the other delivers, each at its place.
#include <vector>

#include <jl/contents.hpp>

#include "support/check.hpp"
#include "support/mutator.hpp"

namespace {

using namespace jl::fuzz;

struct Sequence {
    std::vector<std::string> values;
    bool whole = true;  // it ended without an error
};

Sequence sequence_of(const std::string& path) {
    Sequence sequence;
    try {
        for (const jl::Value& value : jl::read_all(path, {.n_threads = 1, .limits = bounds}))
            sequence.values.push_back(fingerprint(value));
    } catch (const jl::Error&) {
        sequence.whole = false;
    }
    return sequence;
}

void compare(const std::string& path, const Sequence& sequence, const jl::Contents& contents) {
    require(contents.objects.size() >= sequence.values.size() || contents.torn, "no object that is read is missing");
    require(!sequence.whole || contents.objects.size() == sequence.values.size(), "as many objects as are read");
    require(!sequence.whole || sequence.values.empty() || !contents.torn, "what reads to its end is not torn");
    std::uint64_t end = 0;
    for (const jl::ObjectInfo& each : contents.objects) {
        const std::string loaded = outcome([&] { return jl::load(path, each, {.n_threads = 1, .limits = bounds}); });
        if (each.number <= sequence.values.size())
            require(loaded == sequence.values[each.number - 1], "an object at its place is the one of the sequence");
        require(each.offset >= end || each.begin > 0, "objects follow one another");
        end = each.offset;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string& path = scratch_file(std::as_bytes(std::span(data, size)));
    const Sequence sequence = sequence_of(path);
    try {
        compare(path, sequence, jl::contents_of(path, {.limits = bounds}));
    } catch (const jl::Error&) {
        require(!sequence.whole || sequence.values.empty(), "what can be read can be listed");
    }
    return 0;
}
