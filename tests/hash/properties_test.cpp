// Random values: equal ones have equal keys, however they are built; others have others.
#if defined(JL_HAS_XXHASH)

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <jl/jl.hpp>

#include "hash/support/key.hpp"
#include "support/random.hpp"

namespace jl::test {
namespace {

// What a value is, apart from how it lies in memory.
struct Model {
    enum class Kind { integer, real, text, bytes, array, list, tuple, dict, object } kind = Kind::integer;
    std::int64_t number = 0;
    std::vector<std::uint64_t> shape = {};
    std::vector<std::shared_ptr<Model>> items = {};
};

std::shared_ptr<Model> random_model(Random& random, int depth) {
    auto model = std::make_shared<Model>();
    model->kind = static_cast<Model::Kind>(random.below(depth == 0 ? 5 : 9));
    model->number = random.between(-300, 300);
    if (model->kind == Model::Kind::array) {
        for (std::uint64_t i = random.below(4); i > 0; --i) model->shape.push_back(random.below(8));
        if (random.below(20) == 0) model->shape = {300, 500};
    }
    if (model->kind < Model::Kind::list) return model;
    for (std::uint64_t i = random.below(6); i > 0; --i) {
        const bool again = !model->items.empty() && random.below(4) == 0;
        model->items.push_back(again ? model->items[random.below(model->items.size())]
                                     : random_model(random, depth - 1));
    }
    return model;
}

// One of the many ways to build it: parts shared or copied, dicts in any order, arrays in both.
class Builder {
  public:
    explicit Builder(Random& random) : random_(random) {}

    Value build(const std::shared_ptr<Model>& model) {
        const auto built = built_.find(model.get());
        if (built != built_.end() && random_.below(2) == 0) return built->second;
        return built_[model.get()] = made(*model);
    }

  private:
    Value made(const Model& model) {
        switch (model.kind) {
            case Model::Kind::integer:
                return model.number;
            case Model::Kind::real:
                return static_cast<double>(model.number) / 4;
            case Model::Kind::text:
                return std::string(static_cast<std::size_t>(std::abs(model.number)), 'x');
            case Model::Kind::bytes:
                return std::vector<std::byte>(static_cast<std::size_t>(std::abs(model.number)), std::byte{1});
            case Model::Kind::array:
                return array(model);
            case Model::Kind::list:
            case Model::Kind::tuple: {
                Value made = Value::list();
                for (const auto& item : model.items) made.push_back(build(item));
                return model.kind == Model::Kind::list ? made : Value(std::tuple(made, model.number));
            }
            default:
                return named(model);
        }
    }
    Value named(const Model& model) {
        std::vector<std::size_t> order(model.items.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random_.below(i)]);
        Value made = model.kind == Model::Kind::dict ? Value::dict() : Value::object();
        for (const std::size_t i : order) made.set("item " + std::to_string(i), build(model.items[i]));
        return made;
    }
    Value array(const Model& model) {
        Array<double> array(model.shape, random_.below(2) == 0 ? 'C' : 'F');
        std::vector<std::uint64_t> index(model.shape.size(), 0);
        for (std::size_t i = 0; i < array.size(); ++i) {
            std::size_t at = 0;
            for (std::size_t axis = 0; axis < index.size(); ++axis) {
                const std::size_t a = array.order() == 'C' ? axis : index.size() - 1 - axis;
                at = at * model.shape[a] + index[a];
            }
            array.data()[at] = static_cast<double>(model.number) + static_cast<double>(i);
            for (std::size_t axis = index.size(); axis-- > 0;) {
                if (++index[axis] < model.shape[axis]) break;
                index[axis] = 0;
            }
        }
        return array;
    }

