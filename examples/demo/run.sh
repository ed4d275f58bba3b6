#!/usr/bin/env bash
# examples/demo/run.sh BUILD   shows jl at work on files of Python's joblib, both ways: scikit-learn models, pictures,
# maps, compressed files. BUILD is a build folder with the tools and examples in it. Fails when any comparison does.
set -euo pipefail
build="$(cd "${1:?usage: examples/demo/run.sh BUILD}" && pwd)"
cd "$(dirname "$0")"

step() { printf '\n== %s\n' "$*"; }

# Ends the demo unless the command ends with that status.
expect() {
    local wanted="$1" status=0
    shift
    "$@" || status=$?
    if [ "$status" -ne "$wanted" ]; then
        echo "run.sh: '$*' ended with $status instead of $wanted" >&2
        exit 1
    fi
}

venvs="$build/tests/interop/venvs"
newest="$(python3 -c 'import json, sys; print(list(json.load(open(sys.argv[1])))[-1])' ../../tests/interop/environments.json)"
step "Python with joblib and scikit-learn"
python3 ../../tests/interop/make_venvs.py "$venvs" "$newest"
python="$venvs/$newest/bin/python"

folder="$build/demo"
rm -rf "$folder"
mkdir -p "$folder"

step "Python fits models and dumps them, with pictures"
"$python" demo.py make "$folder"

step "C++ loads them, predicts, maps, dumps"
"$build/examples/demo/jl_demo" "$folder"

for name in result.pkl result.pkl.gz; do
    step "jlunpack $name"
    "$build/tools/jlunpack" "$folder/$name"
    expect 0 "$build/tools/jlunpack" "$folder/$name" --verify
done

step "jlunpack finds a flipped bit"
"$python" - "$folder/result.pkl" "$folder/damaged.pkl" <<'PYTHON'
import sys
data = bytearray(open(sys.argv[1], "rb").read())
data[len(data) // 2] ^= 1
open(sys.argv[2], "wb").write(data)
PYTHON
expect 1 "$build/tools/jlunpack" "$folder/damaged.pkl" --verify

step "Python loads what C++ dumped"
"$python" demo.py check "$folder"

step "files"
ls -l "$folder" | awk 'NR > 1 { printf "  %12d  %s\n", $5, $9 }'
echo "Every comparison held."
