#include "remote/support/web_server.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "support/tool.hpp"

namespace jl::test {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size())
        text.replace(at, what.size(), by);
    return text;
}

constexpr const char* configuration = R"(
daemon off; master_process off; worker_processes 1; pid FOLDER/nginx.pid; error_log FOLDER/error.log;
events { worker_connections 64; }
http {
    log_format short '$request_method $request_uri $status $http_range $body_bytes_sent';
    access_log FOLDER/access.log short;
    client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy; fastcgi_temp_path FOLDER/fastcgi;
    uwsgi_temp_path FOLDER/uwsgi; scgi_temp_path FOLDER/scgi;
    server {
        listen 127.0.0.1:PORT;
        listen 127.0.0.1:SECURE ssl;
        server_name localhost;
        ssl_certificate FOLDER/cert.pem; ssl_certificate_key FOLDER/key.pem;
        root FOLDER/files;
        location /secret/ { auth_basic "jl"; auth_basic_user_file FOLDER/users; alias FOLDER/files/; }
        location /moved/ { rewrite ^/moved/(.*)$ /$1 redirect; }
        location /round/ { return 302 /round/again; }
        location /down/ { return 302 http://127.0.0.1:PORT/x.pkl; }
    }
}
)";

std::vector<std::string> lines_of(const std::string& path) {
    std::vector<std::string> lines;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

}  // namespace

WebServer::WebServer() {
    const std::uint16_t port = free_port(), secure = free_port();
    port_text_ = std::to_string(port);
    secure_port_ = std::to_string(secure);
    std::filesystem::create_directory(folder_ / "files");
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
    write_file(folder_ / "users", "user:{PLAIN}open sesame\n");
    const ToolResult made = run_tool(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost "
        "-keyout " +
        test::quoted(folder_ / "key.pem") + " -out " + test::quoted(folder_ / "cert.pem"));
    if (made.status != 0) throw std::runtime_error("openssl: " + made.output);
    std::string text = replaced(configuration, "FOLDER", folder_.path());
    text = replaced(replaced(text, "PORT", port_text_), "SECURE", secure_port_);
    write_file(folder_ / "nginx.conf", text);
    server_.emplace(std::vector<std::string>{"/usr/sbin/nginx", "-p", folder_.path(), "-c", folder_ / "nginx.conf",
                                             "-e", folder_ / "error.log"},
                    port, folder_ / "log");
}

// nginx writes its line after the answer.
std::vector<std::string> WebServer::requests() const {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return lines_of(folder_ / "access.log");
}

std::uint64_t WebServer::bytes_sent() const {
    std::uint64_t sum = 0;
    for (const std::string& line : requests()) sum += std::stoull(line.substr(line.rfind(' ') + 1));
    return sum;
}

LyingServer::LyingServer() {
    const std::uint16_t port = free_port();
    std::filesystem::create_directory(folder_ / "files");
    server_.emplace(std::vector<std::string>{"/usr/bin/python3", JL_SOURCE_DIR "/tests/remote/lying_server.py",
                                             std::to_string(port), folder_ / "files", folder_ / "requests"},
                    port, folder_ / "log");
}

std::vector<std::string> LyingServer::requests() const { return lines_of(folder_ / "requests"); }

}  // namespace jl::test
