#include "shell/traversal.hpp"

#include <charconv>
#include <unordered_map>
#include <utility>

#include <jl/error.hpp>

namespace jl::shell {
namespace {

using Pairs = std::vector<std::pair<Value, Value>>;

class Traversal {
  public:
    explicit Traversal(Visitor& visitor) : visitor_(visitor) {}

    void run(const Value& root) {
        node(root, [] { return Places::root; });
        while (!tasks_.empty()) step();
    }

  private:
    enum class What : std::uint8_t { indexed, listed, paired, behind_pair, state, close };
    struct Task {
        What what;
        Part part = Part::items;
        std::uint32_t place = 0;
        std::size_t next = 0;
        Value value = {};              // indexed, state, close: the node
        std::vector<Value> list = {};  // listed
        Pairs pairs = {};              // paired
        bool in_value = false;         // paired: the key was visited
    };

    std::uint32_t add(std::uint32_t parent, std::string step) { return places_.add(parent, std::move(step)); }

    // Known already: told as a reference. `place` is asked for only by nodes that can be found by path.
    template <class PlaceOf>
    void node(const Value& value, PlaceOf place_of) {
        const Kind kind = value.kind();
        const bool empty_tuple = kind == Kind::tuple && value.size() == 0;
        const bool has_place = kind >= Kind::list && kind != Kind::scalar && kind != Kind::class_ref && !empty_tuple;
        if (!has_place && !(kind == Kind::bytes && value.is_bytearray())) {
            if (!empty_tuple) return visitor_.leaf(value, {&places_, Places::root});
            return open(value, Places::root);
        }
        if (const auto known = seen_.find(value.identity()); known != seen_.end())
            return visitor_.reference(places_.path(known->second));
        const std::uint32_t place = place_of();
        seen_.emplace(value.identity(), place);
        const bool plain_array = kind == Kind::array && !value.dtype().has_object();
        if (plain_array || kind == Kind::bytes) return visitor_.leaf(value, {&places_, place});
        open(value, place);
    }

    // What is pushed last comes first.
    void open(const Value& value, std::uint32_t place) {
        visitor_.open(value, {&places_, place});
        tasks_.push_back({What::close, Part::items, place, 0, value});
        if (value.kind() == Kind::dict) {
            visitor_.begin(Part::pairs);
            tasks_.push_back({What::paired, Part::pairs, place, 0, {}, {}, value.items()});
        } else if (value.kind() == Kind::object) {
            open_object(value, place);
        } else {
            visitor_.begin(Part::items);
            tasks_.push_back({What::indexed, Part::items, place, 0, value});
        }
    }

    void open_object(const Value& value, std::uint32_t place) {
        tasks_.push_back({What::state, Part::state, place, 0, value});
        if (auto entries = value.dict_items(); !entries.empty())
            tasks_.push_back({What::paired, Part::entries, place, 0, {}, {}, std::move(entries)});
        if (auto items = value.list_items(); !items.empty())
            tasks_.push_back({What::listed, Part::appended, place, 0, {}, std::move(items)});
        const Value args = value.args();
        const bool given = args.kind() == Kind::tuple && args.size() > 0;
        tasks_.push_back({What::listed,
                          Part::args,
                          given ? add(place, "args") : place,
                          0,
                          {},
                          given ? args.elements() : std::vector<Value>()});
    }

    void step() {
        Task& task = tasks_.back();
        switch (task.what) {
            case What::indexed:
                return step_items(task, task.value.size(), [](const Task& t, std::size_t i) { return t.value[i]; });
            case What::listed:
                if (task.next == 0) visitor_.begin(task.part);
                return step_items(task, task.list.size(), [](const Task& t, std::size_t i) { return t.list[i]; });
            case What::paired:
                return step_pairs(task);
            case What::state:
                return step_state(task);
            default:
                visitor_.close(std::exchange(task.value, {}));
                tasks_.pop_back();
        }
    }

