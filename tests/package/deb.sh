#!/bin/sh
# The Debian packages are made, found to be good, installed in a minimal system of the same release,
# used there and removed, and nothing is left: sh tests/package/deb.sh, as root
set -eu
cd "$(dirname "$0")/../.."
. tests/setup.sh
. tests/system.sh
sh engine/package/deb.sh
if command -v lintian >/dev/null; then
    lintian --allow-root --fail-on error build/deb/*.deb
else
    echo "skipped: no lintian"
fi
version=$(sed -n 's/^#define WM_VERSION "\(.*\)"$/\1/p' engine/include/wordmill.h)

system_make ""
cp build/deb/*.deb datasets/sample.tsv engine/examples/topwords.c "$system/root/"
cp -r tests/embed/stranger "$system/root/"
cat >"$system/root/try.sh" <<'END'
set -eu
cd /root
version=$1
export DEBIAN_FRONTEND=noninteractive
get() {
    apt-get -qq -y --no-install-recommends "$@" >log 2>&1 || {
        cat log
        exit 1
    }
}
# Minimal systems leave documents out.
rm -f /etc/dpkg/dpkg.cfg.d/*
get update
get install man-db bash-completion zsh fish gcc libc6-dev pkg-config cmake make python3
files() {
    find /usr /etc /var/lib ! -path '/var/lib/dpkg/*' ! -path '/var/lib/apt/*' | LC_ALL=C sort
}
files >before

echo "== install"
get install ./*.deb
[ "$(dpkg-query -W -f '${Version} ' wordmill python3-wordmill 'libwordmill*')" = \
    "$version-1 $version-1 $version-1 $version-1 " ]
dpkg --verify wordmill libwordmill-dev python3-wordmill
for field in wordmill:foreign libwordmill-dev:same; do
    [ "$(dpkg-query -W -f '${Multi-Arch}' "${field%:*}")" = "${field#*:}" ]
done

echo "== use"
[ "$(wordmill --version)" = "wordmill $version" ]
wordmill count -j 2 -o counts.tsv sample.tsv
awk -F '\t' '{ n[$1] += $3 } END { for (word in n) printf "%s\t%s\n", word, n[word] }' sample.tsv |
    LC_ALL=C sort | cmp - counts.tsv
wordmill help count | grep -q '^ *wordmill-count - adds up'
man wordmill-query >/dev/null
man 3 libwordmill >/dev/null
bash -ic 'source /usr/share/bash-completion/bash_completion
    _completion_loader wordmill; complete -p wordmill' 2>/dev/null | grep -q -e '-F _wordmill'
zsh -fc 'autoload -U compinit; compinit -u -D; [[ $_comps[wordmill] == _wordmill ]]'
fish -c "complete -C 'wordmill count --partition-'" | grep -q partition-size

echo "== Python"
python3 - "$version" <<'PYTHON'
import importlib.metadata, pathlib, sys, wordmill

assert importlib.metadata.version("wordmill") == wordmill.__version__ == sys.argv[1]
counts = dict(line.rsplit("\t", 1) for line in open("counts.tsv"))
words = dict(wordmill.count("sample.tsv", map=lambda line: [line.split(b"\t")[0]]).items())
assert words.keys() == counts.keys() and len(words) > 100
result = wordmill.count([pathlib.Path("sample.tsv").read_bytes()])
assert {word: f"{n}\n" for word, n in result.items()} == counts
assert list(pathlib.Path(wordmill.__file__).parent.glob("__pycache__/_job.*.pyc"))
PYTHON

echo "== compile"
# shellcheck disable=SC2046 # words
gcc -Wall -Werror topwords.c -o topwords $(pkg-config --cflags --libs wordmill)
./topwords sample.tsv >made
[ -s made ]
cmake -S stranger -B project -DWORDMILL_VERSION="$version" >/dev/null
cmake --build project >/dev/null
project/stranger sample.tsv | grep -q "$version"
ldd topwords project/stranger | grep -c 'libwordmill\.so\.[0-9.]* => /' | grep -qx 2
# A package with this program would need this version of the library, or a later one.
sed -n 's/.*(>= \(.*\))/\1/p' "/var/lib/dpkg/info/$(dpkg-query -W -f '${Package}' 'libwordmill[0-9]*'):$(dpkg --print-architecture).shlibs" |
    grep -qxF "$version"

echo "== remove"
get purge --auto-remove wordmill python3-wordmill 'libwordmill*'
files >after
diff before after
if ./topwords sample.tsv 2>/dev/null; then exit 1; fi
echo "nothing is left"
END
system_run "sh ${trace-} /root/try.sh $version"
