#!/bin/sh
# Installs the package as a wheel into a fresh environment, from an extension that is built already,
# and runs its tests there: sh run.sh PYTHON EXTENSION ENVIRONMENT
#
# Nothing is fetched: NumPy, pandas and pytest are the system's, and what is not there is skipped.
set -eu
python=$1 extension=$2 environment=$3
here=$(cd "$(dirname "$0")" && pwd)
skip() {
    echo "skipped: $*"
    exit 77
}
"$python" -c 'import pytest' 2>/dev/null || skip "no python3-pytest"
rm -rf "$environment"
"$python" -c 'import pip' 2>/dev/null || skip "no python3-pip"
"$python" -m venv --system-site-packages --without-pip "$environment"
if "$python" -m pip install --help | grep -q -e --config-settings; then
    "$python" -m pip --python "$environment/bin/python" install -q --disable-pip-version-check \
        --no-index --config-settings "extension=$extension" "$here/../../engine/python"
else # an older pip gets the wheel
    (cd "$here/../../engine/python" && "$python" -B -c 'import backend, sys
backend.build_wheel(sys.argv[1], {"extension": sys.argv[2]})' "$environment" "$extension")
    "$python" -m pip install -q --disable-pip-version-check --no-index --no-deps \
        --target "$(echo "$environment"/lib/python3*/site-packages)" "$environment"/*.whl
fi
cd "$environment" # where no folder is called wordmill
bin/python -m pytest -q -p no:cacheprovider "$here"
