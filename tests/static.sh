#!/bin/sh
# Looks at the code without running it: sh tests/static.sh gcc|clang-tidy|cppcheck
#
# Whatever is found fails, unless it is known: 'known' says which and why. Exit status 77 means
# skipped: the tool is of another version than those that 'known' is about.
set -eu
cd "$(dirname "$0")/.."
. tests/version.sh
export LC_ALL=C
case ${1-} in
gcc) written_for gcc 12 ;;
clang-tidy) written_for clang-tidy 14 ;;
cppcheck) written_for cppcheck 2.10 ;;
*)
    echo "usage: sh static.sh gcc|clang-tidy|cppcheck" >&2
    exit 2
    ;;
esac

# Intrinsics mean nothing to these tools; what is for Python and Node would need their headers.
files=$(find common worker engine datasets -name '*.c' ! -name 'scan_*.c' ! -path 'engine/python/*' \
    ! -path 'engine/examples/node/*' | sort)
flags='-D_GNU_SOURCE -DWORDMILL_FAULTS -DWORDMILL_MANUALS=NULL -Icommon -Iworker -Iengine -Iengine/cli -Iengine/include'

# TOOL:FILE:CHECK, as grep patterns.
known() {
    cat <<'END'
# What a struct behind a pointer holds is not lost; ASan and test_inject look for leaks.
gcc:.*:analyzer-malloc-leak
# gcc 12 does not see that an array of n items is there whenever n is not 0, nor what the caller of
# a function has made sure of. Memory that was not checked for is another check, and stays.
gcc:.*:analyzer-null-dereference
gcc:worker/tasks/spelling.c:analyzer-use-of-uninitialized-value
# Blocks that were just made begin with a number.
gcc:common/wmt/wmt_write.c:analyzer-null-argument
# A buffer that the called function fills.
cppcheck:engine/dispatch/failure.c:ctuuninitvar
# A sum is read only where its bit says that it is there.
cppcheck:common/words/series.c:uninitvar
# A bit of a word as 0 or 1.
clang-tidy:common/shared/arena.c:bugprone-narrowing-conversions
clang-tidy:common/text/token.c:bugprone-narrowing-conversions
# Names that a macro declares.
clang-tidy:common/packing/unarchive.c:bugprone-macro-parentheses
clang-tidy:datasets/vocabulary.c:bugprone-macro-parentheses
# Built with -mavx2, which is not given here.
gcc:common/scan/edges_avx2.c:psabi
# Bytes that were read from a file.
gcc:engine/plan/totals.c:analyzer-use-of-uninitialized-value
# Text that is written with its length.
clang-tidy:.*:bugprone-not-null-terminated-result
# A character constant.
clang-tidy:datasets/vocabulary.c:bugprone-narrowing-conversions
END
}

# TOOL:FILE:CHECK for each finding, with all that was said in $log.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
look() {
    # shellcheck disable=SC2086 # lists of words
    case $1 in
    gcc)
        for file in $files; do
            gcc -std=c11 $flags -O2 -fanalyzer -c -o /dev/null "$file"
        done >"$log" 2>&1 || echo "gcc fails"
        sed -n 's/^\([^ :]*\):.* warning: .*\[-W\(.*\)\]$/gcc:\1:\2/p' "$log"
        ;;
    clang-tidy)
        # Not the analyzer, since gcc's is here; nor what is a matter of taste: parameters of one
        # type side by side, sizes in int, sizeof of a pointer.
        clang-tidy --quiet --checks='-*,bugprone-*,performance-*,portability-*,-bugprone-easily-swappable-parameters,-bugprone-implicit-widening-of-multiplication-result,-bugprone-sizeof-expression,-performance-no-int-to-ptr' \
            $files -- -std=c11 $flags >"$log" 2>/dev/null || echo "clang-tidy fails"
        sed -n "s|^$PWD/\([^ :]*\):.* warning: .*\[\(.*\)\]$|clang-tidy:\1:\2|p" "$log"
        ;;
    cppcheck)
        # Tables alone take it a quarter of the time.
        files=$(echo "$files" | grep -v unicode_tables)
        cppcheck -q --std=c11 --enable=warning,performance,portability $flags \
            --template='{file}:{line}: warning: {message} [{id}]' $files >"$log" 2>&1 || echo "cppcheck fails"
        sed -n 's/^\([^ :]*\):.* warning: .*\[\(.*\)\]$/cppcheck:\1:\2/p' "$log"
        ;;
    esac
}

new=$(look "$1" | grep -vxE "$(known | grep -v '^#')" | sort -u)
[ -n "$new" ] || exit 0
echo "$new"
grep -A 3 "warning:" "$log" || cat "$log"
exit 1
