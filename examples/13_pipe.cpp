// Objects through a pipe to another process, one after the other, compressed or not.
#include <cstdlib>
#include <iostream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <jl/jl.hpp>

int main() {
    int ends[2];
    if (::pipe(ends) != 0) return 1;
    const std::vector<double> samples(100'000, 0.5);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        jl::dump(samples, jl::FileDescriptor{ends[1]}, {.compress = "gzip"});
        jl::dump(std::string("done"), jl::FileDescriptor{ends[1]});
        std::_Exit(0);
    }
    ::close(ends[1]);
    const jl::FileDescriptor from{ends[0], "the pipe"};
    const auto back = jl::load<std::vector<double>>(from);
    const auto word = jl::load<std::string>(from);  // the position was right behind the first object
    ::waitpid(child, nullptr, 0);
    std::cout << back.size() << " numbers, " << word << '\n';
    return back == samples && word == "done" ? 0 : 1;
}
