#!/bin/sh
# How the sources look: sh tests/style.sh c|sh
#
# Exit status 77 means skipped: the tool is of another version, which has other opinions.
set -eu
cd "$(dirname "$0")/.."
. tests/version.sh
case ${1-} in
c)
    written_for clang-format 14
    find common worker engine datasets tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +
    ;;
sh)
    written_for shellcheck 0.9
    find datasets engine tests -name '*.sh' -exec shellcheck -x {} +
    ;;
*)
    echo "usage: sh style.sh c|sh" >&2
    exit 2
    ;;
esac
