#!/bin/sh
# Builds wordmill and its Python package, and measures what counting costs in Python, beside the command.
#
#     sh tests/bench/python.sh [LINES [ROUNDS]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/setup.sh
. "$root/tests/setup.sh"
# shellcheck disable=SC2086 # a list of words
need $build_packages python3-dev python3-pip python3-venv python3-numpy

cd "$root"
python=/usr/bin/python3
cmake --preset release -DWORDMILL_TESTS=OFF -DWORDMILL_PYTHON=ON -DPython3_EXECUTABLE=$python >/dev/null
cmake --build --preset release -j "$(nproc)" >/dev/null
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-python.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
$python -m venv --system-site-packages "$scratch/venv"
"$scratch/venv/bin/pip" install -q --disable-pip-version-check --no-index \
    --config-settings "extension=$(ls "$root"/build/release/engine/python/wordmill/*.so)" engine/python
build/release/ngram-generate --lines "${1:-20000000}" --seed 1 >"$scratch/lines"
"$scratch/venv/bin/python" tests/bench/python.py build/release/wordmill "$scratch/lines" "${2:-11}"
