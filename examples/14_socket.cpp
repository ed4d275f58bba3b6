// Questions and answers over a socket: each side loads an object and answers, nothing behind it is waited for.
#include <iostream>
#include <numeric>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/jl.hpp>

int main() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return 1;
    std::jthread server([fd = ends[1]] {
        const jl::FileDescriptor client{fd, "the client"};
        for (int i = 0; i < 3; ++i) {
            const auto numbers = jl::load<std::vector<double>>(client);
            jl::dump(std::accumulate(numbers.begin(), numbers.end(), 0.0), client);
        }
        ::close(fd);
    });
    const jl::FileDescriptor connection{ends[0], "the server"};
    double sum = 0;
    for (const std::size_t count : {10U, 1'000U, 100'000U}) {
        jl::dump(std::vector<double>(count, 0.5), connection, {.compress = "zlib"});
        sum += jl::load<double>(connection);
    }
    ::close(ends[0]);
    std::cout << "sums: " << sum << '\n';
    return sum == 101'010 * 0.5 ? 0 : 1;
}
