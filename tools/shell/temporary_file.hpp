// A temporary file without a name: it is gone with its descriptor, whatever happens to the program.
//
//     TemporaryFile file(folder);   jl::decode("x.pkl.gz", file.sink());   jl::load(file.path());
//
// Error{io} naming the folder.
#pragma once

#include <string>

#include "shell/output.hpp"

namespace jl::shell {

class TemporaryFile {
  public:
    explicit TemporaryFile(const std::string& folder);
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile();

    Sink& sink() noexcept { return sink_; }
    // Opens the file again; not a name that other programs would know.
    std::string path() const;

    // Where temporary files go: TMPDIR, else /tmp.
    static std::string usual_folder();

  private:
    int descriptor_;
    DescriptorSink sink_;
};

}  // namespace jl::shell
