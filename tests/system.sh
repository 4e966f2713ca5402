# shellcheck shell=sh
# Sourced, behind setup.sh, by what needs a minimal Debian system of its own, as root:
#
#     system_make RELEASE     $system is then its folder, which is gone at the end; the machine's own
#                             release without RELEASE
#     system_run COMMAND      in a shell there
#
# It is made by debootstrap, from where the machine's own apt has its packages.
[ "$(id -u)" -eq 0 ] || {
    echo "please run this as root: it makes a system of its own" >&2
    exit 2
}
need debootstrap ca-certificates

# shellcheck disable=SC2317 # by trap
system_leave() {
    for folder in dev/shm dev/pts dev proc; do
        umount -l "$system/$folder" 2>/dev/null || true
    done
    if grep -qF " $system/" /proc/mounts; then
        echo "still mounted, so not removed: $system" >&2
    else
        rm -rf --one-file-system "${system%/system}"
    fi
}

system_make() {
    # shellcheck source=/dev/null
    release=${1:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
    # The first source that is of Debian's main archive.
    # shellcheck disable=SC2016 # names that apt knows
    mirror=$(apt-get indextargets --format '$(ORIGIN) $(CODENAME) $(COMPONENT) $(REPO_URI)' |
        awk '$1 == "Debian" && $2 !~ /-/ && $3 == "main" { print $4; exit }')
    [ -n "$mirror" ] || {
        echo "apt names no archive of Debian; apt-get update may help" >&2
        exit 1
    }
    system=$(mktemp -d "${TMPDIR:-/tmp}/wordmill-system.XXXXXX")/system
    trap system_leave EXIT
    trap 'exit 1' HUP INT TERM
    echo "== $release, a minimal system"
    debootstrap --variant=minbase "$release" "$system" "$mirror" >"${system%/system}/log" 2>&1 || {
        tail "${system%/system}/log" >&2
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
}

# How this machine compiles, with ccache for one, means nothing there.
system_run() {
    chroot "$system" env -u TMPDIR -u CC -u CXX -u CFLAGS -u CXXFLAGS -u LDFLAGS \
        -u CMAKE_C_COMPILER_LAUNCHER -u CMAKE_CXX_COMPILER_LAUNCHER -u CMAKE_GENERATOR \
        HOME=/root LC_ALL=C.UTF-8 sh -c "$1" </dev/null
}
