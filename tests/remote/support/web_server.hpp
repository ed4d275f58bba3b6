// nginx over a folder, and a small server that lies (lying_server.py).
//
//     WebServer web;   write_file(web / "x.pkl", …);   jl::load(web.url("x.pkl"));   web.requests();
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "remote/support/server.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {

class WebServer {
  public:
    WebServer();
    std::string operator/(const std::string& name) const { return folder_ / ("files/" + name); }
    std::string url(const std::string& name) const { return "http://127.0.0.1:" + port_text_ + "/" + name; }
    std::string secure_url(const std::string& name) const { return "https://localhost:" + secure_port_ + "/" + name; }
    std::string ca_file() const { return folder_ / "cert.pem"; }
    // "GET /x.pkl 206 bytes=0-99 100", one a request so far.
    std::vector<std::string> requests() const;
    std::uint64_t bytes_sent() const;  // in their bodies
    void stop() { server_->stop(); }

  private:
    TempDir folder_;
    std::string port_text_, secure_port_;
    std::optional<Server> server_;
};

class LyingServer {
  public:
    LyingServer();
    std::string operator/(const std::string& name) const { return folder_ / ("files/" + name); }
    // How it behaves is told in lying_server.py.
    std::string url(const std::string& behaviour, const std::string& name) const {
        return "http://127.0.0.1:" + std::to_string(server_->port()) + "/" + behaviour + "/" + name;
    }
    std::vector<std::string> requests() const;

  private:
    TempDir folder_;
    std::optional<Server> server_;
};

}  // namespace jl::test
