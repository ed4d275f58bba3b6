#!/usr/bin/env python3
"""spec/reader.py on every vector: valid ones give the expected tree and payloads, invalid ones the expected error.

    check_reader.py [VECTOR NAME PART]
"""
import json
import pathlib
import sys
import tempfile

from vectors import SPEC, Failures, difference, run, same, vectors

sys.path.insert(0, str(SPEC))
import reader  # noqa: E402

READER = [sys.executable, "-B", SPEC / "reader.py"]


def check_valid(check, path, facts):
    status, out, err = run(*READER, path)
    check.expect(status == 0 and not err, path.name, "is refused:", err)
    if status:
        return
    tree = json.loads(out)
    check.expect((tree["format"], tree["codec"]) == (facts["format"], facts["codec"]), path.name, "is seen as", tree["format"], tree["codec"])
    wrong = difference(same(facts["root"]), same(tree["root"]))
    check.expect(not wrong, path.name, wrong)
    status, out, err = run(*READER, path, "--verify")
    if "verify" in facts:
        check.expect(status == 1 and out.startswith(facts["verify"]), path.name, "verify says", out, err)
    else:
        check.expect((status, out, err) == (0, "ok\n", ""), path.name, "verify says", out, err)
    if facts.get("verify") != "truncated":
        check_arrays(check, path, facts["arrays"])
    for index in range(facts.get("containers", 1)):
        check.expect(reader.answer(str(path), container=index)[0] == 0, path.name, "container", index, "is refused")


def check_arrays(check, path, arrays):
    """Random access; of many arrays a sample."""
    for name, digest in list(arrays.items())[::1 + len(arrays) // 12]:
        try:
            array = reader.answer(str(path), array=name)[1]
        except reader.Refused as error:
            check.expect(False, path.name, name, "is refused:", error)
            continue
        check.expect(array["sha256"] == digest["sha256"], path.name, name, "has other bytes")
        check.expect(array["hex"] == digest.get("hex", array["hex"]), path.name, name, "begins with other bytes")


def options_of(limits):
    return [part for name, value in limits.items() for part in ("--" + name, value)]


def check_invalid(check, path, facts):
    status, out, err = run(*READER, path, *options_of(facts.get("limits", {})))
    check.expect(status == 1 and not out, path.name, "is accepted:", out[:200])
    check.expect(err.count("\n") == 1 and ": %s: " % facts["error"] in err, path.name, "should be", facts["error"], "but is", err)
    if "limits" in facts:
        check_valid(check, path, {"arrays": {}, **facts})


def check_refused_codecs(check):
    """Those that Python's standard library lacks, by name."""
    with tempfile.TemporaryDirectory() as folder:
        for name, magic in (("lz4", b"\x04\x22\x4d\x18"), ("zstd", b"\x28\xb5\x2f\xfd")):
            path = pathlib.Path(folder, "x.pkl." + name)
            path.write_bytes(magic + bytes(100))
            status, out, err = run(*READER, path)
            check.expect(status == 1 and not out and "unsupported: the codec %s " % name in err, name, "says", out, err)


def main():
    check, part = Failures(), sys.argv[1] if len(sys.argv) > 1 else ""
    for path, facts in vectors("valid"):
        if part in path.name:
            check_valid(check, path, facts)
    for path, facts in vectors("invalid"):
        if part in path.name:
            check_invalid(check, path, facts)
    check_refused_codecs(check)
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
