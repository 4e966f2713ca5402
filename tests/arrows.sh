#!/bin/sh
# The architecture: which folder may use which. Fails when a source of the product includes what the
# table does not allow, and on a circle among modules. A header and its source are one module. What
# objects take from each other counts as well, since a header could declare what is another's.
#
#     sh tests/arrows.sh [CHECKOUT [BUILD]]
set -eu
build=${2:+$(cd "$2" && pwd)}
cd "${1:-$(dirname "$0")/..}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# A folder, and what it may use. Each line sees only folders of lines above it.
cat >"$scratch/allowed" <<'TABLE'
common/base:
common/scan: common/base
common/words: common/base common/scan
common/shared: common/base
common/filter: common/base common/words
common/packing: common/base
common/wmt: common/base common/words
common/text: common/base common/scan common/words
common/input: common/base common/scan common/words common/packing common/text common/filter
common/output: common/base common/words common/wmt
worker/context: common/base common/scan common/words common/shared common/filter common/input common/output
worker/runs: common/base common/scan common/words common/shared common/output worker/context
worker/tasks: common/base common/scan common/words common/shared common/filter common/wmt common/text common/input common/output worker/context worker/runs
worker: common/base common/shared common/input worker/context worker/runs worker/tasks
engine/include:
engine: common/base common/filter common/words engine/include
engine/files: common/base common/words common/shared common/packing common/wmt common/input common/output engine engine/include
engine/plan: common/base common/scan common/words common/shared common/filter common/packing common/wmt common/text common/input common/output worker/context worker/runs engine engine/files engine/include
engine/pool: common/base common/shared worker engine/files
engine/dispatch: common/base common/words common/shared common/wmt common/input worker/context engine/include engine engine/files engine/plan engine/pool
engine/stages: common/base common/scan common/words common/shared common/filter common/packing common/wmt common/input common/output worker/runs engine/include engine engine/files engine/plan engine/dispatch
engine/job: common/shared common/output engine/include engine engine/files engine/plan engine/pool engine/dispatch engine/stages
engine/api: common/base common/words common/shared common/wmt common/input common/output worker/runs worker/tasks engine/include engine engine/files engine/plan engine/pool engine/dispatch engine/stages engine/job
engine/cli: engine/include
engine/cli/bench: engine/cli engine/include
engine/cli/commands: engine/cli engine/cli/bench engine/include
engine/cli/pages: engine/cli engine/include
engine/python: engine/include
TABLE

# shellcheck disable=SC2016 # a program of awk
# FROM TO, the paths of a source and of what it includes, found as the compiler does.
find common worker engine -name '*.[ch]' ! -path 'engine/examples/*' | sort |
    xargs awk '/^#include "/ { split($0, a, "\""); print FILENAME, a[2] }' |
    while read -r from name; do
        for root in "${from%/*}" engine/cli engine engine/include worker common; do
            if [ -f "$root/$name" ]; then
                echo "$from $root/$name"
                break
            fi
        done
    done >"$scratch/includes"
[ -s "$scratch/includes" ] || { echo "no source includes anything"; exit 1; }

# The same of functions and data in objects. The command takes those of the library through its header.
if [ -n "$build" ]; then
    find "$build/CMakeFiles" -name '*.c.o' -exec nm -A -P -g {} + |
        sed -n 's|^.*\.dir/\([^:]*\)\.o: \([^ ]*\) \(.\).*|\1 \2 \3|p' | sort -u |
        while read -r from name kind; do
            [ ! -f "$from" ] || echo "$from" "$name" "$kind"
        done >"$scratch/names"
    awk 'NR == FNR && $3 != "U" && $3 != "w" { if (!($2 in of)) of[$2] = $1; else if (of[$2] != $1) of[$2] = "" }
        NR == FNR { next }
        $3 == "U" && of[$2] != "" {
            is_public = $2 ~ /^wm_/ && $1 ~ /^engine\/cli\//
            print $1, is_public ? "engine/include/wordmill.h" : of[$2]
        }' "$scratch/names" "$scratch/names" | sort -u >"$scratch/uses"
    [ -s "$scratch/uses" ] || { echo "no object uses another"; exit 1; }
    cat "$scratch/uses" >>"$scratch/includes"
fi

status=0
sed -E 's,/[^/ ]+( |$),\1,g' "$scratch/includes" | paste -d ' ' - "$scratch/includes" |
    awk -v table="$scratch/allowed" '
        BEGIN {
            while ((getline line < table) > 0) {
                n = split(line, words, /:? +|:$/)
                seen[words[1]] = 1
                for (i = 2; i <= n; i++) {
                    if (words[i] != "" && !(words[i] in seen)) {
                        print "the table has an arrow that runs back up: " words[1] " to " words[i]
                        bad = 1
                    }
                    may[words[1], words[i]] = 1
                }
            }
        }
        $1 != $2 && !(($1, $2) in may) { print $3 " may not use " $4; bad = 1 }
        END { exit bad }' || status=1
sed 's/\.[ch]\( \|$\)/\1/g' "$scratch/includes" | awk '$1 != $2' | tsort >"$scratch/order" 2>"$scratch/circles" ||
    { echo "modules that include each other:"; sed 's/^tsort: //' "$scratch/circles"; status=1; }
# What the library says is for programs of any kind: options are those of wordmill.h there.
! grep -rn '"[^"]*\(--[a-z]\|wordmill [a-z]\)' common worker engine --include='*.c' | grep -v '^engine/\(cli\|examples\)/' ||
    { echo "the library has words of the command"; status=1; }
exit $status
