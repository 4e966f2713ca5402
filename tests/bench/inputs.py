"""The files that compare.py reads: makes them, measures them, has the page cache forget them."""
import gzip
import os
import subprocess
from contextlib import contextmanager


@contextmanager
def made(generate, folder, name, lines, *settings, n_files=1, keep=False):
    """The paths of files of so many lines each. Those that were not there before go at the end."""
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, f"{name}-{lines}-{i + 1}.tsv") for i in range(n_files)]
    new = [path for path in paths if not os.path.exists(path)]
    part = os.path.join(folder, f"{name}.part")
    try:
        for seed, path in enumerate(paths, 1):
            if path in new:
                with open(part, "wb") as file:
                    subprocess.run([generate, "--lines", str(lines), "--seed", str(seed),
                                    *map(str, settings)], stdout=file, check=True)
                os.rename(part, path)
        yield paths
    finally:
        for path in [part] if keep else [part, *new]:
            if os.path.exists(path):
                os.unlink(path)


@contextmanager
def packed(paths):
    """The paths of the same files packed by gzip -1, while they are needed."""
    names = [path + ".gz" for path in paths]
    try:
        for path, name in zip(paths, names):
            with open(name, "wb") as file:
                subprocess.run(["gzip", "-1", "-c", path], stdout=file, check=True)
        yield names
    finally:
        for name in names:
            if os.path.exists(name):
                os.unlink(name)


def is_packed(path):
    return path.endswith(".gz")


def measure(paths):
    """Returns bytes and lines, of packed files unpacked ones."""
    size = lines = 0
    for path in paths:
        last = b"\n"
        with gzip.open(path) if is_packed(path) else open(path, "rb", buffering=0) as file:
            while block := file.read(1 << 20):
                size += len(block)
                lines += block.count(b"\n")
                last = block
        lines += not last.endswith(b"\n")
    return size, lines


def drop_cache(paths):
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        os.fsync(fd)  # a page that is not on disk yet would stay
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)
