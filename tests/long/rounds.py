#!/usr/bin/env python3
"""Rounds of failures in jl::Parallel, several processes side by side; all of them have to be clean.

    rounds.py [--rounds N] [--at-once N] [--silence SECONDS] processes|threads PROGRAM

PROGRAM is jl_test_parallel of any build; a round is one run of the tests below. Clean: no test failed, no sanitizer said
a word in any process, and nothing was silent for so long that it hangs. Says what is not, and in the end how many rounds
there were, how many of them were clean and how long they took; exit status 1 unless all were.
"""
import argparse
import os
import re
import selectors
import subprocess
import sys
import tempfile
import time

# Not in them: a result of a gigabyte, calls whose timeouts are seconds.
TESTS = {
    "processes": "ProcessFailures.*:ProcessEncoding.OfA*:ProcessLimits.OfMemory*:ProcessLimits.OfATask*:WorkerPayloads.*",
    "threads": "ParallelCall.*:Parallel.*:All/OnBackends.*/threading",
}
PASSED = re.compile(rb"^\[  PASSED  \] (\d+) tests?\.")
BAD = re.compile(rb"Sanitizer|runtime error:|^\[  FAILED  \]|^\[  SKIPPED \]|Failure$")


class Share:
    """Some of the rounds, one process."""

    def __init__(self, program, chosen, rounds):
        self.ended, self.clean, self.tests, self.bad, self.lines = 0, 0, set(), False, []
        self.heard = time.monotonic()
        self.scratch = tempfile.TemporaryDirectory(prefix="jl-rounds-")
        self.process = subprocess.Popen(
            [program, f"--gtest_filter={chosen}", f"--gtest_repeat={rounds}", "--gtest_brief=1", "--gtest_color=no"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.scratch.name,
            env=os.environ | {"JL_TEST_ROUNDS": "1"})

    def hear(self, line):
        self.heard = time.monotonic()
        self.bad = self.bad or bool(BAD.search(line))
        self.lines.append(line)
        if len(self.lines) > 2000:
            del self.lines[1000:2000]
        if passed := PASSED.match(line):
            self.tests.add(int(passed[1]))
            self.ended += 1
            self.clean += not self.bad
            self.show()

    def show(self):
        if self.bad:
            print(f"-- round {self.ended} of process {self.process.pid}:", flush=True)
            sys.stdout.buffer.write(b"".join(self.lines))
            sys.stdout.flush()
        self.bad, self.lines = False, []

    def end(self):
        code = self.process.wait()
        if code != 0 and self.clean == self.ended:  # what sanitizers say in the end belongs to some round
            self.hear(f"the program ended with status {code}, Failure\n".encode())
        self.clean -= self.bad
        self.show()


def told(shares):
    return f"{sum(share.ended for share in shares)} rounds, {sum(share.clean for share in shares)} clean"


def run(shares, silence):
    reported = time.monotonic()
    selector = selectors.DefaultSelector()
    for share in shares:
        selector.register(share.process.stdout, selectors.EVENT_READ, share)
    while selector.get_map():
        for key, _ in selector.select(timeout=1):
            line = key.fileobj.readline()
            if line:
                key.data.hear(line)
            else:
                selector.unregister(key.fileobj)
        if time.monotonic() - reported > 60:
            reported = time.monotonic()
            print(told(shares), flush=True)
        for share in shares:
            if share.process.poll() is None and time.monotonic() - share.heard > silence:
                share.hear(f"no round ended within {silence} s: it hangs, Failure\n".encode())
                share.process.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--silence", type=float, default=300)
    parser.add_argument("tests", choices=TESTS)
    parser.add_argument("program")
    options = parser.parse_args()
    begun = time.monotonic()
    each, more = divmod(options.rounds, options.at_once)
    shares = [Share(options.program, TESTS[options.tests], each + (i < more)) for i in range(options.at_once)]
    run(shares, options.silence)
    for share in shares:
        share.end()
    clean = sum(share.clean for share in shares)
    tests = "/".join(map(str, sorted(set().union(*(share.tests for share in shares)))))
    took = time.monotonic() - begun
    print(f"{told(shares)}, of {tests} tests each, in {took:.0f} s, {options.at_once} at once", flush=True)
    sys.exit(0 if clean == options.rounds else 1)


if __name__ == "__main__":
    main()
