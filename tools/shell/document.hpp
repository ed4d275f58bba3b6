// A file opened for a tool, whatever its codec, with bounded memory: what it is, and the value in it, or one of
// several.
//
//     Opened file = open_document("x.pkl.gz", {.program = "jlunpack", .payloads = Payloads::checked}); file.info.format
//     file.root
//     Objects log("log.pkl", options);   log.open(log.count()).root
//
// Compressed files and pipes ("-" is standard input) are first decoded into a temporary file without a name; what is
// plain is mapped where it lies. What a URL stands for is read by range where only the graph is needed and that can be,
// else copied into such a file. Errors name the file as it was given.
#pragma once

#include <memory>
#include <string>

#include <jl/contents.hpp>

#include "shell/temporary_file.hpp"

namespace jl::shell {

// checked: every checksum of the file is compared before anything is taken from it. unread: only the graph is, which is
// enough to list the contents or to look at a few items.
enum class Payloads : std::uint8_t { checked, unread };

struct OpenOptions {
    std::string program;  // that warns on standard error when checksums were asked for and are lost
    Payloads payloads;
    std::string folder = {};  // of temporary files; empty: the usual one
    unsigned n_threads = 0;
    ProgressCallback progress = {};
};

struct Opened {
    std::string name;  // for messages: "standard input" for "-"
    FileInfo info;     // of the object
    Value root;
    std::uint64_t objects = 1;  // that the file holds
};

// A file whose objects can be opened one by one.
class Objects {
  public:
    Objects(const std::string& path, OpenOptions options);

    const std::string& name() const noexcept { return name_; }
    std::uint64_t count() const noexcept { return several() ? contents_.objects.size() : 1; }
    bool several() const noexcept { return !contents_.objects.empty(); }  // objects, or one and a torn end
    // Where each is, and why what follows the last one is none; empty unless there are several.
    const Contents& contents() const noexcept { return contents_; }
    // Counted from 1; Error{missing} where there is none of that number.
    Opened open(std::uint64_t number) const;

  private:
    bool find_by_range(const std::string& url);
    void find_in_file();
    void find_decoded();
    void take(Contents contents);
    Opened open_one_of(const ObjectInfo& object) const;

    std::string name_;
    OpenOptions options_;
    std::string path_;                        // that the library is given
    std::unique_ptr<TemporaryFile> spooled_;  // pipes, URLs
    std::unique_ptr<TemporaryFile> decoded_;  // a compressed file of one object
    FileInfo info_;
    Contents contents_;
};

// The first object, or the only one.
Opened open_document(const std::string& path, const OpenOptions& options);
// `path` itself, or for "-" and pipes the path of what was read from there; `keep` owns it.
std::string regular_path(const std::string& path, const std::string& folder, std::unique_ptr<TemporaryFile>& keep);
// Runs `work`; errors about a path that no user knows name `name` instead.
void with_name(const std::string& name, const std::function<void()>& work);
std::string name_of_input(const std::string& path);

}  // namespace jl::shell
