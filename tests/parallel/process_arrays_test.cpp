// Big arrays on their way to worker processes and back: by maps of memory or files, once, and nothing of them is left.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <jl/jl.hpp>
#include <jl/xtensor.hpp>

#include "parallel/support/lazy.hpp"
#include "support/child_process.hpp"
#include "support/error.hpp"
#include "support/peak_memory.hpp"
#include "support/temp_dir.hpp"

namespace jl::test {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::uint64_t many = 200'000;  // 1.6 MB

ParallelOptions processes(WorkerMmapMode mode = {}, MaxNbytes max_nbytes = {}, std::string folder = {}) {
    ParallelOptions options{.n_jobs = 2, .backend = "loky", .batch_size = 1};
    options.mmap_mode = mode;
    options.max_nbytes = max_nbytes;
    options.temp_folder = std::move(folder);
    return options;
}

Array<double> numbers(std::uint64_t count, double first = 0) {
    Array<double> array({count});
    for (std::uint64_t i = 0; i < count; ++i) array(i) = first + static_cast<double>(i);
    return array;
}

double sum_of(const Array<double>& array) {
    double sum = 0;
    for (const double x : array) sum += x;
    return sum;
}
double sum_of_numbers(std::uint64_t count, double first = 0) {
    return static_cast<double>(count) * first + static_cast<double>(count) * static_cast<double>(count - 1) / 2;
}

// "inode path" of the file behind an address of this process; empty where there is none.
std::string file_behind(const void* address) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream in(line);
        std::uintptr_t begin = 0, end = 0;
        std::string permissions, offset, device, inode, path;
        in >> std::hex >> begin;
        in.get();
        in >> end >> permissions >> offset >> device >> inode >> path;
        if (wanted >= begin && wanted < end) return path.empty() ? "" : inode + ' ' + path;
    }
    return {};
}
std::string file_of(const Array<double>& array) { return file_behind(array.data()); }

template <class F, class A>
auto twice(F function, const A& argument) {
    return std::vector{delayed(function)(argument), delayed(function)(argument)};
}

TEST(ProcessArrays, ComeByAMapOfMemoryWithoutACopy) {
    const Array<double> array = numbers(many);
    for (const WorkerMmapMode mode : {WorkerMmapMode(), WorkerMmapMode("c"), WorkerMmapMode("r+")}) {
        const auto files = Parallel(processes(mode))(twice(file_of, array));
        EXPECT_THAT(files, Each(HasSubstr("memfd:jl-array")));
        EXPECT_EQ(files[0], files[1]) << "it is written once";
        EXPECT_THAT(Parallel(processes(mode))(twice(sum_of, array)), Each(sum_of_numbers(many)));
    }
}

TEST(ProcessArrays, AreCopiedOnRequestAndWhereTheyAreSmall) {
    const Array<double> array = numbers(many);
    EXPECT_THAT(Parallel(processes(std::nullopt))(twice(file_of, array)), Each(testing::Not(HasSubstr("memfd"))));
    EXPECT_THAT(Parallel(processes({}, std::nullopt))(twice(file_of, array)), Each(testing::Not(HasSubstr("memfd"))));
    EXPECT_THAT(Parallel(processes({}, "2M"))(twice(file_of, array)), Each(testing::Not(HasSubstr("memfd"))));
    EXPECT_THAT(Parallel(processes({}, 8 * many))(twice(file_of, array)), Each(testing::Not(HasSubstr("memfd"))));
    EXPECT_THAT(Parallel(processes({}, 8 * many - 1))(twice(file_of, array)), Each(HasSubstr("memfd")));
    EXPECT_THAT(Parallel(processes(std::nullopt))(twice(sum_of, array)), Each(sum_of_numbers(many)));
    EXPECT_THAT(Parallel(processes({}, std::nullopt))(twice(sum_of, array)), Each(sum_of_numbers(many)));
}

struct Model {
    std::string name;
    xt::xarray<float> weights;
    std::vector<std::vector<double>> layers;
    Value rest;
};

