// Tables as pandas pickles them, built by hand: what contradicts itself is refused. Real ones: tests/interop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include <jl/dataframe.hpp>
#include <jl/jl.hpp>

#include "support/error.hpp"

namespace jl {
namespace {

using test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;

Value called(std::string_view module, std::string_view name, const Value& args, const Value* state = nullptr) {
    return detail::value_from_events([&](Emitter& out) {
        out.begin_call(Emitter::Call::reduce);
        out.class_ref(module, name);
        emit(out, args);
        out.called();
        if (state) {
            out.begin_state();
            emit(out, *state);
            out.end_state();
        }
        out.end_call();
    });
}

Value class_of(std::string_view module, std::string_view name) {
    return detail::value_from_events([&](Emitter& out) { out.class_ref(module, name); });
}

Value index_of(const Value& parts) {
    return called("pandas.core.indexes.base", "_new_Index",
                  Value::tuple({class_of("pandas.core.indexes.base", "Index"), parts}));
}
Value labels(std::vector<std::string> names) { return index_of(Value::dict({{"data", names}, {"name", Value()}})); }
Value range(std::int64_t start, std::int64_t stop, std::int64_t step = 1) {
    return index_of(Value::dict({{"start", start}, {"stop", stop}, {"step", step}}));
}
Value slice(std::int64_t start, std::int64_t stop, std::int64_t step = 1) {
    return called("builtins", "slice", Value::tuple({start, stop, step}));
}
Value block(const Value& values, const Value& places) {
    return called("pandas._libs.internals", "_unpickle_block", Value::tuple({values, places, 2}));
}

// rows x lines numbers 0, 1, …, line by line.
Value numbers(std::uint64_t lines, std::uint64_t rows, char order = 'C') {
    std::vector<double> items(static_cast<std::size_t>(lines * rows));
    for (std::size_t i = 0; i < items.size(); ++i) items[i] = static_cast<double>(i);
    return detail::value_from_events([&](Emitter& out) {
        const std::uint64_t shape[] = {lines, rows};
        out.array({DType::of<double>(), shape, order, std::as_bytes(std::span(items))});
    });
}

Value object_with(const Value& manager, const char* type = "dataframe") {
    return detail::value_from_events([&](Emitter& out) {
        out.begin_object("pandas.core.frame.DataFrame", 2);
        out.attribute("_mgr");
        emit(out, manager);
        out.attribute("_typ");
        emit(out, type);
        out.end_object();
    });
}
Value frame_of(const Value& blocks, const Value& names, const Value& index) {
    return object_with(
        called("pandas.core.internals.managers", "BlockManager", Value::tuple({blocks, Value::list({names, index})})));
}

TEST(DataFrame, ColumnsAreFoundByName) {
    const DataFrame frame(frame_of(
        Value::tuple({block(numbers(2, 3), slice(2, -2, -2)), block(Value(std::vector<int>{7, 8, 9}), slice(1, 2))}),
        labels({"a", "b", "c"}), range(10, 4, -2)));
    EXPECT_EQ(frame.rows(), 3U);
    EXPECT_THAT(frame["c"].as<std::vector<double>>(), ElementsAre(0, 1, 2));
    EXPECT_THAT(frame["a"].as<std::vector<double>>(), ElementsAre(3, 4, 5));
    EXPECT_THAT(frame["b"].as<std::vector<int>>(), ElementsAre(7, 8, 9));
    EXPECT_THAT(frame.index().as<std::vector<int>>(), ElementsAre(10, 8, 6));
    EXPECT_THAT(error_of([&] { frame["d"]; }).what(), HasSubstr("there is no column 'd' among the 3"));
    EXPECT_EQ(error_of([&] { frame.column(3); }).code(), ErrorCode::missing);
}

TEST(DataFrame, LinesOfFortranOrderAreColumnsToo) {
    const DataFrame frame(
        frame_of(Value::tuple({block(numbers(2, 3, 'F'), slice(0, 2))}), labels({"a", "b"}), range(0, 3)));
    EXPECT_THAT(frame["a"].as<std::vector<double>>(), ElementsAre(0, 2, 4));
    EXPECT_THAT(frame["b"].as<std::vector<double>>(), ElementsAre(1, 3, 5));
}

TEST(DataFrame, OlderOnesHaveTheirBlocksInAState) {
    const Value axes = Value::list({labels({"a", "b"}), range(0, 3)});
    const Value blocks = Value::list({Value::dict({{"values", numbers(2, 3)}, {"mgr_locs", slice(0, 2)}})});
    const Value inner = Value::dict({{"axes", axes}, {"blocks", blocks}});
    const Value state = Value::tuple({axes, Value::list(), Value::list(), Value::dict({{"0.14.1", inner}})});
    const DataFrame frame(
        object_with(called("pandas.core.internals.managers", "BlockManager", Value::tuple({}), &state)));
    EXPECT_THAT(frame["b"].as<std::vector<double>>(), ElementsAre(3, 4, 5));
}

TEST(DataFrame, IsDumpedAsTheObjectThatItWas) {
    const Value object = frame_of(Value::tuple({block(numbers(1, 2), slice(0, 1))}), labels({"a"}), range(0, 2));
    EXPECT_EQ(Value(DataFrame(object)).str(9'999), object.str(9'999));
    EXPECT_THAT(object.as<DataFrame>()["a"].as<std::vector<double>>(), ElementsAre(0, 1));
}

TEST(DataFrame, OtherObjectsAreRefused) {
    for (const Value& other : {Value(), Value(1), Value::dict({{"_typ", "dataframe"}}), labels({"a"})}) {
        const Error error = error_of([&] { DataFrame frame(other); });
        EXPECT_EQ(error.code(), ErrorCode::type);
        EXPECT_THAT(error.what(), HasSubstr("a DataFrame or Series of pandas is needed"));
    }
    EXPECT_THAT(error_of([] { DataFrame frame(object_with(Value(1))); }).what(), HasSubstr("which is not known"));
}

TEST(DataFrame, IndexesInsideOfIndexesEndSomewhere) {
    Value nested = labels({"a"});
    for (int i = 0; i < 10; ++i)
        nested =
            index_of(Value::dict({{"levels", Value::list({nested})}, {"codes", Value::list({std::vector<int>{0}})}}));
    const Value blocks = Value::tuple({block(numbers(1, 1), slice(0, 1))});
    EXPECT_THAT(error_of([&] { DataFrame frame(frame_of(blocks, labels({"a"}), nested)); }).what(),
                HasSubstr("indexes inside of indexes"));
}

TEST(DataFrame, PartsThatContradictOneAnotherAreRefused) {
    const auto refused = [](const Value& blocks, const Value& names, const Value& index) {
        return error_of([&] { DataFrame frame(frame_of(blocks, names, index)); });
    };
    const Value two = labels({"a", "b"});
    const auto one_block = [](const Value& places) { return Value::tuple({block(numbers(2, 3), places)}); };
    EXPECT_THAT(refused(one_block(slice(1, 3)), two, range(0, 3)).what(), HasSubstr("a block for column 2 of 2"));
    EXPECT_THAT(refused(one_block(slice(0, -2, -1)), two, range(0, 3)).what(), HasSubstr("column -1 of 2"));
    EXPECT_THAT(refused(one_block(slice(0, 1, 0)), two, range(0, 3)).what(), HasSubstr("two blocks for column 0"));
    EXPECT_THAT(refused(one_block(slice(0, 2)), labels({"a", "b", "c"}), range(0, 3)).what(),
                HasSubstr("no block has column 2"));
    EXPECT_THAT(refused(one_block(slice(0, 2)), labels({"a"}), range(0, 3)).what(), HasSubstr("2 columns among 1"));
    EXPECT_THAT(refused(one_block(slice(0, 2)), two, range(0, 4)).what(), HasSubstr("another length than the index"));
    EXPECT_THAT(refused(one_block(Value(std::vector<int>{0})), two, range(0, 3)).what(), HasSubstr("at 1 positions"));
    EXPECT_THAT(refused(one_block(slice(0, 2)), two, range(0, 3, 0)).what(), HasSubstr("step 0"));
    EXPECT_EQ(refused(Value::tuple({}), labels({}), range(0, 1LL << 40)).code(), ErrorCode::limit);
    EXPECT_EQ(refused(Value::tuple({}), labels({}), range(INT64_MIN, INT64_MAX)).code(), ErrorCode::limit);
}

}  // namespace
}  // namespace jl
