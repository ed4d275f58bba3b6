#!/usr/bin/env python3
"""jlunpack on every vector: --json gives the expected tree, --cat the expected payloads, --verify the expected verdict.

    check_jlunpack.py JLUNPACK [VECTOR NAME PART]
"""
import ast
import hashlib
import json
import pathlib
import sys
import tempfile

from vectors import Failures, difference, run, same, vectors


def payload(npy):
    """dtype, order and data of a .npy file."""
    version, size = npy[6], int.from_bytes(npy[8:10] if npy[6] == 1 else npy[8:12], "little")
    start = 10 if version == 1 else 12
    header = ast.literal_eval(npy[start:start + size].decode())
    return header["descr"], "F" if header["fortran_order"] else "C", npy[start + size:]


def check_valid(check, jlunpack, folder, path, facts):
    status, out, err = run(jlunpack, path, "--json")
    check.expect(status == 0 and not err, path.name, "is refused:", status, err)
    if status:
        return
    tree = json.loads(out)
    check.expect((tree["format"], tree["codec"]) == (facts["format"], facts["codec"]), path.name, "is seen as", tree["format"], tree["codec"])
    wrong = difference(same(facts["root"]), same(tree["root"]))
    check.expect(not wrong, path.name, wrong)
    check_verdict(check, jlunpack, path, facts.get("verify"))
    if facts.get("verify") not in ("format", "truncated"):
        check_payloads(check, jlunpack, folder, path, facts["arrays"])


def check_verdict(check, jlunpack, path, verdict):
    status, out, err = run(jlunpack, path, "--verify", "--no-progress")
    if verdict == "modified in place":
        check.expect(status in (0, 1) and verdict in out + err, path.name, "--verify says", status, out, err)
    elif verdict:
        check.expect(status == 1 and err, path.name, "--verify says", status, out, err)
    else:
        check.expect(status == 0 and not err, path.name, "--verify says", status, out, err)


def check_payloads(check, jlunpack, folder, path, arrays):
    """Of many arrays a sample."""
    for name, digest in list(arrays.items())[::1 + len(arrays) // 6]:
        if name == "/" and len(arrays) > 1:
            continue  # an array under an empty key; in a lookup / is the root
        target = folder / "array.npy"
        status, out, err = run(jlunpack, path, "--cat", name, "-o", target, "-q")
        check.expect(status == 0, path.name, name, "is refused:", err)
        if status == 0:
            check.expect(hashlib.sha256(payload(target.read_bytes())[2]).hexdigest() == digest["sha256"], path.name, name, "has other bytes")


# Damage inside payloads: a listing does not read them, --verify does.
PAYLOAD_DAMAGE = ("crc_payload", "crc_table_lies", "chunk_content", "chunk_length", "chunk_version")


def check_invalid(check, jlunpack, path, facts):
    for verb in ("--verify",) if path.name.startswith(PAYLOAD_DAMAGE) else ("--json", "--verify"):
        status, out, err = run(jlunpack, path, verb, "--no-progress")
        check.expect(status in (1, 2), path.name, verb, "exits with", status, out[:200], err)
        check.expect(err.startswith("jlunpack: ") and (verb == "--verify" or err.count("\n") == 1), path.name, verb, "says", err)


def main():
    jlunpack, part = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    check = Failures()
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("valid", "invalid"):
            for path, facts in vectors(kind):
                if part not in path.name:
                    continue
                if kind == "valid" or "limits" in facts:
                    check_valid(check, jlunpack, pathlib.Path(folder), path, {"arrays": {}, **facts})
                else:
                    check_invalid(check, jlunpack, path, facts)
    return check.status()


if __name__ == "__main__":
    sys.exit(main())
