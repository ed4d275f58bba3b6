// The table of the matrix test: values that C++ and Python both have. Each sample is a C++ value and the Python
// expression that equals it; matrix.py evaluates the expression, and nothing else says what is right.
//
//     samples.add("double_tenth", 0.1, "0.1");
//     samples.add_made("unique_ptr", [] { return std::make_unique<int>(7); }, "7");
//     samples.add_written("span", std::span<const int>(numbers), "np.array([1, 2], 'i4')", "a span owns nothing");
//     samples.add_read("int_of_numpy", 5, "np.int16(5)", "C++ writes a plain int");
//
// Each is written by one language and read by the other in every arrangement and codec.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "interop/matrix_typed.hpp"

namespace interop {

inline constexpr std::array<std::string_view, 2> matrix_codecs{"", ".gz"};

class Samples {
  public:
    template <class T>
    void add(std::string name, T value, std::string python) {
        add_made(
            std::move(name), [value = std::move(value)] { return value; }, std::move(python));
    }
    // For what cannot be copied, or whose copies are the same object: `make` returns the value, equal each time.
    template <class Make>
    void add_made(std::string name, Make make, std::string python) {
        put<true>(Facts{std::move(name), std::move(python), {}, {}}, std::move(make));
    }
    // C++ to Python only.
    template <class T>
    void add_written(std::string name, T value, std::string python, std::string reason) {
        put<false>(Facts{std::move(name), std::move(python), std::move(reason), {}},
                   [value = std::move(value)] { return value; });
    }
    // Python to C++ only: what Python has and C++ writes as something else.
    template <class T>
    void add_read(std::string name, T value, std::string python, std::string reason) {
        put<true>(Facts{std::move(name), std::move(python), {}, std::move(reason)},
                  [value = std::move(value)] { return value; });
    }

    const std::vector<std::unique_ptr<Sample>>& all() const noexcept { return all_; }

  private:
    template <bool loads, class Make>
    void put(Facts facts, Make make) {
        all_.push_back(std::make_unique<TypedSample<Make, loads>>(std::move(facts), std::move(make)));
    }

    std::vector<std::unique_ptr<Sample>> all_;
};

void add_numbers(Samples& samples);
void add_times(Samples& samples);
void add_text(Samples& samples);
void add_vectors(Samples& samples);
void add_lists(Samples& samples);
void add_tables(Samples& samples);
void add_choices(Samples& samples);
void add_pointers(Samples& samples);
void add_structs(Samples& samples);
void add_structured(Samples& samples);
void add_xtensor(Samples& samples);
void add_views(Samples& samples);
void add_eigen(Samples& samples);
void add_values(Samples& samples);
void add_readings(Samples& samples);

}  // namespace interop
