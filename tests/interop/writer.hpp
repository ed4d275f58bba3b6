// Where the values go that Python has to find as they were: write_cases.py says what each case is.
//
//     CaseWriter writer(folder);  writer.put("vector_double", std::vector{1.5, 2.0});
//
// put writes the value raw and by every codec, and once more after a load as jl::Value.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <jl/jl.hpp>

namespace interop {

class CaseWriter {
  public:
    explicit CaseWriter(std::filesystem::path folder) : folder_(std::move(folder)) {
        for (const char* part : {"", "value"}) {
            std::filesystem::create_directories(folder_ / part);
            for (const auto& entry : std::filesystem::directory_iterator(folder_ / part))
                if (entry.path().filename().string().find(".pkl") != std::string::npos)
                    std::filesystem::remove(entry.path());
        }
    }

    template <class T>
    void put(std::string_view name, const T& value) const {
        const std::string file = std::string(name) + ".pkl";
        const std::string plain = folder_ / file;
        jl::dump(value, plain);
        for (const char* ending : {".gz", ".z", ".bz2", ".lzma", ".xz", ".lz4", ".zst"})
            jl::dump(value, plain + ending);
        const jl::Value any = jl::load(plain);
        jl::dump(any, std::string(folder_ / "value" / file));
    }

    const std::filesystem::path& folder() const noexcept { return folder_; }

  private:
    std::filesystem::path folder_;
};

void put_scalars(const CaseWriter& writer);
void put_containers(const CaseWriter& writer);
void put_pointers(const CaseWriter& writer);
void put_structs(const CaseWriter& writer);
void put_arrays(const CaseWriter& writer);
void put_eigen(const CaseWriter& writer);
void put_values(const CaseWriter& writer);
void put_packed(const CaseWriter& writer);
void put_two(const CaseWriter& writer);

}  // namespace interop
