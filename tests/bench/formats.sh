#!/bin/sh
# The same as compare.sh for v3, years, decades and text.
#
#     sh tests/bench/formats.sh DIR
#     sh tests/bench/formats.sh --help
set -eu
exec env COMPARE=formats.py sh "$(dirname "$0")/compare.sh" "$@"
