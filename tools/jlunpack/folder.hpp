// A folder that is written into and never left: no name in it, and no symbolic link, leads elsewhere.
//
//     Folder out = Folder::create("dir");   NewFile file(out.inside("layers"), "w.npy", "dir/layers/w.npy");
//     file.write(bytes);   file.commit();
//
// Resources: move, do not copy. Errors are Error{io} with the name as the user knows it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace jl::unpack {

class Folder {
  public:
    explicit Folder(const std::string& path);       // exists; links in the user's own path are followed
    static Folder create(const std::string& path);  // made where it is missing, with what leads to it
    Folder(Folder&& other) noexcept;
    Folder& operator=(Folder&& other) noexcept;
    ~Folder();

    // The folder `name` in this one, made where it is missing. Error{io} where that is a file or a link.
    Folder inside(const std::string& name) const;
    int descriptor() const noexcept { return descriptor_; }
    const std::string& path() const noexcept { return path_; }

  private:
    Folder(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
    int descriptor_;
    std::string path_;
};

// A file that appears under its name, in place of what was there, when it is complete; else it is removed.
class NewFile {
  public:
    NewFile(const Folder& folder, std::string name, std::string shown);
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile();
    void write(std::span<const std::byte> bytes);
    void commit();
    int descriptor() const noexcept { return descriptor_; }

  private:
    const Folder& folder_;
    std::string name_;
    std::string shown_;  // for messages
    std::string temporary_;
    int descriptor_ = -1;
};

}  // namespace jl::unpack