TEST(ProcessArrays, StandAnywhereInArgumentsAndResults) {
    const auto same = [](const Model& model) { return model; };
    Model model{"m", xt::arange<float>(0, 500'000).reshape({500, 1'000}), {}, {}};
    for (int i = 0; i < 3; ++i) model.layers.emplace_back(many, i);
    model.layers.emplace_back(3, 0.5);
    model.rest = Value(std::map<std::string, std::vector<int>>{{"a", std::vector<int>(300'000, 7)}, {"b", {1}}});
    for (const WorkerMmapMode mode : {WorkerMmapMode(), WorkerMmapMode("c"), WorkerMmapMode(std::nullopt)})
        for (const Model& back : Parallel(processes(mode)).map(std::vector{model, model}, same)) {
            EXPECT_EQ(back.name, "m");
            EXPECT_EQ(back.weights, model.weights);
            EXPECT_EQ(back.layers, model.layers);
            EXPECT_EQ(back.rest["a"].as<std::vector<int>>(), std::vector<int>(300'000, 7));
            EXPECT_EQ(back.rest["b"].as<std::vector<int>>(), std::vector<int>{1});
        }
}

TEST(ProcessArrays, OfOtherOrdersAndOfNoPlaceInMemoryArriveToo) {
    using Matrix = xt::xarray<double, xt::layout_type::column_major>;
    const Matrix matrix = xt::arange<double>(0, 600'000).reshape({600, 1'000});
    const auto transposed = [](const Matrix& a) -> xt::xarray<double> { return xt::transpose(a); };
    for (const auto& back : Parallel(processes()).map(std::vector{matrix, matrix}, transposed))
        EXPECT_EQ(back, xt::transpose(matrix));
    std::vector<bool> bits(3'000'000);
    for (std::size_t i = 0; i < bits.size(); i += 3) bits[i] = true;
    EXPECT_THAT(Parallel(processes()).map(std::vector{bits, bits}, [](const std::vector<bool>& b) { return b; }),
                Each(bits));
}

TEST(ProcessArrays, MoreThanThereMayBeFilesArriveToo) {
    std::vector<std::vector<double>> arrays;
    for (int i = 0; i < 100; ++i) arrays.emplace_back(50, i);
    const auto same = [](const std::vector<std::vector<double>>& a) { return a; };
    EXPECT_THAT(Parallel(processes({}, 100)).map(std::vector{arrays, arrays}, same), Each(arrays));
}

double changes(Array<double> array) {
    const double before = array(0U);
    array(0U) += 1;
    return before;
}

TEST(ProcessArrays, ThatATaskChangesAreItsOwnUnderC) {
    const Array<double> array = numbers(many);
    const std::vector tasks(6, delayed(changes)(array));
    EXPECT_THAT(Parallel(processes("c"))(tasks), Each(0));
    EXPECT_EQ(array(0U), 0);
}

TEST(ProcessArrays, ThatATaskChangesAreSeenByOthersUnderRPlus) {
    const Array<double> array = numbers(many);
    ParallelOptions options = processes("r+");
    options.pre_dispatch = 1;
    EXPECT_THAT(Parallel(options)(std::vector(4, delayed(changes)(array))), ElementsAre(0, 1, 2, 3));
    EXPECT_EQ(array(0U), 0);
}

double changes_the_first(Array<double> array, const Array<double>& other) {
    array(0U) = -1;
    return other(0U);
}

TEST(ProcessArrays, WithEqualItemsAreTwoUnderRPlus) {
    const Array<double> array = numbers(many, 5), other = numbers(many, 5);
    const auto tasks = std::vector(3, delayed(changes_the_first)(array, other));
    EXPECT_THAT(Parallel(processes("r+"))(tasks), Each(5));
}

TEST(ProcessArrays, AreNotForgottenForOthersUnderRPlus) {
    std::vector<decltype(delayed(changes)(numbers(1)))> tasks;
    const Array<double> array = numbers(many);
    tasks.push_back(delayed(changes)(array));
    for (int i = 1; i < 6; ++i) tasks.push_back(delayed(changes)(numbers(many, 10 * i)));
    tasks.push_back(delayed(changes)(array));
    ParallelOptions options = processes("r+");
    options.pre_dispatch = 1;
    EXPECT_THAT(Parallel(options)(tasks), ElementsAre(0, 10, 20, 30, 40, 50, 1));
}

TEST(ProcessArrays, ThatATaskMayNotChangeEndItsWorkerUnderR) {
    const auto outcomes = Parallel(processes()).outcomes(std::vector{delayed(changes)(numbers(many))});
    ASSERT_FALSE(outcomes[0].has_value());
    EXPECT_EQ(outcomes[0].error().end(), TaskEnd::worker_lost);
    if (!instrumented) {  // else the sanitizer ends it
        EXPECT_THAT(outcomes[0].error().what(), HasSubstr("mapped read-only (mmap_mode \"c\" allows it)"));
    }
    EXPECT_THAT(Parallel(processes())(twice(sum_of, numbers(many))), Each(sum_of_numbers(many)));
}

// The next array has the address of the one before.
TEST(ProcessArrays, AreToldApartByTheirItemsNotByTheirPlace) {
    const auto tasks = lazy(20, [](int i) { return delayed(sum_of)(numbers(many, i)); });
    ParallelOptions options = processes();
    options.pre_dispatch = 1;
    const auto sums = Parallel(options)(tasks);
    ASSERT_EQ(sums.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i) EXPECT_EQ(sums[i], sum_of_numbers(many, static_cast<double>(i))) << i;
    // What differs where nobody looks is another array.
    std::vector<decltype(delayed(sum_of)(numbers(1)))> alike;
    for (std::uint64_t i = 0; i < 8; ++i) {
        Array<double> array({many});
        std::fill(array.begin(), array.end(), 0.0);
        array(1'001 + i) = 1 + static_cast<double>(i);
        alike.push_back(delayed(sum_of)(array));
    }
    EXPECT_THAT(Parallel(processes())(alike), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
}

TEST(ProcessArrays, OfAFunctionObjectAreWrittenOnce) {
    struct Table {
        Array<double> items;
        std::string operator()(int) const { return file_behind(items.data()); }
    };
    ParallelOptions options = processes();
    const auto files = Parallel(options).map(up_to(8), Table{numbers(many)});
    EXPECT_THAT(files, Each(AllOf(HasSubstr("memfd:jl-array"), files[0])));
}

TEST(ProcessArrays, ThatAreMappedFromAFileGoAsThatFile) {
    const TempDir folder;
    const std::string path = folder / "x.pkl";
    dump(std::map<std::string, Array<double>>{{"a", numbers(10)}, {"b", numbers(many, 5)}}, path);
    for (const MmapMode mode : {MmapMode::r, MmapMode::r_plus}) {
        const auto mapped = load<std::map<std::string, Array<double>>>(path, {.mmap_mode = mode});
        const Array<double>& array = mapped.at("b");
        EXPECT_THAT(Parallel(processes())(twice(file_of, array)), Each(HasSubstr(path)));
        EXPECT_THAT(Parallel(processes())(twice(sum_of, array)), Each(sum_of_numbers(many, 5)));
    }
    // What changed in memory alone is not in the file; nor does a file that took its name have it.
    auto own = load<std::map<std::string, Array<double>>>(path, {.mmap_mode = MmapMode::c});
    own.at("b")(0U) += 100;
    EXPECT_THAT(Parallel(processes())(twice(sum_of, own.at("b"))), Each(sum_of_numbers(many, 5) + 100));
    const auto old = load<std::map<std::string, Array<double>>>(path, {.mmap_mode = MmapMode::r});
    dump(std::map<std::string, Array<double>>{{"a", numbers(10)}, {"b", numbers(many, 6)}}, path);
    EXPECT_THAT(Parallel(processes())(twice(sum_of, old.at("b"))), Each(sum_of_numbers(many, 5)));
}

TEST(ProcessArrays, OfAFileAreChangedThereOnlyWhereTheyAreMappedForThat) {
    const TempDir folder;
    const std::string path = folder / "x.pkl";
    dump(numbers(many), path);
    {
        const auto array = load<Array<double>>(path, {.mmap_mode = MmapMode::r});
        const auto outcomes = Parallel(processes("r+")).outcomes(std::vector{delayed(changes)(array)});
        ASSERT_FALSE(outcomes[0].has_value());
        if (!instrumented) {  // else the sanitizer ends it
            EXPECT_THAT(outcomes[0].error().what(), HasSubstr("mapped read-only"));
        }
        EXPECT_EQ(array(0U), 0);
    }
    {
        const auto array = load<Array<double>>(path, {.mmap_mode = MmapMode::r_plus});
        EXPECT_THAT(Parallel(processes("r+"))(std::vector{delayed(changes)(array)}), ElementsAre(0));
        EXPECT_EQ(array(0U), 1);
    }
    EXPECT_TRUE(verify(path).ok());
    EXPECT_EQ(load<Array<double>>(path)(0U), 1);
}

TEST(ProcessArrays, GoByFilesOfAFolderThatShowNoName) {
    const TempDir folder;
    const auto look = [](const Array<double>& array, const std::string& path) {
        const bool empty = std::filesystem::is_empty(path);
        return file_behind(array.data()) + (empty ? "" : " and a name");
    };
    const std::vector tasks(2, delayed(look)(numbers(many), folder.path()));
    EXPECT_THAT(Parallel(processes({}, {}, folder.path()))(tasks),
                Each(AllOf(HasSubstr(folder.path()), testing::Not(HasSubstr("and a name")))));
    ::setenv("JOBLIB_TEMP_FOLDER", folder.path().c_str(), 1);
    EXPECT_THAT(Parallel(processes())(tasks), Each(HasSubstr(folder.path())));
    ::unsetenv("JOBLIB_TEMP_FOLDER");
    EXPECT_THAT(folder.names(), IsEmpty());
    const Error error = error_of([&] { Parallel{processes({}, {}, folder / "absent")}(tasks); });
    EXPECT_EQ(error.code(), ErrorCode::io);
    EXPECT_THAT(error.what(), HasSubstr("temp_folder '" + folder / "absent" + "'"));
}

TEST(ProcessArrays, OfResultsAreMapsToo) {
    const auto make = [](int i) { return numbers(many, i); };
    const auto results = Parallel(processes()).map(up_to(4), make);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_THAT(file_of(results[i]), HasSubstr("memfd:jl-array"));
        EXPECT_EQ(sum_of(results[i]), sum_of_numbers(many, static_cast<double>(i)));
        results[i](0U) = 7;  // the caller's own
    }
    EXPECT_THAT(file_of(Parallel(processes({}, std::nullopt)).map(up_to(1), make)[0]),
                testing::Not(HasSubstr("memfd")));
    // What a task was given may be what it gives.
    const auto back = Parallel(processes()).map(std::vector{results[1]}, [](const Array<double>& a) { return a; });
    EXPECT_EQ(sum_of(back[0]), sum_of(results[1]));
}

std::size_t open_files() {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}
std::size_t open_files_of_worker(int) { return open_files(); }
std::size_t maps_of_arrays(int) {
    std::ifstream maps("/proc/self/maps");
    std::size_t count = 0;
    for (std::string line; std::getline(maps, line);) count += line.find("jl-array") != std::string::npos;
    return count;
}

TEST(ProcessArrays, LeaveNoFileOpenAndNoMap) {
    const auto use = [](const Array<double>& array, int how) {
        if (how == 1) throw std::runtime_error("no");
        if (how == 2) ::kill(::getpid(), SIGKILL);
        return array;
    };
    std::vector<decltype(delayed(use)(numbers(1), 0))> tasks;
    for (int i = 0; i < 12; ++i) tasks.push_back(delayed(use)(numbers(many, i / 2), i % 4));
    const auto round = [&] {
        EXPECT_EQ(Parallel(processes()).outcomes(tasks).size(), tasks.size());
        EXPECT_THROW(Parallel{processes()}(tasks), TaskError);
        return Parallel(processes()).map(up_to(4), [](int i) { return numbers(many, i); });
    };
    (void)round();
    const auto workers = Parallel(processes()).map(up_to(8), open_files_of_worker);
    const std::size_t before = open_files();
    for (int i = 0; i < 10; ++i) (void)round();
    EXPECT_EQ(Parallel(processes()).map(up_to(8), maps_of_arrays), std::vector<std::size_t>(8, 0));
    EXPECT_EQ(maps_of_arrays(0), 0U);
    const std::vector<std::size_t> later = Parallel(processes()).map(up_to(8), open_files_of_worker);
    EXPECT_LE(*std::max_element(later.begin(), later.end()), *std::max_element(workers.begin(), workers.end()));
    EXPECT_LE(open_files(), before + 4);  // one worker more may wait than did before: a socket and what tells its end
}

// Run by the test below, in a program of its own.
TEST(ProcessArrays, DISABLED_SleepOverAnArray) {
    const auto sleep = [](const Array<double>& array, const std::string& path) {
        write_file(path + std::to_string(::getpid()) + ' ' + std::to_string(sum_of(array) > 0), "");
        std::this_thread::sleep_for(std::chrono::seconds(100));
    };
    const std::string path = std::getenv("JL_TEST_FOLDER");
    Parallel{processes({}, {}, path + "/arrays")}(std::vector(2, delayed(sleep)(numbers(many), path + "/told/")));
}

TEST(ProcessArrays, OfAParentThatIsKilledLeaveNothing) {
    const TempDir folder;
    std::filesystem::create_directory(folder / "arrays");
    std::filesystem::create_directory(folder / "told");
    ::setenv("JL_TEST_FOLDER", folder.path().c_str(), 1);
    const pid_t parent = start_process([] {
        return ::execl("/proc/self/exe", "parent", "--gtest_filter=*DISABLED_SleepOverAnArray",
                       "--gtest_also_run_disabled_tests", nullptr);
    });
    const auto told = [&] { return std::distance(std::filesystem::directory_iterator(folder / "told"), {}); };
    for (int i = 0; i < 1'000 && told() < 2; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    ASSERT_EQ(told(), 2);
    ::kill(parent, SIGKILL);
    EXPECT_EQ(wait_for(parent), -SIGKILL);
    EXPECT_TRUE(std::filesystem::is_empty(folder / "arrays"));
    for (const auto& file : std::filesystem::directory_iterator(folder / "told")) {
        const int worker = std::stoi(file.path().filename());
        for (int i = 0; i < 500 && ::kill(worker, 0) == 0; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        EXPECT_NE(::kill(worker, 0), 0) << worker;
    }
}

TEST(ProcessArrays, OptionsThatAreNoneAreRefusedByName) {
    EXPECT_THAT(error_of([] { processes("w+"); }).what(), HasSubstr("mmap_mode 'w+' is none of 'r', 'r+', 'c'"));
    EXPECT_THAT(error_of([] { processes({}, "fooG"); }).what(), HasSubstr("fooG"));
    EXPECT_EQ(error_of([] { processes({}, -1); }).code(), ErrorCode::usage);
}

TEST(ProcessArrays, OptionsComeFromScopesToo) {
    const Array<double> array = numbers(many);
    const auto tasks = twice(file_of, array);
    const auto outer = parallel_config(processes({}, std::nullopt));
    EXPECT_THAT(Parallel()(tasks), Each(testing::Not(HasSubstr("memfd"))));
    EXPECT_THAT(Parallel({.max_nbytes = "1M"})(tasks), Each(HasSubstr("memfd")));
    const auto inner = parallel_config({.max_nbytes = 1'000, .mmap_mode = "c"});
    EXPECT_THAT(Parallel()(std::vector(2, delayed(changes)(array))), Each(0));
}

}  // namespace
}  // namespace jl::test
