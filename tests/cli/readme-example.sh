#!/bin/sh
# The program in README.md is engine/examples/count.c.
root=$(dirname "$(dirname "$SAMPLE")")
sed -n '/^#include/,$p' "$root/engine/examples/count.c" >expected
sed -n '/^    #include <inttypes.h>/,/^    }/p' "$root/README.md" | sed 's/^    //' >shown
diff expected shown && echo same
rm expected shown
