# shellcheck shell=sh disable=SC2034
# Sourced by the scripts that a newcomer runs: installs those of the named Debian packages that are
# missing, as root or through sudo.

need() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "please install, as root:$missing" >&2
            exit 1
        fi
        as_root=sudo
    fi
    echo "installing:$missing"
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq update >&2 &&
        DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq -y --no-install-recommends \
            -o DPkg::Lock::Timeout=600 install $missing >/dev/null
}

# What wordmill itself is built with.
build_packages="gcc libc6-dev make cmake pkg-config libuv1-dev libutf8proc-dev libpcre2-dev libxxhash-dev libisal-dev libzstd-dev libarchive-dev libjansson-dev"
