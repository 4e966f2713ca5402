#!/bin/sh
# The architecture: which folder may include from which. Compares all includes of the product with
# the table below, and looks for circles among modules; a header and its source are one module.
#
#     sh tests/arrows.sh [FOLDER]      FOLDER: a checkout, this one if it is left out
set -eu
cd "${1:-$(dirname "$0")/..}"
arrows=$(mktemp)
trap 'rm -f "$arrows"' EXIT

# A folder, and those under it that it may see. The roots of the layers stand on their folders.
allowed='
common/base
common/scan: base
common/shared: base
common/words: base scan
common/filter: base words
common/packing: base
common/wmt: base words
common/input: base scan words packing
common/output: base words wmt
'
