// A store of one's own, in memory: what a user would write, and a count of what Memory asks of it.
//
//     register_shelf();   jl::Memory mem("any name", {.backend = "shelf"});   shelf("any name").lists
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <jl/store_backend.hpp>

namespace jl::test {

// Stays when the stores that show it go.
struct Shelf {
    struct Item {
        std::shared_ptr<const std::vector<std::byte>> output;
        std::string metadata;
        StoreTime last_access;
        bool pinned = false;
    };
    std::mutex mutex;
    std::map<EntryId, Item> items;
    int lists = 0;
    bool fails = false;  // everything that writes
};

inline std::shared_ptr<Shelf> shelf(const std::string& name) {
    static std::mutex mutex;
    static std::map<std::string, std::shared_ptr<Shelf>> all;
    const std::lock_guard lock(mutex);
    auto& found = all[name];
    if (!found) found = std::make_shared<Shelf>();
    return found;
}

class ShelfStore final : public StoreBackend {
  public:
    explicit ShelfStore(const StoreOptions& options) : name_(options.location), shelf_(shelf(options.location)) {}

    std::string place() const override { return "shelf " + name_; }
    bool contains(const EntryId& id) override {
        const std::lock_guard lock(shelf_->mutex);
        return shelf_->items.contains(id);
    }
    std::string metadata(const EntryId& id) override {
        const std::lock_guard lock(shelf_->mutex);
        const auto found = shelf_->items.find(id);
        return found != shelf_->items.end() ? found->second.metadata : "";
    }
    std::optional<StoredOutput> find(const EntryId& id, Use use) override {
        const std::lock_guard lock(shelf_->mutex);
        const auto found = shelf_->items.find(id);
        if (found == shelf_->items.end()) return std::nullopt;
        if (use == Use::counts) found->second.last_access = std::chrono::system_clock::now();
        return StoredOutput{{}, std::make_shared<Kept>(found->second.output), found->second.metadata};
    }
    std::unique_ptr<EntryWriter> create(const EntryId& id) override {
        if (shelf_->fails) throw Error(ErrorCode::io, "the shelf is full");
        return std::make_unique<Writer>(shelf_, id);
    }
    bool remove(const EntryId& id) override {
        const std::lock_guard lock(shelf_->mutex);
        return shelf_->items.erase(id) > 0;
    }
    void remove_function(std::string_view function) override {
        const std::lock_guard lock(shelf_->mutex);
        std::erase_if(shelf_->items, [&](const auto& each) { return each.first.function == function; });
    }
    void clear() override {
        const std::lock_guard lock(shelf_->mutex);
        shelf_->items.clear();
    }
    bool pin(const EntryId& id, Pinned pinned) override {
        const std::lock_guard lock(shelf_->mutex);
        const auto found = shelf_->items.find(id);
        if (found == shelf_->items.end()) return false;
        found->second.pinned = pinned == Pinned::yes;
        return true;
    }
    void list(const Visit& visit) override {
        std::vector<EntryInfo> all;
        {
            const std::lock_guard lock(shelf_->mutex);
            ++shelf_->lists;
            for (const auto& [id, item] : shelf_->items)
                all.push_back({id, item.output->size() + item.metadata.size(), item.last_access, item.pinned});
        }
        for (const EntryInfo& each : all) visit(each);
    }

  private:
    class Kept final : public RandomSource {
      public:
        explicit Kept(std::shared_ptr<const std::vector<std::byte>> bytes) : bytes_(std::move(bytes)) {}
        std::uint64_t size() const override { return bytes_->size(); }
        void read_at(std::uint64_t offset, std::span<std::byte> into) const override {
            MemorySource(*bytes_).read_at(offset, into);
        }

      private:
        std::shared_ptr<const std::vector<std::byte>> bytes_;
    };
    class Writer final : public EntryWriter {
      public:
        Writer(std::shared_ptr<Shelf> to, EntryId id) : shelf_(std::move(to)), id_(std::move(id)) {}
        Sink& output() override { return sink_; }
        void commit(std::string_view metadata) override {
            const std::lock_guard lock(shelf_->mutex);
            auto& item = shelf_->items[id_];
            item = {std::make_shared<const std::vector<std::byte>>(sink_.take()), std::string(metadata),
                    std::chrono::system_clock::now(), item.pinned};
        }

      private:
        std::shared_ptr<Shelf> shelf_;
        EntryId id_;
        MemorySink sink_;
    };

    std::string name_;
    std::shared_ptr<Shelf> shelf_;
};

inline void register_shelf() {
    register_store_backend(
        "shelf", [](const StoreOptions& options) { return std::make_shared<ShelfStore>(options); }, Replace::yes);
}

}  // namespace jl::test
