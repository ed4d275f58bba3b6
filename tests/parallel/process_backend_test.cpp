// Tasks in worker processes: what can go there, what comes back, and what stays.
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unistd.h>
#include <vector>

#include <jl/error.hpp>
#include <jl/parallel.hpp>
#include <jl/parallel_backend_contract.hpp>

#include "parallel/support/lazy.hpp"
#include "parallel/support/needs_backend.hpp"
#include "support/error.hpp"

namespace jl::test {

std::vector<int> same_name_elsewhere();  // in process_failure_test.cpp

namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const ParallelOptions processes{.n_jobs = 2, .backend = "multiprocessing"};

double root(int x) {
    if (x < 0) throw std::domain_error("no real root of " + std::to_string(x));
    return std::sqrt(x);
}
int pid_of_worker(int) { return static_cast<int>(::getpid()); }

// In process_failure_test.cpp there is another one.
int same_name(int x) { return x; }

ParallelOptions with(ParallelOptions options, std::optional<int> inner_threads) {
    options.inner_max_num_threads = inner_threads;
    return options;
}

// Before main begins, as when a program forgot jl::init.
const std::string without_init = [] {
    try {
        Parallel{processes}.map(up_to(2), root);
        return std::string("no error");
    } catch (const Error& error) {
        return std::string(error.what());
    }
}();

TEST(Processes, AreRefusedToAProgramThatDidNotSayInit) {
    EXPECT_THAT(without_init, HasSubstr("call jl::init(argc, argv) first of all in main"));
}

TEST(Processes, TellTwoFunctionsOfOneNameApart) {
    EXPECT_THAT(Parallel(processes)(std::vector{delayed<&same_name>(1), delayed<&same_name>(2)}), ElementsAre(1, 2));
    EXPECT_THAT(same_name_elsewhere(), ElementsAre(-1, -2));
}

TEST(Processes, KeepTheContractOfBackends) {
    for (const BrokenPromise& broken : check_parallel_backend("multiprocessing"))
        ADD_FAILURE() << broken.promise << ": " << broken.what;
}

TEST(Processes, RunFunctionsByPointerAndByName) {
    std::vector<decltype(delayed(root)(0))> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(delayed(root)(i * i));
    EXPECT_THAT(Parallel(processes)(tasks), ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(Parallel(processes)(std::vector{delayed<&root>(4), delayed<&root>(9)}), ElementsAre(2, 3));
    EXPECT_THAT(Parallel(processes).map(std::vector{1, 4}, root), ElementsAre(1, 2));
}

TEST(Processes, RunLambdasWithoutCaptures) {
    EXPECT_THAT(Parallel(processes).map(up_to(4), [](int x) { return 10 * x; }), ElementsAre(0, 10, 20, 30));
    const auto tasks = lazy(3, [](int i) { return delayed([](int a, int b) { return a + b; })(i, 1); });
    EXPECT_THAT(Parallel(processes)(tasks), ElementsAre(1, 2, 3));
}

struct Scale {
    double by = 1;
    std::vector<double> offsets = {};
    double operator()(int x) const { return by * x + offsets.at(0); }
};

TEST(Processes, RunFunctionObjectsWithTheirState) {
    EXPECT_THAT(Parallel(processes).map(up_to(3), Scale{2, {0.5}}), ElementsAre(0.5, 2.5, 4.5));
    std::vector<decltype(delayed(Scale{})(0))> tasks{delayed(Scale{3, {1}})(1), delayed(Scale{5, {2}})(2)};
    EXPECT_THAT(Parallel(processes)(tasks), ElementsAre(4, 12));
}

TEST(Processes, AreOthersThanThisOneAndServeManyCalls) {
    const auto first = Parallel(processes).map(up_to(20), pid_of_worker);
    EXPECT_THAT(first, Each(testing::Ne(static_cast<int>(::getpid()))));
    std::set<int> pids(first.begin(), first.end());
    for (int i = 0; i < 20; ++i)
        for (const int pid : Parallel(processes).map(up_to(20), pid_of_worker)) pids.insert(pid);
    EXPECT_LE(pids.size(), 4U);  // workers of other tests may wait, too
}

using Table = std::map<std::string, std::vector<double>>;

TEST(Processes, CarryWhateverHasAMapping) {
    const auto tables = Parallel(processes).map(up_to(2), [](int x) { return Table{{"a", {1.0 * x, 2}}, {"b", {}}}; });
    EXPECT_THAT(tables, ElementsAre(Table{{"a", {0, 2}}, {"b", {}}}, Table{{"a", {1, 2}}, {"b", {}}}));
    const auto join = [](const std::string& a, const std::tuple<int, bool>& b) {
        return a + std::to_string(std::get<0>(b));
    };
    std::vector tasks{delayed(join)(std::string("x"), std::tuple(1, true))};
    EXPECT_THAT(Parallel(processes)(tasks), ElementsAre("x1"));
}

TEST(Processes, TellWhatATaskThrew) {
    const auto outcomes =
        Parallel(processes).outcomes(std::vector{delayed(root)(4), delayed(root)(-1), delayed(root)(9)});
    EXPECT_EQ(*outcomes[0], 2);
    EXPECT_STREQ(outcomes[1].error().what(), "task 1: std::domain_error: no real root of -1");
    EXPECT_EQ(outcomes[1].error().end(), TaskEnd::exception);
    EXPECT_EQ(outcomes[1].error().cause(), nullptr);
    EXPECT_EQ(*outcomes[2], 3);
    try {
        Parallel{processes}.map(std::vector{1, -9}, root);
        FAIL() << "no error";
    } catch (const TaskError& error) {
        EXPECT_STREQ(error.what(), "task 1: std::domain_error: no real root of -9");
    }
}

TEST(Processes, RefuseTasksThatCannotLeave) {
    int captured = 1;
    const Error lambda =
        error_of([&] { Parallel{processes}.map(up_to(2), [captured](int x) { return x + captured; }); });
    EXPECT_EQ(lambda.code(), ErrorCode::usage);
    EXPECT_THAT(lambda.what(), HasSubstr("a lambda with captures"));
    EXPECT_THAT(lambda.what(), HasSubstr("backend 'threading' runs any task"));
    struct Unmapped {
        const char* text;
    };
    const Error argument =
        error_of([&] { Parallel{processes}(std::vector{delayed([](const Unmapped&) {})(Unmapped{""})}); });
    EXPECT_THAT(argument.what(), HasSubstr("Unmapped has no mapping"));
    const Error result = error_of([&] { Parallel{processes}.map(up_to(2), [](int) { return Unmapped{""}; }); });
    EXPECT_THAT(result.what(), HasSubstr("a result of type"));
}

TEST(Processes, AreAHintThatTasksWhichCannotLeaveDoNotFollow) {
    JL_NEEDS_BACKEND("threading");
    int captured = 1;
    ParallelOptions hint{.n_jobs = 2, .prefer = Prefer::processes};
    EXPECT_THAT(Parallel(hint).map(up_to(2), [captured](int x) { return x + captured; }), ElementsAre(1, 2));
    EXPECT_THAT(Parallel(hint).map(up_to(4), pid_of_worker), Each(testing::Ne(static_cast<int>(::getpid()))));
}

TEST(Processes, AreTheDefaultOfTasksThatCanLeave) {
    const auto elsewhere = Each(testing::Ne(static_cast<int>(::getpid())));
    const auto here = Each(static_cast<int>(::getpid()));
    EXPECT_THAT(Parallel({.n_jobs = 2}).map(up_to(4), pid_of_worker), elsewhere);
    EXPECT_THAT(Parallel({.n_jobs = 1}).map(up_to(4), pid_of_worker), here);
    JL_NEEDS_BACKEND("threading");
    int captured = 1;
    EXPECT_THAT(Parallel({.n_jobs = 2}).map(up_to(4), [captured](int x) { return pid_of_worker(captured + x); }), here);
    EXPECT_THAT(Parallel({.n_jobs = 2, .prefer = Prefer::threads}).map(up_to(4), pid_of_worker), here);
    EXPECT_THAT(Parallel({.n_jobs = 2, .require = Require::sharedmem}).map(up_to(4), pid_of_worker), here);
    EXPECT_THAT(Parallel({.n_jobs = 2, .backend = "threading"}).map(up_to(4), pid_of_worker), here);
    const auto scope = parallel_backend("threading", {.n_jobs = 2});
    EXPECT_THAT(Parallel().map(up_to(4), pid_of_worker), here);
}

TEST(Processes, HaveThreadsForCallsInsideOfTasks) {
    const auto sums = Parallel(processes).map(up_to(3), [](int x) {
        const auto inner = Parallel({.n_jobs = 2, .backend = "loky"}).map(up_to(3), pid_of_worker);
        return x + static_cast<int>(std::set<int>(inner.begin(), inner.end()).size());
    });
    EXPECT_THAT(sums, ElementsAre(1, 2, 3));
}

TEST(Processes, ShareTheCoresAmongTheirInnerThreads) {
    const auto threads = [](int) { return std::stoi(std::getenv("OPENBLAS_NUM_THREADS")); };
    EXPECT_THAT(Parallel(processes).map(up_to(2), threads), Each(std::max(cpu_count() / 2, 1)));
    EXPECT_THAT(Parallel(with(processes, 3)).map(up_to(2), threads), Each(3));
}

}  // namespace
}  // namespace jl::test
