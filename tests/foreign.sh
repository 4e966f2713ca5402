#!/bin/sh
# Builds wordmill for another kind of CPU and tries it on an emulated one, as root:
#
#     sh tests/foreign.sh aarch64|s390x [TEST...]
#
# aarch64 is the other CPU that has SIMD variants, s390x is big-endian. A cross compiler builds against
# Debian's libraries for that CPU, which are unpacked in build/foreign; the second time they are there.
# Then come the unit tests, whole jobs against the oracle, tests of the command, and table files,
# which have to be the same bytes as those made here. With TESTs only these of CTest are run.
set -eu
cd "$(dirname "$0")/.."
cpu=${1-}
[ $# -eq 0 ] || shift
case $cpu in
aarch64) debian=arm64 without=none ;;
# Its emulator does not tell a handler of SIGBUS the address, which 'source' needs.
s390x) debian=s390x without=source ;;
*)
    echo "usage: sh foreign.sh aarch64|s390x [TEST...]" >&2
    exit 2
    ;;
esac
[ "$(id -u)" -eq 0 ] || {
    echo "please run this as root: it unpacks a system" >&2
    exit 2
}
# shellcheck source=tests/setup.sh
. tests/setup.sh
# shellcheck disable=SC2086 # a list of words
need $build_packages mmdebstrap qemu-user-static "gcc-$cpu-linux-gnu" "libc6-dev-$debian-cross"

folder=$PWD/build/foreign/$cpu
system=$folder/system
triple=$cpu-linux-gnu
mkdir -p "$folder"

# Libraries as here, packages of the same release. Nothing in them is run.
if [ ! -e "$folder/unpacked" ]; then
    # shellcheck source=/dev/null
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    # shellcheck disable=SC2016 # names that apt knows
    mirror=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)' |
        awk '$1 == "Debian" && $2 !~ /-/ && $3 == "main" { print $4; exit }')
    packages=$(echo "$build_packages libcmocka-dev libc6-dev" |
        tr ' ' '\n' | grep -e '-dev$' | paste -sd,)
    rm -rf "$system"
    mmdebstrap --quiet --variant=extract --architectures="$debian" --include="$packages" "$release" \
        "$system" "$mirror"
    # Absolute links lead to the same files inside of it.
    find "$system" -type l -lname '/*' | while read -r link; do
        ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$system$(readlink "$link")")" \
            "$link"
    done
    touch "$folder/unpacked"
fi

cat >"$folder/toolchain.cmake" <<END
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $cpu)
set(CMAKE_C_COMPILER $triple-gcc)
set(CMAKE_SYSROOT $system)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-$cpu-static -L $system)
END
export WORDMILL_EMULATED=1
export PKG_CONFIG_SYSROOT_DIR="$system"
export PKG_CONFIG_LIBDIR="$system/usr/lib/$triple/pkgconfig:$system/usr/share/pkgconfig"
cmake -S . -B "$folder/build" --toolchain "$folder/toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
    -DWORDMILL_WERROR=ON -DWORDMILL_FAULTS=ON

# The tests that are run. Others of whole jobs take too long for an emulator. It has no robust
# mutexes, and limits of memory are those of the emulator itself: what looks at these stays away.
# formats-real makes so many runs that they need more addresses than the emulator leaves.
units=$(find tests/unit -name 'test_*.c' -exec basename {} .c \; | sed 's/^test_//' |
    grep -vxe progress -e arena -e machine -e "$without")
jobs="oracle table_files series sum"
commands="any-setting-same-bytes bad-line-place fold-case formats-same-numbers
    packed query rank sum text-scripts top-and-sort values"
# shellcheck disable=SC2046,SC2086 # lists of words
cmake --build "$folder/build" -j "$(nproc)" --target wordmill ngram-generate wordmill-pages twins \
    $(printf 'test_%s\n' $units $jobs)

# The emulator keeps books of every page of what a job reserves for runs that spill.
# shellcheck disable=SC3045
ulimit -v 6000000
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2086 # a list of words
    set -- twins $units $jobs
    is_whole=yes