    Random& random_;
    std::map<const Model*, Value> built_;
};

void collect(const std::shared_ptr<Model>& model, std::vector<std::shared_ptr<Model>>& all) {
    all.push_back(model);
    for (const auto& item : model->items) collect(item, all);
}

// False where the value has no number to be changed.
bool mutate(Model& model) {
    const bool empty = std::find(model.shape.begin(), model.shape.end(), 0U) != model.shape.end();
    if (empty) return model.shape.push_back(1), true;
    if (model.kind == Model::Kind::text || model.kind == Model::Kind::bytes)
        return model.number = std::abs(model.number) + 1, true;
    if (model.kind <= Model::Kind::array || model.kind == Model::Kind::tuple) return ++model.number, true;
    return model.items.push_back(std::make_shared<Model>()), true;
}

TEST(HashProperties, EqualValuesHaveEqualKeysAndMutatedOnesOthers) {
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (int round = 0; round < 400; ++round) {
        const auto model = random_model(random, 4);
        const std::string expected = key(Builder(random).build(model));
        for (int again = 0; again < 3; ++again) ASSERT_EQ(key(Builder(random).build(model)), expected);
        std::vector<std::shared_ptr<Model>> all;
        collect(model, all);
        if (!mutate(*all[random.below(all.size())])) continue;
        ASSERT_NE(key(Builder(random).build(model)), expected);
    }
}

// A graph with cycles: a label for each node, and the nodes it leads to.
struct Graph {
    std::vector<std::uint64_t> labels;
    std::vector<std::vector<std::size_t>> edges;
};

Graph random_graph(Random& random) {
    Graph graph;
    const std::size_t count = 1 + random.below(7);
    for (std::size_t i = 0; i < count; ++i) {
        graph.labels.push_back(random.below(3) / 2);
        auto& edges = graph.edges.emplace_back();
        for (std::uint64_t e = random.below(4); e > 0; --e) edges.push_back(random.below(count));
    }
    return graph;
}

// The same graph to whoever walks in it: several copies of each node, each edge to any copy of its target.
Graph unrolled(const Graph& graph, Random& random) {
    Graph copy;
    const std::size_t count = graph.labels.size();
    const std::size_t times = 1 + random.below(3);
    for (std::size_t i = 0; i < count * times; ++i) {
        copy.labels.push_back(graph.labels[i % count]);
        auto& edges = copy.edges.emplace_back();
        for (const std::size_t to : graph.edges[i % count]) edges.push_back(to + count * random.below(times));
    }
    return copy;
}

enum class Form { lists, sets, dicts };

Value value_of(const Graph& graph, Form form, Random& random) {
    Value all = Value::list();
    std::vector<Value> nodes;
    for (std::size_t i = 0; i < graph.labels.size(); ++i) {
        Value node = all.push_back(form == Form::lists  ? Value::list()
                                   : form == Form::sets ? Value::set()
                                                        : Value::dict());
        nodes.push_back(node);
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto& edges = graph.edges[i];
        const std::size_t turn = form == Form::lists || edges.empty() ? 0 : random.below(edges.size());
        const auto add = [&](const std::string& name, const Value& value) {
            form == Form::dicts ? nodes[i].set(name, value) : nodes[i].push_back(value);
        };
        add("label", static_cast<std::int64_t>(graph.labels[i]));
        for (std::size_t e = 0; e < edges.size(); ++e) {
            const std::size_t at = (e + turn) % edges.size();
            add(std::to_string(at), nodes[edges[at]]);
        }
    }
    return nodes[0];
}

// The coarsest partition in which nodes of one class have one label and lead to the same classes.
std::vector<std::size_t> classes(const Graph& graph, Form form) {
    std::vector<std::size_t> found(graph.labels.begin(), graph.labels.end());
    for (std::size_t round = 0; round <= graph.labels.size(); ++round) {
        std::map<std::pair<std::size_t, std::vector<std::size_t>>, std::size_t> numbers;
        std::vector<std::size_t> next;
        for (std::size_t i = 0; i < found.size(); ++i) {
            std::vector<std::size_t> to;
            for (const std::size_t edge : graph.edges[i]) to.push_back(found[edge]);
            if (form == Form::sets) std::ranges::sort(to);
            next.push_back(numbers.try_emplace({found[i], to}, numbers.size()).first->second);
        }
        found = next;
    }
    return found;
}

bool are_equal(const Graph& a, const Graph& b, Form form) {
    Graph both = a;
    for (std::size_t i = 0; i < b.labels.size(); ++i) {
        both.labels.push_back(b.labels[i]);
        auto& edges = both.edges.emplace_back();
        for (const std::size_t to : b.edges[i]) edges.push_back(to + a.labels.size());
    }
    const auto found = classes(both, form);
    return found[0] == found[a.labels.size()];
}

TEST(HashProperties, GraphsWithCyclesHaveEqualKeysExactlyWhenTheyLookEqual) {
    Random random;
    SCOPED_TRACE(random.seed_text());
    for (const Form form : {Form::lists, Form::sets, Form::dicts}) {
        std::vector<std::pair<Graph, std::string>> seen;
        for (int round = 0; round < 150; ++round) {
            const Graph graph = random_graph(random);
            const std::string expected = key(value_of(graph, form, random));
            for (int again = 0; again < 2; ++again)
                ASSERT_EQ(key(value_of(unrolled(graph, random), form, random)), expected);
            for (const auto& [other, other_key] : seen)
                ASSERT_EQ(other_key == expected, are_equal(graph, other, form)) << round;
            seen.emplace_back(graph, expected);
        }
    }
}

}  // namespace
}  // namespace jl::test

#endif
