// Inputs of jlpack: what a file holds, told to an emitter. A source file each kind.
//
//     auto input = open_input("x.npy", options);   input->emit(out);
//
// Opening checks what can be checked cheaply; emit() reads the rest, arrays piece by piece or from a map. An input
// lives until the dump is complete. Errors are jl::Error; whoever opens or emits adds the file's name.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <jl/dtype.hpp>
#include <jl/emitter.hpp>
#include <jl/progress.hpp>

#include "shell/mapped_file.hpp"
#include "shell/number.hpp"

namespace jl::pack {

class Input {
  public:
    virtual ~Input() = default;
    virtual void emit(Emitter& out) const = 0;
    virtual std::uint64_t payload_bytes() const { return 0; }  // of arrays, for the progress bar
};

struct InputOptions {
    std::string format = {};          // --format; empty: by name and content
    std::optional<DType> dtype = {};  // of raw binary
    shell::Shape shape = {};
    std::string folder = {};  // of temporary files
    unsigned n_threads = 0;
    ProgressCallback progress = {};
};

// `path` "-" is standard input. Compressed .npy.gz, .csv.gz, … are decoded first. Errors name the file.
std::unique_ptr<Input> open_input(const std::string& given, const InputOptions& options);
// "npy", "npz", "csv", "json", "txt", "raw", "pkl" by the end of a file's name, codec left out; empty where it tells
// nothing.
std::string format_by_name(const std::string& path);
// "model" of "folder/model.pkl.gz".
std::string stem_of(const std::string& path);

std::unique_ptr<Input> open_npy(shell::MappedFile file);
std::unique_ptr<Input> open_npz(shell::MappedFile file);
std::unique_ptr<Input> open_csv(shell::MappedFile file);
std::unique_ptr<Input> open_json(shell::MappedFile file);
std::unique_ptr<Input> open_text(shell::MappedFile file);
std::unique_ptr<Input> open_raw(shell::MappedFile file, const InputOptions& options);
std::unique_ptr<Input> open_pickle(const std::string& path, const InputOptions& options);

}  // namespace jl::pack
