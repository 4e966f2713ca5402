# shellcheck shell=sh
# Sourced by what has opinions of a tool compared: written_for TOOL VERSION skips a test, with exit
# status 77, where the tool is of another version. VERSION is as much of it as matters.
written_for() {
    command -v "$1" >/dev/null || {
        echo "skipped: no $1"
        exit 77
    }
    version=$("$1" --version | sed -n 's/^\(.*[^0-9.]\)\{0,1\}\([0-9]\{1,\}\.[0-9.]*[0-9]\).*/\2/p' | head -n 1)
    case $version. in
    "$2".*) ;;
    *)
        dots=$(echo "$2" | tr -cd .)
        echo "skipped: $1 $(echo "$version" | cut -d . -f "1-$((${#dots} + 1))"), not $2"
        exit 77
        ;;
    esac
}
