// A real S3 server (moto, s3_server.py), which checks signatures, and misbehaves when it is told so.
//
//     S3Server s3;   jl::dump(obj, jl::S3Sink(s3.place("x.pkl")));   s3.misbehave("1 PUT x.pkl slow");
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <jl/s3.hpp>

#include "remote/support/server.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {

class S3Server {
  public:
    S3Server();
    // Whether there is what it runs on: without it tests skip, unless nothing may be missing.
    static bool is_installed();

    // With the credentials of "user", or of "role", which has a session token; short pauses.
    S3Place place(const std::string& key, const std::string& who = "user") const;
    void set_environment() const;  // AWS_…: what s3://bucket/key is opened with, without short pauses
    // Lines as s3_server.py has them; what was told before is forgotten.
    void misbehave(const std::string& lines) const { write_file(folder_ / "faults", lines + "\n"); }
    // "PUT /bucket/x.pkl 200 ", one a request so far.
    std::vector<std::string> requests() const;
    // Of another program, boto3: objects, and "upload of KEY" for uploads that are under way.
    std::vector<std::string> keys() const { return client("keys"); }
    void abort_uploads() const { (void)client("abort"); }
    std::string get(const std::string& key) const;
    void put(const std::string& key, const std::string& bytes) const;
    std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
    void stop() { server_->stop(); }

  private:
    std::vector<std::string> client(const std::string& words) const;

    TempDir folder_;
    std::optional<Server> server_;
};

}  // namespace jl::test
