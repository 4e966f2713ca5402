#!/bin/sh
# Installs the library, builds the example of a language with it and compares what it says:
# sh language.sh go|rust|node SOURCE BUILD
set -eu
language=$1 source=$2 build=$3
scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-language.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
unset DESTDIR
case $language in
go) compiler=go ;;
rust) compiler=rustc ;;
node) compiler=node ;;
esac
command -v "$compiler" >/dev/null || {
    echo "skipped: no $compiler"
    exit 77
}
headers=$(dirname "$(dirname "$(command -v "$compiler")")")/include/node
[ "$language" != node ] || [ -f "$headers/node_api.h" ] || {
    echo "skipped: no headers of Node"
    exit 77
}
cmake --install "$build" --prefix "$scratch/prefix" >/dev/null
export PKG_CONFIG_PATH="$scratch/prefix/lib/pkgconfig" LD_LIBRARY_PATH="$scratch/prefix/lib"
case $language in
go)
    cp "$source"/engine/examples/go/* .
    GOFLAGS=-mod=mod GOPROXY=off go build -o host .
    ;;
rust)
    rustc -O -L "$scratch/prefix/lib" -o host "$source/engine/examples/rust/count.rs"
    ;;
node)
    cp "$source"/engine/examples/node/* .
    # shellcheck disable=SC2046 # words
    cc -Wall -Werror -shared -fPIC -I"$headers" -o wordmill.node addon.c \
        $(pkg-config --cflags --libs wordmill)
    printf '#!/bin/sh\nexec node count.js "$@"\n' >host
    chmod +x host
    ;;
esac
sample=$source/datasets/sample.tsv
./host "$sample" >got
"$scratch/prefix/bin/wordmill" count --top 3 "$sample" | diff -u - got
if ./host /nowhere 2>message; then
    echo "it found a file that is not there"
    exit 1
fi
grep -q "cannot open '/nowhere': no such file or directory" message
