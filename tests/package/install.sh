#!/bin/sh
# Installs into a scratch prefix and has a stranger's project use it from there in every way that
# README.md names, again after the prefix was moved; and uses the source tree inside of the other
# project: sh install.sh SOURCE BUILD COMPILER
set -eu
source=$1 build=$2 compiler=$3
stranger=$source/tests/embed/stranger
sample=$source/datasets/sample.tsv
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-install.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
unset DESTDIR CFLAGS LDFLAGS CMAKE_PREFIX_PATH LD_LIBRARY_PATH

say() {
    echo "== $*"
}

quietly() {
    "$@" >log 2>&1 || {
        cat log
        exit 1
    }
}

# The shell's own ! would not end the script.
not() {
    if "$@"; then
        echo "unexpected: $*"
        exit 1
    fi
}

# Runs a stranger and compares: works PROGRAM [ENVIRONMENT]
works() {
    env "LD_LIBRARY_PATH=${2-}" "$1" "$sample" | diff -u expected -
}

is_shared() {
    env "LD_LIBRARY_PATH=${2-}" ldd "$1" | grep -q 'libwordmill\.so\.[0-9.]* => /'
}

# Everything that README.md says about a library that is installed: use_prefix PREFIX
use_prefix() {
    prefix=$1
    libraries=$prefix/lib
    PKG_CONFIG_PATH=$libraries/pkgconfig
    export PKG_CONFIG_PATH
    [ "$(pkg-config --modversion wordmill)" = "$version" ]
    # Nobody else's development files are needed.
    PKG_CONFIG_LIBDIR=$libraries/pkgconfig PKG_CONFIG_PATH='' pkg-config --cflags --libs wordmill >/dev/null

    say "pkg-config, shared"
    # shellcheck disable=SC2046 # words
    quietly "$compiler" -std=c99 -pedantic -Wall -Wextra -Werror "$stranger/main.c" -o shared \
        $(pkg-config --cflags --libs wordmill)
    works ./shared "$libraries"
    is_shared ./shared "$libraries"

    say "pkg-config, static"
    # shellcheck disable=SC2046
    quietly "$compiler" "$stranger/main.c" -o static \
        $(pkg-config --static --cflags --libs wordmill | sed 's/-lwordmill/-l:libwordmill.a/')
    works ./static
    not is_shared ./static

    for target in wordmill static; do
        say "find_package, wordmill::$target"
        rm -rf project
        quietly cmake -S "$stranger" -B project "-DCMAKE_C_COMPILER=$compiler" \
            "-DCMAKE_PREFIX_PATH=$prefix" "-DWORDMILL_VERSION=$version" \
            "-DWORDMILL_TARGET=wordmill::$target"
        quietly cmake --build project
        works project/stranger
        if [ $target = static ]; then not is_shared project/stranger; else is_shared project/stranger; fi
    done

    say "find_package, without libuv's development files"
    rm -rf project
    quietly env PKG_CONFIG_PATH= PKG_CONFIG_LIBDIR=/nowhere cmake -S "$stranger" -B project \
        "-DCMAKE_C_COMPILER=$compiler" "-DCMAKE_PREFIX_PATH=$prefix" "-DWORDMILL_VERSION=$version"
    quietly cmake --build project
}

say "install"
quietly cmake --install "$build" --prefix "$scratch/first"
cp "$build/install_manifest.txt" manifest
version=$(first/bin/wordmill --version | sed 's/wordmill //')
{
    echo "the commonest words, says wordmill $version:"
    first/bin/wordmill count --top 3 "$sample"
} >expected
grep -q "^#define WM_VERSION \"$version\"$" first/include/wordmill.h
case $version in
0.*) interface=${version%.*} ;;
*) interface=${version%%.*} ;;
esac
[ "$(readlink "first/lib/libwordmill.so.$interface")" = "libwordmill.so.$version" ]
if [ -e "$build/engine/man/man1/wordmill.1" ]; then
    for page in man1/wordmill.1 man1/wordmill-count.1 man1/wordmill-sum.1 man1/wordmill-query.1 \
        man1/wordmill-bench.1 man3/libwordmill.3; do
        [ -e "first/share/man/$page" ]
    done
fi
for file in bash-completion/completions/wordmill zsh/site-functions/_wordmill \
    fish/vendor_completions.d/wordmill.fish; do
    grep -q -e '--partition-size\|-l partition-size' "first/share/$file"
done
find first ! -type d | sed 's/first//' | sort >files
# No text knows where it was built or installed.
not grep -rIlF -e "$scratch" -e "$build" -e "$source" first

use_prefix "$scratch/first"
say "the same after a move"
mv first "second place"
ln -s "second place" second # pkg-config's words cannot hold blanks
use_prefix "$scratch/second"
rm second
mv "second place" first

say "uninstall"
xargs rm <manifest
[ -z "$(find first ! -type d)" ]

say "staged"
quietly env "DESTDIR=$scratch/stage" cmake --install "$build" --prefix /opt/wordmill
find stage ! -type d | sed 's,^stage/opt/wordmill,,' | sort | diff -u files -
not grep -rIlF "$scratch" stage

for shared in OFF ON; do
    say "add_subdirectory, BUILD_SHARED_LIBS $shared"
    quietly cmake -S "$stranger" -B whole "-DCMAKE_C_COMPILER=$compiler" "-DWORDMILL_SOURCE=$source" \
        -DBUILD_SHARED_LIBS=$shared -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
    quietly cmake --build whole --parallel 2
    works whole/stranger
    if [ $shared = ON ]; then is_shared whole/stranger; else not is_shared whole/stranger; fi
    # Neither warnings nor definitions of ours, none of our programs, nothing of ours installed.
    grep '"command".*main\.c"' whole/compile_commands.json >flags
    not grep -E ' -(W|D|std)' flags
    [ -z "$(find whole -name 'test_*' -o -name wordmill -type f -o -name 'ngram-*')" ]
    rm -rf staged
    quietly cmake --install whole --prefix "$scratch/staged"
    [ "$(find staged ! -type d)" = staged/bin/stranger ]
done
