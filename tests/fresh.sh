#!/bin/sh
# Tries the two commands of README.md in a minimal Debian system, from a fresh clone, as root:
#
#     sh tests/fresh.sh [bookworm|trixie|bullseye] [COMMAND...]
#
# The system is in a scratch folder that is gone at the end. Without a release the machine's own is
# taken. A COMMAND is tried instead of the two, in the clone:
#
#     sh tests/fresh.sh trixie 'sh tests/run.sh dev'
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
. tests/system.sh
need git
system_make "${1-}"
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- "sh datasets/try.sh" "sh tests/run.sh"

git clone -q --no-hardlinks . "$system/root/wordmill"
# The data of the tests, where this machine has it.
if [ -d ../shared/data ]; then
    mkdir "$system/root/shared"
    cp -r ../shared/data "$system/root/shared/"
fi

failed=0
for command in "$@"; do
    echo "== $release: $command"
    system_run "cd /root/wordmill && $command" || failed=1
done
exit $failed
