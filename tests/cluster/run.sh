#!/bin/sh
# wordmill as the map and combine step of real engines, run by the recipes in engine/examples/cluster:
#
#     sh tests/cluster/run.sh [LINES] [hadoop|spark|slurm]...
#
# Each engine is installed (below build/cluster, or from Debian's packages), started on this machine
# and stopped again. It counts the real heads and a made file of LINES lines, 1000000 if not said
# otherwise (100000000 are 2 GB), and must find the same bytes as one wordmill; then the made file
# again, while one of its tasks is killed. An engine that cannot be installed is skipped.
set -eu
cd "$(dirname "$0")/../.."
. tests/setup.sh
lines=1000000
case ${1-} in [0-9]*) lines=$1 && shift ;; esac
[ $# -gt 0 ] || set -- hadoop spark slurm

# One file, as nodes get it that have no libraries.
root=$PWD
sh engine/package/static.sh >/dev/null
export root PATH="$root/build/static:$PATH" LC_ALL=C.UTF-8 INSTALLED="$root/build/cluster"
mkdir -p "$INSTALLED"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-cluster.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch/in" "$scratch/expected"
ngram-generate --lines "$lines" --seed 7 >"$scratch/in/made"
if [ -d ../shared/data/v2 ]; then
    cat ../shared/data/v2/*.head10000.tsv >"$scratch/in/heads"
fi
for input in "$scratch"/in/*; do wordmill count -o "$scratch/expected/${input##*/}" "$input"; done

failed=0
for engine; do
    echo "== $engine"
    mkdir "$scratch/$engine"
    status=0
    (cd "$scratch/$engine" && exec sh "$root/tests/cluster/$engine.sh") || status=$?
    [ $status -eq 0 ] || [ $status -eq 77 ] || failed=1
done
exit $failed
