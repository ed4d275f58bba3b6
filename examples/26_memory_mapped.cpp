// A big result comes back as a map of its file, a reference to it goes from program to program; limits keep the cache
// small.
#include <iostream>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

jl::xarray<double> field(std::size_t rows, double scale) {
    return jl::xarray<double>(xt::arange<double>(static_cast<double>(rows * 1000)).reshape({rows, std::size_t{1000}}) *
                              scale);
}

int main() {
    jl::Memory mem("cache", {.verbose = 0, .mmap_mode = jl::MmapMode::r, .bytes_limit = "1G"});
    auto cached = JL_CACHE(mem, field, {.version = 1, .arg_names = {"rows", "scale"}});

    auto ref = cached.call_and_shelve(2'000, 0.5);  // 16 MB are computed and written, not returned
    jl::dump(ref, "ref.pkl");                       // for another program

    auto again = jl::load<jl::MemorizedResult<jl::xarray<double>>>("ref.pkl");
    const auto mapped = again.get();  // pages are read when they are touched
    std::cout << "last item " << mapped(1'999, 999)
              << ", computed in less than a minute: " << (again.duration() < 60 ? "yes" : "no") << '\n';

    for (const jl::EntryInfo& entry : mem.entries())
        std::cout << entry.id.function << ": " << entry.bytes / 1'000'000 << " MB\n";
    cached.pin(2'000, 0.5);  // whatever the limits
    std::cout << mem.reduce_size({.items_limit = 0})
              << " entries removed, in the cache: " << (cached.check_call_in_cache(2'000, 0.5) ? "yes" : "no") << '\n';
    return mapped(1'999, 999) == 999'999.5 && mem.statistics().misses == 1 ? 0 : 1;
}
