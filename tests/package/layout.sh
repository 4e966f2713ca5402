#!/bin/sh
# No field of a public struct moves from one version to the next: programs that were compiled with
# an older wordmill.h go on to run. layout.txt lists offset and size of each field, then the size of
# the struct. Fields may be added at the end of the structs that come with their size or that only
# the library makes; until layout.txt knows them they may be any. Renew it at a release, or to break
# the promise on purpose, on a machine with 64-bit pointers:
#
#     sh layout.sh HEADER CC renew
#
#     sh layout.sh HEADER CC
set -eu
header=$1 cc=$2 how=${3:-compare}
list=$(cd "$(dirname "$0")" && pwd)/layout.txt
may_grow='wm_block wm_event wm_options wm_progress wm_reject wm_selection wm_stats'
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-layout.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# A program that prints the list, made of the structs that the header defines.
{
    printf '#include <stdio.h>\n#include "%s"\nint main(void)\n{\n' "$header"
    "$cc" -E -P "$header" | awk '
        /^typedef struct wm_[a-z_]+ \{$/ { type = $3; next }
        type && /^\}/ {
            printf "printf(\"%%s %%zu\\n\", \"%s\", sizeof(%s));\n", type, type
            type = ""
        }
        type {
            field = $0
            if (match(field, /\(\*[a-z_]+\)/)) # a function
                field = substr(field, RSTART + 2, RLENGTH - 3)
            sub(/(\[[^]]*\])?;.*$/, "", field)
            sub(/.*[ *]/, "", field)
            printf "printf(\"%%s %%zu %%zu\\n\", \"%s.%s\", offsetof(%s, %s), sizeof((%s *)0)->%s);\n",
                type, field, type, field, type, field
        }'
    printf 'return sizeof(void *) == 8 ? 0 : 77;\n}\n'
} >"$scratch/layout.c"
"$cc" -o "$scratch/layout" "$scratch/layout.c"
"$scratch/layout" >"$scratch/made"
# What follows the last field of a struct is a field of its own, or a longer struct would not say so.
printf '#include "%s"\n' "$header" >"$scratch/padded.c"
if "$cc" -Wpadded -fsyntax-only "$scratch/padded.c" 2>&1 | grep 'padding \(struct \)\{0,1\}size'; then
    exit 1
fi
if [ "$how" = renew ]; then
    cp "$scratch/made" "$list"
    exit
fi

awk -v "may_grow=$may_grow" '
    BEGIN { n = split(may_grow, names, " "); for (i = 1; i <= n; i++) grows[names[i]] = 1 }
    { type = $1; sub(/\..*/, "", type) }
    FNR == NR && NF == 3 { known[$1] = $2 " " $3 }
    FNR == NR && NF == 2 { size[type] = $2 }
    FNR == NR { n_known++; next }
    { n_made++ }
    NF == 3 && $1 in known && known[$1] != $2 " " $3 { bad($1 " was at " known[$1] " (offset and size), and is at " $2 " " $3) }
    NF == 3 && !($1 in known) && type in size && (!(type in grows) || $2 < size[type]) {
        bad($1 " is new, and not behind all of " type)
    }
    NF == 2 && type in size && ($2 < size[type] || (!(type in grows) && $2 != size[type])) {
        bad(type " had " size[type] " bytes, and has " $2)
    }
    { is_there[$1] = 1 }
    function bad(what) { print what; status = 1 }
    END {
        for (name in known) if (!(name in is_there)) bad(name " is gone")
        for (name in size) if (!(name in is_there)) bad(name " is gone")
        if (n_known < 70 || n_made < n_known) bad("the list has " n_known " lines, the header " n_made)
        exit status
    }' "$list" "$scratch/made"
