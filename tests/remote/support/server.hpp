// A server that a test starts for itself: on a free port of 127.0.0.1, in a folder of its own, ended by its pid.
//
//     Server redis({"redis-server", "--port", …}, port);      // returns when the port takes connections
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace jl::test {

std::uint16_t free_port();

class Server {
  public:
    // Standard output and error go to the file `log`. std::runtime_error with its content if the server does not come
    // up within 20 s.
    Server(std::vector<std::string> command, std::uint16_t port, std::string log,
           std::vector<std::string> environment = {});
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();
    std::uint16_t port() const noexcept { return port_; }
    void stop() noexcept;  // as a server that crashes

  private:
    pid_t process_ = -1;
    std::uint16_t port_;
};

}  // namespace jl::test
