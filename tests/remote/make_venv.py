#!/usr/bin/env python3
"""make_venv.py FOLDER [--required]: makes the environment of s3_server.py, with the packages that s3_server.txt pins.

It is made again only when the pins or the interpreter changed. Where it cannot be made, the tests of s3:// skip; with
--required that is a failure.
"""

import hashlib
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PINS = Path(__file__).with_name("s3_server.txt")


def main(folder, required):
    stamp = folder / "jl-pins.sha256"
    wanted = hashlib.sha256((sys.version + PINS.read_text()).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return print("up to date")
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check"]
    for command in ([*pip, "install", "--no-deps", "--only-binary", ":all:", "-r", PINS], [*pip, "check"]):
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            shutil.rmtree(folder)
            print(done.stdout)
            return sys.exit("make_venv.py: no environment for an S3 server" if required else 0)
    stamp.write_text(wanted)
    return print("made")


main(Path(sys.argv[1]).resolve(), "--required" in sys.argv)
