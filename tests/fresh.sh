#!/bin/sh
# Tries the two commands of README.md in a minimal Debian system, from a fresh clone, as root:
#
#     sh tests/fresh.sh [bookworm|trixie] [COMMAND...]
#
# The system is made by debootstrap, from where the machine's own apt has its packages, in a scratch
# folder that is gone at the end. Without a release the machine's own is taken. A COMMAND is tried
# instead of the two, in the clone: sh tests/fresh.sh trixie 'sh tests/run.sh dev'
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || {
    echo "please run this as root: it makes a system of its own" >&2
    exit 2
}
. tests/setup.sh
need debootstrap git ca-certificates
# shellcheck source=/dev/null
release=${1:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- "sh datasets/try.sh" "sh tests/run.sh"

# The first source that is of Debian's main archive.
# shellcheck disable=SC2016 # names that apt knows
mirror=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)' |
    awk '$1 == "Debian" && $2 !~ /-/ && $3 == "main" { print $4; exit }')
[ -n "$mirror" ] || {
    echo "apt names no archive of Debian; apt-get update may help" >&2
    exit 1
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-fresh.XXXXXX")
system=$scratch/system
# shellcheck disable=SC2317 # by trap
leave() {
    for folder in dev/shm dev/pts dev proc; do
        umount -l "$system/$folder" 2>/dev/null || true
    done
    if grep -qF " $system/" /proc/mounts; then
        echo "still mounted, so not removed: $system" >&2
    else
        rm -rf --one-file-system "$scratch"
    fi
}
trap leave EXIT
trap 'exit 1' HUP INT TERM

echo "== $release, a minimal system"
debootstrap --variant=minbase "$release" "$system" "$mirror" >"$scratch/log" 2>&1 || {
    tail "$scratch/log" >&2
    exit 1
}
mount -t proc proc "$system/proc"
mount --bind /dev "$system/dev"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$system/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$system/dev/shm"
# How this machine gets at its packages. What a proxy is called is in the environment.
cp -L /etc/resolv.conf "$system/etc/" 2>/dev/null || true
for file in /etc/apt/apt.conf /etc/apt/apt.conf.d/*proxy*; do
    [ ! -f "$file" ] || cp "$file" "$system/etc/apt/apt.conf.d/"
done

git clone -q --no-hardlinks . "$system/root/wordmill"
# The data of the tests, where this machine has it.
if [ -d ../shared/data ]; then
    mkdir "$system/root/shared"
    cp -r ../shared/data "$system/root/shared/"
fi

failed=0
for command in "$@"; do
    echo "== $release: $command"
    chroot "$system" env -u TMPDIR HOME=/root LC_ALL=C.UTF-8 sh -c "cd /root/wordmill && $command" \
        </dev/null || failed=1
done
exit $failed
