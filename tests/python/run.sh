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
"$python" -m venv --system-site-packages "$environment" >/dev/null 2>&1 || skip "no python3-venv"
"$environment/bin/pip" install -q --disable-pip-version-check --no-index -C "extension=$extension" \
    "$here/../../engine/python"
cd "$environment" # where no folder is called wordmill
bin/python -m pytest -q -p no:cacheprovider "$here"
