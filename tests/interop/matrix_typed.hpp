// One sample of the matrix in its arrangements: alone, nested, shared, in a struct; written, read by its type, and read
// without one.
//
//     sample.dump(Arrangement::shared, "x.pkl");   std::string fault = sample.read(Arrangement::shared, "x.pkl",
//     false);
#pragma once

#include <array>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <jl/jl.hpp>

#include "interop/matrix_same.hpp"

namespace interop {

enum class Arrangement { plain, nested, shared, in_struct };
inline constexpr std::array<std::pair<Arrangement, std::string_view>, 4> arrangements{
    {{Arrangement::plain, "plain"},
     {Arrangement::nested, "nested"},
     {Arrangement::shared, "shared"},
     {Arrangement::in_struct, "struct"}}};

struct Facts {
    std::string name;
    std::string python;      // the expression that equals the value
    std::string write_only;  // why its type cannot be loaded; empty: it can
    std::string read_only;   // why C++ does not write this; empty: it does
};

class Sample {
  public:
    explicit Sample(Facts facts) : facts_(std::move(facts)) {}
    virtual ~Sample() = default;
    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;

    const Facts& facts() const noexcept { return facts_; }
    virtual void dump(Arrangement how, const std::filesystem::path& path) const = 0;
    // What is not as it was, typed or untyped; empty when all is. `by_jl`: the file is our own, in which shared arrays
    // are shared too (joblib stores an array each time it meets it).
    virtual std::string read(Arrangement how, const std::filesystem::path& path, bool by_jl) const = 0;

  private:
    Facts facts_;
};

template <class T>
struct Held {
    std::string name;
    T value;
};

// The C++ type of each arrangement, how it is made, and what differs in one that was loaded.
template <class Make>
struct Arranged {
    using T = std::remove_cvref_t<std::invoke_result_t<const Make&>>;
    using Nested = std::map<std::string, std::list<T>>;
    using Shared = std::list<std::shared_ptr<T>>;

    static Nested nested(const Make& make) {
        Nested made;
        made["items"].push_back(make());
        made["items"].push_back(make());
        return made;
    }
    static Shared shared(const Make& make) {
        const auto pointer = std::make_shared<T>(make());
        return {pointer, pointer};
    }
    static Held<T> held(const Make& make) { return {"held", make()}; }

    static std::string fault(const T& found, const Make& make, bool) { return same(found, make()) ? "" : "is another"; }
    static std::string fault(const Nested& found, const Make& make, bool) {
        const auto items = found.find("items");
        if (found.size() != 1 || items == found.end() || items->second.size() != 2) return "is no dict of one list";
        const bool equal = same(items->second.front(), make()) && same(items->second.back(), make());
        return equal ? "" : "is another";
    }
    static std::string fault(const Shared& found, const Make& make, bool identity) {
        if (found.size() != 2) return "is no list of two";
        if (!found.front()) return jl::Value(make()).is_none() && !found.back() ? "" : "is gone";
        if (!same(*found.front(), make()) || !same(*found.back(), make())) return "is another";
        return identity && found.front() != found.back() ? "was one object and came back as two" : "";
    }
    static std::string fault(const Held<T>& found, const Make& make, bool) {
        return found.name == "held" && same(found.value, make()) ? "" : "is another";
    }
};

// The places of an arrangement that hold the sample.
std::vector<jl::Value> places_of(Arrangement how, const jl::Value& arranged);
// Whether two places that hold one Python object of this kind are the same again after a load.
bool keeps_identity(const jl::Value& value, bool by_jl);

template <class Make, bool loads>
class TypedSample final : public Sample {
  public:
    TypedSample(Facts facts, Make make) : Sample(std::move(facts)), make_(std::move(make)) {}

    void dump(Arrangement how, const std::filesystem::path& path) const override {
        switch (how) {
            case Arrangement::plain:
                return jl::dump(make_(), path);
            case Arrangement::nested:
                return jl::dump(In::nested(make_), path);
            case Arrangement::shared:
                return jl::dump(In::shared(make_), path);
            case Arrangement::in_struct:
                return jl::dump(In::held(make_), path);
        }
    }

    std::string read(Arrangement how, const std::filesystem::path& path, bool by_jl) const override {
        if constexpr (loads) {
            const jl::Value any = jl::load(path);
            const std::vector<jl::Value> places = places_of(how, any);
            for (const jl::Value& place : places)
                if (!same(place.as<typename In::T>(), make_())) return "untyped: is another";
            const bool identity = how == Arrangement::shared && keeps_identity(places[0], by_jl);
            if (identity && !places[0].same_as(places[1])) return "untyped: was one object and came back as two";
            return typed(how, path, identity);
        }
        return "cannot be loaded";
    }

  private:
    using In = Arranged<Make>;

    std::string typed(Arrangement how, const std::filesystem::path& path, bool identity) const {
        switch (how) {
            case Arrangement::plain:
                return In::fault(jl::load<typename In::T>(path), make_, identity);
            case Arrangement::nested:
                return In::fault(jl::load<typename In::Nested>(path), make_, identity);
            case Arrangement::shared:
                return In::fault(jl::load<typename In::Shared>(path), make_, identity);
            case Arrangement::in_struct:
                return In::fault(jl::load<Held<typename In::T>>(path), make_, identity);
        }
        return "is no arrangement";
    }

    Make make_;
};

}  // namespace interop
