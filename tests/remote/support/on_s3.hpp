// Tests that have an S3 server of their own, one for each suite.
#pragma once

#include <gtest/gtest.h>
#include <memory>

#include "remote/support/s3_server.hpp"

namespace jl::test {

class OnS3 : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (S3Server::is_installed()) server_ = std::make_unique<S3Server>();
    }
    static void TearDownTestSuite() { server_.reset(); }
    void SetUp() override {
        if (!server_) GTEST_SKIP() << "no S3 server is installed: tests/remote/make_venv.py makes one";
        server_->misbehave("");
    }
    static S3Server& s3() { return *server_; }
    static bool has_s3() { return server_ != nullptr; }

  private:
    static inline std::unique_ptr<S3Server> server_;
};

}  // namespace jl::test
