#!/usr/bin/env python3
"""Makes the virtual environments named in environments.json below a target folder.

    make_venvs.py TARGET [ENVIRONMENT...]

Below TARGET/old, each release of old_releases.json has a folder of its own, installed by the environment that is named
there. An environment is rebuilt only when its pins or the interpreter changed (a stamp file keeps their hash), so a second
run costs nothing. Every package is pinned and installed without resolving dependencies.
"""
import concurrent.futures
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent


def stamp_of(packages):
    text = json.dumps([sys.version, sorted(packages)])
    return hashlib.sha256(text.encode()).hexdigest()


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise SystemExit(f"make_venvs.py: {' '.join(map(str, command))}\n{done.stdout}")


def make(target, name, packages):
    """Returns one line that says what was done."""
    folder = target / name
    stamp = folder / "jl-pins.sha256"
    if stamp.is_file() and stamp.read_text() == stamp_of(packages):
        return f"{name}: up to date"
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    python = folder / "bin" / "python"
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    run([*pip, "install", "--no-deps", "--only-binary", ":all:", *packages])
    run([*pip, "check"])
    run([python, "-c", "import joblib, numpy"])
    stamp.write_text(stamp_of(packages))
    return f"{name}: made, {len(packages)} packages"


def make_old(target):
    """Releases that no environment of their own is made for: their package alone, beside one another."""
    old = json.loads((HERE / "old_releases.json").read_text())
    folder = target / "old"
    stamp = folder / "jl-pins.sha256"
    pins = [f"joblib=={release}" for release in old["releases"]]
    if stamp.is_file() and stamp.read_text() == stamp_of(pins):
        return "old: up to date"
    shutil.rmtree(folder, ignore_errors=True)
    pip = [target / old["interpreter"] / "bin" / "python", "-m", "pip", "--disable-pip-version-check"]
    for release, pin in zip(old["releases"], pins):
        run([*pip, "install", "--no-deps", "--no-compile", "--only-binary", ":all:", "--target", folder / release, pin])
    stamp.write_text(stamp_of(pins))
    return f"old: made, {len(pins)} releases"


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    target = pathlib.Path(arguments[0]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    environments = json.loads((HERE / "environments.json").read_text())
    names = arguments[1:] or list(environments)
    unknown = [name for name in names if name not in environments]
    if unknown:
        print(f"make_venvs.py: no such environment: {', '.join(unknown)}", file=sys.stderr)
        return 2
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for line in pool.map(lambda name: make(target, name, environments[name]), names):
            print(line, flush=True)
    if not arguments[1:]:
        print(make_old(target))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
