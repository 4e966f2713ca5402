#!/bin/sh
# Installs what is missing, builds with gcc, with clang and with the sanitizers, and runs all tests.
#
#     sh tests/run.sh            everything
#     sh tests/run.sh dev        only one of the presets: dev, clang, asan, tsan
#
# What takes long runs in one of them: most faults with sanitizers (asan); packages without (dev);
# storms of kills and of failing calls, the SIMD variants, and what looks at all sources with the
# units (clang). tests/long.sh has longer storms, and some of these with the other compilers.
#
# What was slow: random inputs with sanitizers and with each SIMD variant, which come less often now
# (tests/support/repeat.h); the oracle, compiled forty times; workers that a test waits for.
set -eu
cd "$(dirname "$0")/.."
. tests/setup.sh
cross= # for the NEON variants on another machine
if [ "$(uname -m)" = x86_64 ]; then
    cross="gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static"
fi
# shellcheck disable=SC2086 # a list of words
need $build_packages g++ libcmocka-dev libglib2.0-dev clang clang-format clang-tidy \
    cppcheck libclang-rt-dev mawk valgrind shellcheck bsdutils gnuplot-nox scdoc mandoc \
    spin tabix unicode-data irstlm zstd zsh fish zip p7zip-full bzip2 xz-utils lz4 devscripts \
    musl-tools python3-dev python3-pip python3-venv python3-pytest python3-numpy $cross

presets=${1:-"asan tsan clang dev"}
jobs=$(nproc)
tests=$((jobs + 1)) # some wait for what they have started
for preset in $presets; do
    cmake --preset "$preset" >/dev/null
    cmake --build --preset "$preset" -j "$jobs"
    ctest --preset "$preset" -j "$tests"
done
