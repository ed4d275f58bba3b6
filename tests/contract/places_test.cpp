// The contract of every place that objects go to and come from: the same sentences over each kind.
#include <array>
#include <gtest/gtest.h>
#include <map>

#include <jl/iostreams_device.hpp>

#include "contract/support/kinds.hpp"
#include "support/error.hpp"
#include "support/faulty_io.hpp"
#include "support/peak_memory.hpp"

namespace jl::test {
namespace {

using Table = std::map<std::string, std::vector<double>>;

Table table(std::size_t count = 40'000) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(i * 7919 % 10'007) / 3;
    return {{"few", {1, 2, 3}}, {"many", std::move(values)}};
}

std::string dumped(const Table& value, const DumpOptions& options = {}) {
    MemorySink sink;
    dump(value, sink, options);
    return {reinterpret_cast<const char*>(sink.bytes().data()), sink.bytes().size()};
}

// Uncompressed, and each codec that is built in.
std::vector<Compress> forms() {
    std::vector<Compress> all{Compress()};
    for (const std::string& name : compressors()) all.emplace_back(name, 1);
    return all;
}

using Streams =
    testing::Types<FileStream, StringStream, Stdio, StdioPipe, DescriptorFile, DescriptorPipe, DescriptorSocket,
                   DescriptorThatDoesNotWait, Chain, Device, DevicePipe, Objects, SomeBytesAtATime, OneByteAtATime
#ifdef JL_HAS_CURL
                   ,
                   Http
#endif
#ifdef JL_HAS_HIREDIS
                   ,
                   Redis
#endif
#ifdef JL_HAS_SQLITE
                   ,
                   Sqlite
#endif
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)
                   ,
                   S3
#endif
                   >;

template <class... Kinds>
auto with_whole_ones(testing::Types<Kinds...>) -> testing::Types<Path, Memory, Kinds...>;

struct Names {
    template <class Kind>
    static std::string GetName(int) {
        const std::string name = testing::internal::GetTypeName<Kind>();
        return name.substr(name.rfind(':') + 1);
    }
};

class StopStores final : public testing::Environment {
    void TearDown() override { stop_stores(); }
};
[[maybe_unused]] const auto* const environment = testing::AddGlobalTestEnvironment(new StopStores);

template <class Kind>
class EachPlace : public testing::Test {
  protected:
    void SetUp() override {
#if defined(JL_HAS_CURL) && defined(JL_HAS_CRYPTO)
        if (std::is_same_v<Kind, S3> && store_names().back() != "s3") GTEST_SKIP() << "no S3 server is installed";
#endif
    }
    void write(const Table& value, const DumpOptions& options = {}) {
        kind.write([&](auto&& target) { dump(value, target, options); });
    }
    Table read() {
        Table found;
        kind.read([&](auto&& source) { found = load<Table>(source); });
        return found;
    }

    Kind kind;
};
TYPED_TEST_SUITE(EachPlace, decltype(with_whole_ones(Streams())), Names);

TYPED_TEST(EachPlace, GivesBackWhatItTook) {
    for (const Compress& form : forms()) {
        this->write(table(), {.compress = form});
        EXPECT_TRUE(this->read() == table()) << form.method();
    }
}

TYPED_TEST(EachPlace, HoldsTheSameBytes) {
    this->write(table());
    EXPECT_TRUE(this->kind.content() == dumped(table()));
}

TYPED_TEST(EachPlace, GivesBackWhatOthersPut) {
    this->kind.put(dumped(table(), {.compress = {"zlib", 1}}));
    EXPECT_TRUE(this->read() == table());
}

TYPED_TEST(EachPlace, ReportsWhatIsCut) {
    const std::string whole = dumped(table(1'000));
    for (const std::size_t left : {std::size_t{0}, std::size_t{1}, std::size_t{100}, whole.size() / 2}) {
        this->kind.put(whole.substr(0, left));
        EXPECT_EQ(error_of([&] { (void)this->read(); }).code(), ErrorCode::truncated) << left;
    }
    const std::string packed = dumped(table(1'000), {.compress = {"zlib", 1}});
    this->kind.put(packed.substr(0, packed.size() / 2));
    EXPECT_EQ(error_of([&] { (void)this->read(); }).code(), ErrorCode::truncated);
}

TYPED_TEST(EachPlace, LetsThroughWhatStopsADump) {
    this->write(table(10));
    const DumpOptions failing{.progress = [](const Progress&) { throw Injected(); }};
    EXPECT_THROW(this->write(table(), failing), Injected);
    if constexpr (requires { TypeParam::committed; } || std::is_same_v<TypeParam, Path>) {
        EXPECT_TRUE(this->read() == table(10));
    }
}

TYPED_TEST(EachPlace, TakesBoundedMemory) {
    if (instrumented || !TypeParam::bounded) return;
    constexpr std::size_t count = std::size_t{6} << 20;                       // 48 MiB
    constexpr std::size_t parts = std::is_same_v<TypeParam, S3> ? 5 * 8 : 0;  // of an upload: one is filled, four go
    constexpr std::size_t room = 28 + parts;                                  // chunks, windows on what is far away
    if (std::is_same_v<TypeParam, OneByteAtATime>) return;
    for (const Compress& form : {Compress(), Compress("zlib", 1)}) {
        const Table value = table(count);
        this->write(table(10));  // servers run from here on
        EXPECT_LE(growth_in_mib([&] { this->write(value, {.compress = form, .n_threads = 2}); }), room)
            << form.method();
        this->write(value, {.compress = form});
        EXPECT_LE(growth_in_mib([&] { (void)this->read(); }), 48U + room) << form.method();
    }
}

// One after the other, for what is read in order.
template <class Kind>
class InOrder : public EachPlace<Kind> {};
TYPED_TEST_SUITE(InOrder, Streams, Names);

TYPED_TEST(InOrder, SeveralObjectsFollowOneAnother) {
    this->kind.write([](auto&& target) {
        dump(table(), target);
        dump(5, target);
        dump(table(100), target);
        dump(std::string("end"), target);
    });
    this->kind.read([](auto&& source) {
        EXPECT_TRUE(load<Table>(source) == table());
        EXPECT_EQ(load<int>(source), 5);
        EXPECT_TRUE(load(source).template as<Table>() == table(100));
        EXPECT_EQ(load<std::string>(source), "end");
        EXPECT_EQ(error_of([&] { (void)load(source); }).code(), ErrorCode::truncated);
    });
}

TYPED_TEST(InOrder, StandsRightBehindAnObject) {
    this->kind.put(dumped(table()) + "what follows");
    this->kind.read([](auto&& source) {
        EXPECT_TRUE(load<Table>(source) == table());
        EXPECT_EQ(rest_of(source), "what follows");
    });
}

TYPED_TEST(InOrder, StandsRightBehindACompressedObjectOrSaysThatItCannot) {
    for (const Compress& form : forms()) {
        this->kind.put(dumped(table(), {.compress = form}) + dumped(table(10)));
        this->kind.read([&](auto&& source) {
            if (TypeParam::exact || form.method().empty()) {
                EXPECT_TRUE(load<Table>(source) == table()) << form.method();
                EXPECT_TRUE(load<Table>(source) == table(10)) << form.method();
                return;
            }
            try {
                EXPECT_TRUE(load<Table>(source) == table()) << form.method();
                EXPECT_TRUE(load<Table>(source) == table(10)) << form.method();
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), ErrorCode::unsupported) << form.method() << ": " << error.what();
            }
        });
    }
}

}  // namespace
}  // namespace jl::test
