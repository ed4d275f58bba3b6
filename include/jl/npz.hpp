// The members of a .npz archive one by one, without loading it.
//
//     jl::NpzFile archive("data.npz");
//     for (const jl::NpzMember& m : archive.members()) std::cout << m.key << ' ' << m.header->nbytes << '\n';
//     auto bytes = archive.open(0);   bytes->read(…);      // the .npy as it is in the archive, inflated on the way
//
// jl::load reads a whole archive as a dict. Stored and deflated members, zip64 included. Opening reads the directory
// and the header of each array; what is wrong with one member is thrown when that one is opened. Errors are jl::Error
// naming archive and member. Thread-safe for reading.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <jl/limits.hpp>
#include <jl/npy.hpp>
#include <jl/source.hpp>

namespace jl {

struct NpzMember {
    std::string name;                      // in the archive: "weights.npy"
    std::string key;                       // without ".npy"
    std::uint64_t size = 0;                // of all its bytes, header included
    std::optional<NpyHeader> header = {};  // none: not an array, its bytes as they are; or one that open() refuses
};

class NpzFile {
  public:
    // Limits: ratio of each member, bytes of the directory and (16 times) of all headers.
    explicit NpzFile(const std::filesystem::path& path, const Limits& limits = {});
    // The source stays with the archive.
    explicit NpzFile(std::shared_ptr<const RandomSource> archive, const Limits& limits = {});
    NpzFile(NpzFile&&) noexcept;
    NpzFile& operator=(NpzFile&&) noexcept;
    ~NpzFile();

    const std::vector<NpzMember>& members() const noexcept;  // in the order of the archive, folders left out
    // The member's bytes; at their end length and checksum are compared. The archive outlives the result.
    // Precondition: member < members().size().
    std::unique_ptr<Source> open(std::size_t member) const;

    struct Implementation;

  private:
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace jl