fi
failed=0
ctest --test-dir "$folder/build" -j "$(nproc)" --output-on-failure \
    -R "^($(echo "$@" | tr ' ' '|'))\$" || failed=1
[ -n "${is_whole-}" ] || exit "$failed"

# Programs of scripts start the emulator.
mkdir -p "$folder/bin"
for name in wordmill ngram-generate engine/cli/pages/wordmill-pages; do
    program=$folder/bin/$(basename "$name")
    printf '#!/bin/sh\nexec qemu-%s-static -L %s %s "$@"\n' "$cpu" "$system" \
        "$folder/build/$name" >"$program"
    chmod +x "$program"
done
export WORDMILL="$folder/bin/wordmill" GENERATE="$folder/bin/ngram-generate"
export PAGES="$folder/bin/wordmill-pages" EXAMPLES=/nonexistent
export SAMPLE="$PWD/datasets/sample.tsv" DATA="$PWD/../shared/data"
n_passed=0 n_failed=0 n_skipped=0
for name in $commands; do
    status=0
    sh tests/cli/run.sh "$name" || status=$?
    case $status in
    0) n_passed=$((n_passed + 1)) ;;
    77) n_skipped=$((n_skipped + 1)) ;;
    *) n_failed=$((n_failed + 1)) ;;
    esac
done
echo "commands: $n_passed passed, $n_failed failed, $n_skipped skipped"

# Table files are the same bytes, whoever writes them, and read by all.
unset PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
cmake --preset release -DWORDMILL_TESTS=OFF >/dev/null
cmake --build --preset release -j "$(nproc)" --target wordmill >/dev/null
here=build/release/wordmill
n_same=0 n_tried=0
same() { # same OPTION... INPUT: whether the output is as here
    n_tried=$((n_tried + 1))
    if "$here" count -q "$@" >"$folder/here" && "$WORDMILL" count -q "$@" >"$folder/there" &&
        cmp "$folder/here" "$folder/there"; then
        n_same=$((n_same + 1))
    else
        echo "not as here:" "$@"
        failed=1
    fi
}
for input in "$SAMPLE" "$DATA"/v[123]/*-a.head10000.tsv "$DATA"/v1/*.tsv "$DATA"/v3/*.tsv; do
    for options in "-j 0" "-j 2 -p 4K" "-s count -n 50" "--by year" "--by decade --value volumes" \
        "--value matches,volumes" "--rank -n 30" "--fold-case" "--fold-case=dominant" \
        "--pos untagged" "--strip-pos" "--match ^[a-m]" "-O csv" "-O jsonl" \
        "--by year --top-per 3" "--by decade --fill-years"; do
        # shellcheck disable=SC2086 # a list of words
        [ ! -e "$input" ] || same $options "$input"
    done
done
for input in "$DATA"/text/pg-metamorphosis.txt "$DATA"/text/pg-being_ernest.txt; do
    for options in "" "--tokens letters" "--tokens blanks" "--ngrams 2 -n 100" "--normalize nfc"; do
        # shellcheck disable=SC2086 # a list of words
        [ ! -e "$input" ] || same --format text $options "$input"
    done
done
echo "outputs: $n_same of $n_tried are the same bytes as here"

n_same=0
for options in "" "--by decade" "--value matches,volumes" "--by year --value matches,volumes"; do
    for program in "$WORDMILL" "$here"; do
        # shellcheck disable=SC2086 # a list of words
        "$program" count -q $options -o "$folder/$(basename "$(dirname "$program")").wmt" "$SAMPLE"
    done
    if cmp "$folder/bin.wmt" "$folder/release.wmt" &&
        [ "$("$WORDMILL" sum "$folder/release.wmt" | cksum)" = \
            "$("$here" sum "$folder/bin.wmt" | cksum)" ]; then
        n_same=$((n_same + 1))
    else
        failed=1
    fi
done
echo "table files: $n_same of 4 are the same bytes as here"
[ "$n_failed" -eq 0 ] && [ "$failed" -eq 0 ]
