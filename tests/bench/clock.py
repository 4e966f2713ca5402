"""Runs one program and says what it took, and what it ran on: no more than compare.py needs."""
import contextlib
import os
import platform
import signal
import threading
import time
from dataclasses import dataclass


@dataclass
class Usage:
    seconds: float  # of the whole process, from its start to its end
    cpu: float  # seconds, user and system, of the process and all that it waited for
    peak_mb: float  # memory of its own, of all its processes together, as often as it was looked
    status: int  # as of waitpid; 0 is success
    timed_out: bool


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:  # the process has ended
        return ""


def _family(pid):
    children = _read(f"/proc/{pid}/task/{pid}/children").split()
    return [pid] + [member for child in children for member in _family(child)]


def _memory_kb(pid, shared):
    """Anonymous and shared memory. A page that several processes map is one page if shared is set,
    for which the kernel has to look at every page."""
    names, path = (("Pss_Anon:", "Pss_Shmem:"), "smaps_rollup") if shared else (
        ("RssAnon:", "RssShmem:"), "status")
    fields = [line.split() for line in _read(f"/proc/{pid}/{path}").splitlines()]
    return sum(int(field[1]) for field in fields if field and field[0] in names)


def run(argv, errors, limit, interval=0.05, shared=False):
    """Without input; standard output is thrown away, standard error goes to the file errors. What
    takes more than limit seconds is killed with all that it started. Every interval seconds its
    memory is looked at. If the system has not enough of it, this is what has to go."""
    files = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
             (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
             (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    peak, timed_out, ended = 0, False, threading.Event()
    start = time.perf_counter()
    # Python ignores SIGPIPE, which a child would inherit.
    pid = os.posix_spawnp(argv[0], argv, os.environ, file_actions=files, setpgroup=0,
                          setsigdef=[signal.SIGPIPE])

    def watch():
        nonlocal peak, timed_out
        with contextlib.suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w") as file:
            file.write("1000")
        while not ended.wait(interval):
            peak = max(peak, sum(_memory_kb(member, shared) for member in _family(pid)))
            if time.perf_counter() - start > limit:
                timed_out = True
                os.killpg(pid, signal.SIGKILL)
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    # Its number stays its own until it is waited for, so nobody else's group can be killed.
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    except BaseException:  # whoever asks has no more interest
        os.killpg(pid, signal.SIGKILL)
        raise
    finally:
        seconds = time.perf_counter() - start
        ended.set()
        watcher.join()
    _, status, usage = os.wait4(pid, 0)
    return Usage(seconds, usage.ru_utime + usage.ru_stime, peak / 1024, status, timed_out)


def machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {"cpu": models[0] if models else platform.machine(),
            "cores": len(os.sched_getaffinity(0)), "kernel": platform.release().split("-")[0],
            "memory_mb": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20}
