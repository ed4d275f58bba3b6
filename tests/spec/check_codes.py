#!/usr/bin/env python3
"""jl's library on every vector, by four ways in: valid ones are taken, invalid ones refused with the code that the .json names.

    check_codes.py ERROR_CODES [VECTOR NAME PART]     ERROR_CODES: the program made of error_codes.cpp
"""
import sys

from vectors import Failures, run, vectors


# What a way in does not look at: maps are not checksummed, streams have no locator and what follows an object there is another's,
# verify builds no values.
NOT_LOOKED_AT = {"mapped": ("crc_payload.pkl", "crc_table_lies.pkl"), "verify": ("depth_bomb",),
                 "stream": ("locator_", "table_", "garbage_after.", "zeros_after.")}


def looks_at(way, name):
    return not name.startswith(NOT_LOOKED_AT.get(way, ()))


def check_invalid(check, program, path, facts):
    limits = [part for name, value in facts.get("limits", {}).items() for part in ("--" + name, value)]
    status, out, err = run(program, *limits, path)
    check.expect(status == 0 and not err, path.name, "ends with", status, err)
    for line in out.splitlines():
        way, code, _, message = line.split("\t")
        if looks_at(way, path.name):
            check.expect(code == facts["error"], path.name, way, "should be", facts["error"], "but is", code, message)


def check_valid(check, program, path, facts):
    status, out, err = run(program, path)
    check.expect(status == 0 and not err, path.name, "ends with", status, err)
    for line in out.splitlines():
        way, code, _, message = line.split("\t")
        refusable = way == "verify" and "verify" in facts or code == facts.get("verify")  # cut inside the trailer
        check.expect(code == "ok" or refusable, path.name, way, "is refused:", code, message)


def main():
    check, part = Failures(), sys.argv[2] if len(sys.argv) > 2 else ""
    for kind, check_one in (("valid", check_valid), ("invalid", check_invalid)):
        for path, facts in vectors(kind):
            if part in path.name:
                check_one(check, sys.argv[1], path, facts)
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
