// jl::Value: any object graph without a type. Navigate one, build one by hand, turn one into a type.
#include <cstdint>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <jl/jl.hpp>

struct Point {
    double x = 0;
    double y = 0;
};

static bool build() {
    jl::Value document = jl::Value::dict({{"name", "jl"}, {"xs", std::vector<double>{1, 2.5}}});
    jl::Value points = document.set("points", jl::Value::list());
    points.push_back(Point{1, 2});
    points.push_back(points[0]);  // the same object twice: stored once
    document.set(42, jl::Value::tuple({true, {}, "text"}));
    document.set("self", document);  // a cycle
    jl::dump(document, "value.pkl");
    std::cout << document << '\n';
    return document.size() == 5;
}

static bool navigate() {
    const jl::Value any = jl::load("value.pkl");
    for (const auto& [key, value] : any.items()) std::cout << key << ": " << value.kind_name() << '\n';
    const bool same = any["points"][0].same_as(any["points"][-1]) && any["self"].same_as(any);
    const jl::Value xs = any.at("/xs");  // by path, as jlunpack names it
    std::cout << "xs has dtype " << xs.dtype().str() << " and " << xs.size() << " items\n";
    return same && any["points"][0]["y"].as<int>() == 2 && !any.contains("absent") && any[42][1].is_none() &&
           xs.as<std::vector<double>>() == std::vector<double>{1, 2.5};
}

static bool convert() {
    const jl::Value any = jl::load("value.pkl");
    const auto points = any["points"].as<std::vector<Point>>();
    const auto first = any["points"][0].as<std::map<std::string, double>>();  // an object is a dict of its attributes
    try {
        any["xs"].as<std::vector<int>>();  // 2.5 is no int: numbers convert exactly or not at all
        return false;
    } catch (const jl::Error& e) {
        std::cout << e.what() << '\n';
    }
    return points.size() == 2 && first.at("x") == 1;
}

int main() { return build() && navigate() && convert() ? 0 : 1; }
