// What the comparison script says to a worker: one case a line on standard input, its seconds on standard output.
//
// A worker is started as `worker FOLDER`, answers "ready", then runs the named case once for each line. "rss" answers
// the peak resident set in KiB.
#pragma once

#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <sys/resource.h>

namespace compare {

// A case prepares what it needs when it is first asked for; only run() is timed.
using Run = std::function<void()>;
using Prepare = std::function<Run()>;

inline int serve(const std::map<std::string, Prepare>& cases) {
    std::map<std::string, Run> ready;
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        if (line == "rss") {
            rusage usage{};
            getrusage(RUSAGE_SELF, &usage);
            std::cout << usage.ru_maxrss << std::endl;
            continue;
        }
        const auto known = cases.find(line);
        if (known == cases.end()) {
            std::cout << "unknown" << std::endl;
            continue;
        }
        if (!ready.contains(line)) ready[line] = known->second();
        const auto begin = std::chrono::steady_clock::now();
        ready[line]();
        std::cout << std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() << std::endl;
    }
    return 0;
}

}  // namespace compare
