#include "remote/support/s3_server.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/tool.hpp"

namespace jl::test {
namespace {

struct Credentials {
    std::string id, secret, token;
};

Credentials credentials_of(const std::string& path, const std::string& who) {
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string name;
        Credentials found;
        words >> name >> found.id >> found.secret >> found.token;
        if (name == who) return found;
    }
    throw std::runtime_error("the S3 server knows no " + who);
}

}  // namespace

bool S3Server::is_installed() { return std::filesystem::exists(JL_S3_PYTHON); }

S3Server::S3Server() {
    const std::uint16_t port = free_port();
    server_.emplace(std::vector<std::string>{JL_S3_PYTHON, "-B", JL_SOURCE_DIR "/tests/remote/s3_server.py",
                                             std::to_string(port), folder_.path()},
                    port, folder_ / "log");
}

S3Place S3Server::place(const std::string& key, const std::string& who) const {
    const Credentials found = credentials_of(folder_ / "credentials", who);
    return {.bucket = "bucket",
            .key = key,
            .endpoint = endpoint(),
            .key_id = found.id,
            .secret = found.secret,
            .session_token = found.token,
            .part_bytes = std::size_t{5} << 20,
            .http = {.stall_timeout = std::chrono::seconds(5), .retries = 2, .backoff = std::chrono::milliseconds(1)}};
}

void S3Server::set_environment() const {
    const Credentials found = credentials_of(folder_ / "credentials", "user");
    ::setenv("AWS_ENDPOINT_URL", endpoint().c_str(), 1);
    ::setenv("AWS_ACCESS_KEY_ID", found.id.c_str(), 1);
    ::setenv("AWS_SECRET_ACCESS_KEY", found.secret.c_str(), 1);
    ::unsetenv("AWS_SESSION_TOKEN");
}

std::vector<std::string> S3Server::requests() const {
    std::vector<std::string> lines;
    std::ifstream in(folder_ / "requests");
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

std::vector<std::string> S3Server::client(const std::string& words) const {
    const ToolResult result =
        run_tool(JL_S3_PYTHON " -B " + test::quoted(JL_SOURCE_DIR "/tests/remote/s3_client.py") + " " +
                 std::to_string(server_->port()) + " " + test::quoted(folder_.path()) + " " + words);
    if (result.status != 0) throw std::runtime_error("boto3: " + result.output);
    std::vector<std::string> lines;
    std::istringstream in(result.output);
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) lines.push_back(line);
    return lines;
}

std::string S3Server::get(const std::string& key) const {
    client("get " + test::quoted(key) + " " + test::quoted(folder_ / "value"));
    return read_file(folder_ / "value");
}

void S3Server::put(const std::string& key, const std::string& bytes) const {
    write_file(folder_ / "value", bytes);
    client("put " + test::quoted(key) + " " + test::quoted(folder_ / "value"));
}

}  // namespace jl::test
