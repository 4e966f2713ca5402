"""What counting costs in Python, beside the command: python.py COMMAND FILE ROUNDS

Each round runs the command and then processes of Python, in turns. A process of Python says what
count() alone took; its whole time has the start of Python and the import as well. CPU is that of all
processes together.
"""

import os
import statistics
import subprocess
import sys
import time

CHILD = """
import json, resource, sys, time
def cpu():
    kinds = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, kinds))
import wordmill
times = [time.perf_counter(), cpu()]
options = {"output": sys.argv[2], "output_only": True} if len(sys.argv) > 2 else {}
result = wordmill.count(sys.argv[1], **options)
del result
print(time.perf_counter() - times[0], cpu() - times[1])
"""

COLUMNS = """
import sys, time, wordmill, numpy
result = wordmill.count(sys.argv[1])
times = []
for _ in range(int(sys.argv[2])):
    start, cpu = time.perf_counter(), time.process_time()
    columns = result.to_numpy()
    times.append((time.perf_counter() - start, time.process_time() - cpu))
    del columns
print(len(result), *min(times), *sorted(times)[len(times) // 2])
"""


def run(arguments):
    """(seconds, CPU seconds) of the process and its children, and what it printed."""
    reader, writer = os.pipe()
    start = time.perf_counter()
    pid = os.posix_spawnp(arguments[0], arguments, os.environ,
                          file_actions=[(os.POSIX_SPAWN_DUP2, writer, 1)])
    os.close(writer)
    with open(reader) as file:
        text = file.read()
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{arguments} failed")
    return (time.perf_counter() - start, usage.ru_utime + usage.ru_stime), text


def main():
    command, path, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    output = path + ".out"
    rows = {}

    def note(name, times):
        rows.setdefault(name, []).append(times)

    for _ in range(rounds + 1):  # the first one warms up
        note("command", run([command, "count", "-q", "-o", output, path])[0])
        whole, text = run([sys.executable, "-c", CHILD, path, output])
        note("count(), written", tuple(map(float, text.split())))
        note("the same, all of the process", whole)
        whole, text = run([sys.executable, "-c", CHILD, path])
        note("count(), in memory", tuple(map(float, text.split())))
        note("the same process", whole)
    os.unlink(output)
    best = rows["command"][1:]
    print(f"{'':30}{'seconds':>9}{'least':>8}{'ratio':>7}{'CPU':>9}{'least':>8}{'ratio':>7}")
    for name, times in rows.items():
        line = f"{name:30}"
        for kind in 0, 1:
            mine = [t[kind] for t in times[1:]]
            ratios = [a[kind] / b[kind] for a, b in zip(times[1:], best)]
            line += f"{statistics.median(mine):9.3f}{min(mine):8.3f}{statistics.median(ratios):7.3f}"
        print(line)
    try:
        import numpy  # noqa: F401
    except ImportError:
        return
    text = subprocess.check_output([sys.executable, "-c", COLUMNS, path, "9"])
    n, least, _, middle, cpu = map(float, text.split())
    print(f"to_numpy of {n:.0f} words: {middle * 1000:.1f} ms, {least * 1000:.1f} at least,"
          f" CPU {cpu * 1000:.1f}")


main()