    template <class ItemAt>
    void step_items(Task& task, std::size_t count, ItemAt item_at) {
        if (task.next == count) return finish(task.part);
        if (task.next > 0) visitor_.next();
        const std::size_t index = task.next++;
        const std::uint32_t parent = task.place;
        node(item_at(task, index), [&] { return add(parent, std::to_string(index)); });  // `task` is gone now
    }

    void step_pairs(Task& task) {
        if (task.next == 0 && !task.in_value && task.part == Part::entries) visitor_.begin(task.part);
        if (!task.in_value && task.next > 0) visitor_.paired();
        if (task.next == task.pairs.size()) return finish(task.part);
        const auto& [key, value] = task.pairs[task.next];
        const std::size_t index = task.next;
        const std::uint32_t parent = task.place;
        const auto place = [&, key = key] { return add(parent, step_to(key, index)); };
        if (!task.in_value) {
            if (index > 0) visitor_.next();
            visitor_.key();
            task.in_value = true;
            return node(Value(key), place);
        }
        visitor_.value();
        task.in_value = false;
        ++task.next;
        node(Value(value), place);
    }

    void step_state(Task& task) {
        if (task.next++ > 0) return finish(Part::state);
        visitor_.begin(Part::state);
        const std::uint32_t place = task.place;
        const Value state = task.value.state();
        if (state.kind() == Kind::dict) return node(state, [place] { return place; });
        node(state, [&] { return add(place, "state"); });
    }

    void finish(Part part) {
        tasks_.pop_back();
        visitor_.end(part);
    }

    Visitor& visitor_;
    Places places_;
    std::unordered_map<std::uintptr_t, std::uint32_t> seen_;
    std::vector<Task> tasks_;
};

class ArrayVisitor final : public Visitor {
  public:
    explicit ArrayVisitor(const std::function<void(const Value&, const Place&)>& visit) : visit_(visit) {}
    void leaf(const Value& value, const Place& at) override {
        if (value.kind() == Kind::array) visit_(value, at);
    }

  private:
    const std::function<void(const Value&, const Place&)>& visit_;
};

}  // namespace

std::uint32_t Places::add(std::uint32_t parent, std::string step) {
    if (entries_.size() > 0xFFFF'FFFF) throw Error(ErrorCode::limit, "more than 4294967295 nodes");
    entries_.push_back({parent, std::move(step)});
    return static_cast<std::uint32_t>(entries_.size() - 1);
}

std::string Places::path(std::uint32_t place) const {
    if (place == root) return "/";
    std::vector<std::uint32_t> chain;
    for (; place != root; place = entries_[place].parent) chain.push_back(place);
    std::string result;
    for (std::size_t i = chain.size(); i-- > 0;) {
        result += '/';
        result += escaped_step(entries_[chain[i]].step);
    }
    return result;
}

std::string escaped_step(std::string_view step) {
    std::string result;
    for (const char c : step) {
        if (c == '/' || c == '%')
            result += c == '/' ? "%2F" : "%25";
        else
            result += c;
    }
    return result;
}

std::string step_to(const Value& key, std::size_t index) {
    if (key.kind() == Kind::text) {
        const auto bytes = key.raw_bytes();
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    if (key.kind() == Kind::integer) {
        std::string number = key.number_text();
        std::int64_t value = 0;
        if (std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc()) return number;
    }
    return "#" + std::to_string(index);
}

void traverse(const Value& root, Visitor& visitor) { Traversal(visitor).run(root); }

void for_each_array(const Value& root, const std::function<void(const Value&, const std::string&)>& visit) {
    const std::function<void(const Value&, const Place&)> with_path = [&](const Value& array, const Place& at) {
        visit(array, at.path());
    };
    ArrayVisitor visitor(with_path);
    traverse(root, visitor);
}

std::uint64_t payload_bytes(const Value& root) {
    std::uint64_t total = 0;
    const std::function<void(const Value&, const Place&)> count = [&](const Value& array, const Place&) {
        total += array.nbytes();
    };
    ArrayVisitor visitor(count);
    traverse(root, visitor);
    return total;
}

}  // namespace jl::shell
