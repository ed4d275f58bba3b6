#include <boost/describe.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <jl/register_type.hpp>

#include "graph/support/trip.hpp"

namespace zoo {

struct Animal {
    virtual ~Animal() = default;
    virtual std::string sound() const = 0;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(Animal, (), (name))
struct Dog : Animal {
    std::string sound() const override { return "woof"; }
    int age = 0;
};
BOOST_DESCRIBE_STRUCT(Dog, (Animal), (age))
struct Cat : Animal {
    std::string sound() const override { return "meow"; }
    std::shared_ptr<Animal> enemy;
};
BOOST_DESCRIBE_STRUCT(Cat, (Animal), (enemy))
struct Fish : Animal {
    std::string sound() const override { return ""; }
};
BOOST_DESCRIBE_STRUCT(Fish, (Animal), ())

struct Plain {
    virtual ~Plain() = default;
    int x = 1;
};
BOOST_DESCRIBE_STRUCT(Plain, (), (x))
struct Special : Plain {
    int y = 2;
};
BOOST_DESCRIBE_STRUCT(Special, (Plain), (y))

}  // namespace zoo

namespace jl::test {
namespace {

using namespace zoo;
using testing::HasSubstr;
using Zoo = std::vector<std::shared_ptr<Animal>>;

class RegisterType : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        register_type<Dog, Animal>("zoo.Dog");
        register_type<Cat, Animal>("zoo.Cat");
        register_type<Special, Plain>("zoo.Special");
    }
};

Zoo some_animals() {
    auto dog = std::make_shared<Dog>();
    dog->name = "rex", dog->age = 5;
    auto cat = std::make_shared<Cat>();
    cat->name = "tom", cat->enemy = dog;
    return {dog, cat, dog};
}

TEST_F(RegisterType, PointersToBasesFindTheirClass) {
    const Zoo zoo = some_animals();
    for (const Zoo& back : {through_value(zoo), through_file<Zoo>(zoo), through_stream<Zoo>(zoo)}) {
        ASSERT_EQ(back.size(), 3U);
        EXPECT_EQ(back[0]->sound(), "woof");
        EXPECT_EQ(dynamic_cast<Dog&>(*back[0]).age, 5);
        EXPECT_EQ(back[1]->name, "tom");
        EXPECT_EQ(dynamic_cast<Cat&>(*back[1]).enemy, back[0]);
        EXPECT_EQ(back[2], back[0]);
    }
    EXPECT_EQ(Value(zoo)[0]["__jl_type__"].as<std::string>(), "zoo.Dog");
}

TEST_F(RegisterType, UniquePointersToo) {
    std::vector<std::unique_ptr<Animal>> zoo;
    zoo.push_back(std::make_unique<Dog>());
    EXPECT_EQ(through_file<std::vector<std::unique_ptr<Animal>>>(zoo)[0]->sound(), "woof");
}

TEST_F(RegisterType, ABaseThatIsNotAbstractMayStandForItself) {
    const std::vector<std::shared_ptr<Plain>> both{std::make_shared<Plain>(), std::make_shared<Special>()};
    const auto back = through_file<std::vector<std::shared_ptr<Plain>>>(both);
    const Plain& first = *back[0];
    const Plain& second = *back[1];
    EXPECT_EQ(typeid(first), typeid(Plain));
    EXPECT_EQ(typeid(second), typeid(Special));
}

TEST_F(RegisterType, UnknownClassesAreRefusedByName) {
    const Zoo fish{std::make_shared<Fish>()};
    const Error unknown = error_of([&] { dumped(fish); });
    EXPECT_EQ(unknown.code(), ErrorCode::type);
    EXPECT_THAT(unknown.what(), HasSubstr("zoo::Fish"));
    const Value stranger = Value::list({Value::dict({{"__jl_type__", "zoo.Yeti"}, {"name", "y"}})});
    EXPECT_THAT(error_of([&] { (void)stranger.as<Zoo>(); }).what(), HasSubstr("'zoo.Yeti'"));
    EXPECT_EQ(error_of([&] {
                  (void)Value::list({Value::dict({{"name", "y"}})}).as<Zoo>();
              }).code(),
              ErrorCode::missing);
    EXPECT_EQ(error_of([&] { (void)Value::list({5}).as<Zoo>(); }).code(), ErrorCode::type);
    EXPECT_EQ(error_of([&] {
                  (void)Value::list({Value::dict({{"__jl_type__", 5}})}).as<Zoo>();
              }).code(),
              ErrorCode::type);
}

TEST_F(RegisterType, NamesAndTypesAreTakenOnce) {
    EXPECT_NO_THROW((register_type<Dog, Animal>("zoo.Dog")));
    EXPECT_EQ(error_of([] { register_type<Dog, Animal>("zoo.Hund"); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([] { register_type<Fish, Animal>("zoo.Dog"); }).code(), ErrorCode::usage);
    EXPECT_EQ(error_of([] { register_type<Fish, Animal>(""); }).code(), ErrorCode::usage);
}

}  // namespace
}  // namespace jl::test
