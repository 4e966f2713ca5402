#!/bin/sh
# arrows.sh notices what it is there for: an include that the table does not have, a function that is
# called behind the back of all headers, and a circle.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for folder in common worker engine; do
    cp -r "$here/../$folder" "$scratch/$folder"
done

expect() { # WORDS [BUILD]: they are in what is said, and it is an error
    if sh "$here/arrows.sh" "$scratch" ${2+"$2"} >"$scratch/said" 2>&1 || ! grep -qF "$1" "$scratch/said"; then
        echo "not noticed: $1"
        cat "$scratch/said"
        exit 1
    fi
}

cp "$scratch/common/base/code.h" "$scratch/code.h"
echo '#include "stages/stage.h"' >>"$scratch/common/base/code.h"
expect 'common/base/code.h may not use engine/stages/stage.h'
cp "$scratch/code.h" "$scratch/common/base/code.h"
objects=$scratch/build/CMakeFiles/all.dir
mkdir -p "$objects/common/base" "$objects/engine"
echo 'int error_null(void); int code(void) { return error_null(); }' |
    cc -x c -c - -o "$objects/common/base/number.c.o"
echo 'int error_null(void) { return 0; }' | cc -x c -c - -o "$objects/engine/error.c.o"
expect 'common/base/number.c may not use engine/error.c' "$scratch/build"
echo 'const char *way_out = "give --format text";' >>"$scratch/engine/error.c"
expect 'the library has words of the command'
cp "$here/../engine/error.c" "$scratch/engine/error.c"
echo '#include "words/table.h"' >>"$scratch/common/words/order.h"
echo '#include "words/order.h"' >>"$scratch/common/words/table.h"
expect 'modules that include each other'
