"""Runs one program and says what it took, and what it ran on: no more than compare.py needs."""
import os
import platform
import resource
import signal
import time
from dataclasses import dataclass


@dataclass
class Usage:
    seconds: float  # of the whole process, from its start to its end
    cpu: float  # seconds, user and system, of the process and all that it waited for
    peak_mb: float  # of the largest of these processes; see own_peak_mb
    status: int  # as of waitpid; 0 is success


def own_peak_mb():
    """What no peak can be less than: the kernel passes the parent's on to a child."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(argv, errors):
    """Without input; standard output is thrown away, standard error goes to the file errors."""
    files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
             (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
             (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    start = time.perf_counter()
    # Python ignores SIGPIPE, which a child would inherit.
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=files,
                          setsigdef=[signal.SIGPIPE])
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    return Usage(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, status)


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {"cpu": models[0] if models else platform.machine(),
            "cores": len(os.sched_getaffinity(0)), "kernel": platform.release(),
            "memory_mb": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20}
