"""Compares wordmill's speed with that of other programs which give the same answer.

    sh compare.sh [OPTIONS] FILE...           every FILE is a comparison of its own; one whose name
                                              ends in .gz is packed
    sh compare.sh [OPTIONS] --together FILE...      and all of them are one
    sh compare.sh [OPTIONS] --shapes DIR      inputs of other shapes, made in DIR one at a time

The programs take turns, so that a busy moment of the machine hits all of them; each has one run
before that does not count (mawk, which is slow, has none), so that the page cache is warm. Seconds
are those of a whole process, from its start to its end. After every run the answer is compared,
byte for byte, with that of wordmill's first run. The peak is that of the largest process, not a
sum over processes; one that is less than this Python's own cannot be known ("<").

Exit status: 0 done, 1 a program failed or gave another answer, 2 wrong usage.

--json FILE writes one object:

    machine   cpu, cores, kernel, memory_mb, and duckdb: its version, or null
    options   runs, workers, scale
    runs      a list, an object for each run that counts: case, program, round (from 0), seconds
              (wall), cpu (seconds, user + system), peak_mb, answer ("same", "other", "failed",
              or "none" of a program that has no answer); peak_mb is never less than Python's
    summary   a list, an object for each case and program: case, bytes, lines, program, runs,
              median, min, max, cpu (median), peak_mb (largest), lines_per_second, ratio (the
              median over wordmill's)
    targets   a list: case, target, ratio, met (true or false)
"""
import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import clock
import inputs

CONTENDERS = ("read floor", "cat", "mawk", "duckdb", "igzip")

# $0 is the output. By the word alone: a word may hold bytes that are less than the tab after it.
MAWK = r"""mawk -F'\t' '{c[$1]+=$3} END{for(w in c) printf "%s\t%.0f\n", w, c[w]}' "$@" |
LC_ALL=C sort -t"$(printf '\t')" -k1,1 >"$0" """

DUCKDB = r"""
import duckdb, sys
out, threads, *paths = sys.argv[1:]
quote = lambda text: "'" + text.replace("'", "''") + "'"
db = duckdb.connect(config={"threads": threads})
db.execute(f'''copy (
  select w, sum(c) from read_csv([{", ".join(map(quote, paths))}], auto_detect = false,
    header = false, delim = '\t', quote = '', escape = '',
    columns = {{'w': 'VARCHAR', 'y': 'BIGINT', 'c': 'BIGINT', 'v': 'BIGINT'}})
  group by w order by w collate "binary"
) to {quote(out)} (format csv, header false, delimiter '\t', quote '', escape '')''')
"""

# What is to be reached: the program, which median over which, at least or at most how much.
TARGETS = (
    ("at least 16 times as fast as DuckDB", "duckdb", 16, False),
    ("at least 45 times as fast as mawk", "mawk", 45, False),
    ("at most 4 times the read floor", "read floor", 4, True),
)
PACKED_TARGETS = (
    ("at most 1.15 times the time of igzip", "igzip", 1.15, True),
)


@dataclass
class Program:
    name: str
    argv: list
    has_answer: bool = True
    runs: int = 5
    warm_up: bool = True


@dataclass
class Case:
    name: str
    paths: list
    programs: list
    targets: tuple = ()
    cold: bool = False


class Bench:
    def __init__(self, options, scratch):
        self.options = options
        self.scratch = scratch
        self.output = os.path.join(scratch, "answer")
        self.skipped = set(options.skip)
        self.duckdb = self.duckdb_version = None
        self.failed = False
        self.runs, self.summary, self.targets = [], [], []

    def find_programs(self):
        for name in ("mawk", "cat", "igzip"):
            if not shutil.which(name):
                self.skip(name, "it is not installed")
        if "duckdb" not in self.skipped:
            self.install_duckdb()

    def skip(self, name, reason):
        print(f"without {name}: {reason}")
        self.skipped.add(name)

    def install_duckdb(self):
        home = os.path.join(tempfile.gettempdir(), "wordmill-bench")
        os.makedirs(home, mode=0o700, exist_ok=True)
        if os.stat(home).st_uid != os.getuid():
            return self.skip("duckdb", f"{home} belongs to somebody else")
        venv = os.path.join(home, "venv")
        python = os.path.join(venv, "bin", "python")
        version = [python, "-c", "import duckdb; print(duckdb.__version__)"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            if not os.path.exists(python) or subprocess.run(version, **quiet).returncode != 0:
                print(f"installing duckdb into {venv}")
                subprocess.run([sys.executable, "-m", "venv", venv], check=True, **quiet)
                subprocess.run([python, "-m", "pip", "-q", "install", "--retries", "1", "duckdb"],
                               check=True, **quiet)
            self.duckdb_version = subprocess.check_output(version, text=True).strip()
            self.duckdb = python
        except (OSError, subprocess.CalledProcessError):
            self.skip("duckdb", "it could not be installed with pip")

    def wordmill(self, paths, *settings, name="wordmill"):
        settings = settings or ("-j", str(self.options.workers))
        argv = [os.path.join(self.options.build, "wordmill"), "count", *settings]
        return Program(name, [*argv, "-o", self.output, *paths], runs=self.options.runs)

    def everything(self, paths):
        runs, workers = self.options.runs, str(self.options.workers)
        floor = os.path.join(self.options.build, "read_floor")
        programs = [
            self.wordmill(paths),
            Program("read floor", [floor, paths[0], workers], has_answer=False, runs=runs),
            Program("cat", ["cat", *paths], has_answer=False, runs=runs),
            Program("duckdb", [self.duckdb, "-c", DUCKDB, self.output, workers, *paths], runs=runs),
            Program("mawk", ["sh", "-c", MAWK, self.output, *paths],
                    runs=self.options.mawk_runs, warm_up=False),
        ]
        if inputs.is_packed(paths[0]):
            programs = [p for p in programs if p.name in ("wordmill", "duckdb")]
            programs.insert(1, Program("igzip", ["sh", "-c", 'cat "$@" | igzip -dc >/dev/null', "sh",
                                                 *paths], has_answer=False, runs=runs))
        # A floor that starts processes anew for each of many files would be none.
        return [p for p in programs if p.name not in self.skipped and p.runs > 0
                and not (p.name == "read floor" and len(paths) > 1)]

    def run(self, program):
        if os.path.exists(self.output):
            os.unlink(self.output)
        errors = os.path.join(self.scratch, "errors")
        usage = clock.run(program.argv, errors)
        if usage.status != 0:
            with open(errors, errors="replace") as file:
                print(f"{program.name} failed:",
                      file.read(2000).strip() or f"status {usage.status}")
        return usage

    def answer(self):
        if not os.path.exists(self.output):
            return None
        with open(self.output, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def compare(self, case):
        size, lines = inputs.measure(case.paths)
        print(f"\n{case.name}: {size:,} bytes, {lines:,} lines")
        expected = None
        broken, records = set(), []
        for turn in range(-1, max(p.runs for p in case.programs)):
            for program in case.programs:
                first = 0 - program.warm_up
                if program.name in broken or not first <= turn < program.runs:
                    continue
                if case.cold:
                    inputs.drop_cache(case.paths)
                usage = self.run(program)
                digest = self.answer() if program.has_answer else None
                if expected is None and program is case.programs[0]:
                    expected = digest
                state = ("failed" if usage.status != 0 else
                         "none" if not program.has_answer else
                         "same" if digest and digest == expected else "other")
                if turn >= 0:
                    records.append({"case": case.name, "program": program.name, "round": turn,
                                    "seconds": usage.seconds, "cpu": usage.cpu,
                                    "peak_mb": usage.peak_mb, "answer": state})
                if state in ("failed", "other"):
                    self.failed = True
                    broken.add(program.name)
                    print(f"{program.name}: {'no' if state == 'failed' else 'ANOTHER'} answer")
                    if program is case.programs[0]:
                        self.runs += records
                        return []
        self.runs += records
        rows = summarise(case, size, lines, [r for r in records if r["program"] not in broken])
        self.summary += rows
        print_table(rows)
        self.judge(case, {row["program"]: row["median"] for row in rows})
        return rows

    def judge(self, case, medians):
        for target, name, limit, at_most in case.targets:
            if name in medians:
                own, other = medians["wordmill"], medians[name]
                ratio = own / other if at_most else other / own
                met = ratio <= limit if at_most else ratio >= limit
                print(f"{'met   ' if met else 'MISSED'}  {target}: {ratio:.1f} times")
                self.targets.append({"case": case.name, "target": target, "ratio": ratio,
                                     "met": met})

    def made(self, name, lines, *settings, n_files=1):
        generate = os.path.join(self.options.build, "ngram-generate")
        return inputs.made(generate, self.options.shapes, name.replace(" ", "-"), lines, *settings,
                           n_files=n_files, keep=self.options.keep)

    def shapes(self):
        def scaled(n, least=1000):
            return max(least, round(n * self.options.scale))

        a = scaled(86_618_505)
        with self.made("sorted", a) as paths:
            self.compare(Case("sorted", paths, self.everything(paths), targets=TARGETS))
            settings = (("--partition-lines", "60000"), ("-j", "1"), ("-j", "16"), ("-j", "64"))
            workers = ("-j", str(self.options.workers))
            self.compare(Case("settings", paths, [self.wordmill(paths)] + [
                self.wordmill(paths, *(() if s[0] == "-j" else workers), *s, name=" ".join(s))
                for s in settings]))
            cat = Program("cat", ["cat", *paths], has_answer=False, runs=self.options.runs)
            self.compare(Case("cold cache", paths, [self.wordmill(paths), cat], cold=True))
        wide = scaled(100_000_000)
        for name, lines, settings, n_files in (
                ("shuffled", a, ("--unsorted",), 1),
                ("few words", a, ("--words", 1000), 1),
                ("very many words", wide, ("--words", max(1, wide // 5)), 1),
                ("26 files", scaled(86_618_505 / 26), (), 26),
                ("1000 small files", scaled(1000, 10), (), 1000),
                ("1 KB", 80, (), 1)):
            with self.made(name, lines, *settings, n_files=n_files) as paths:
                self.compare(Case(name, paths, self.everything(paths)))
                if name == "26 files":
                    with inputs.packed(paths) as packed:
                        self.compare(Case(f"{name}, packed", packed, self.everything(packed)))
        self.growth([scaled(n * 1_000_000) for n in (1, 10, 100, 400)])

    def growth(self, sizes):
        rows = []
        for lines in sizes:
            with self.made("growth", lines) as paths:
                rows += self.compare(Case(f"growth {lines:,}", paths, [self.wordmill(paths)]))
        print("\ngrowth: seconds per million lines")
        for row in rows:
            print(f"{row['lines']:>14,} lines {row['median'] / row['lines'] * 1e6:10.5f}")


def summarise(case, size, lines, records):
    rows = []
    for program in case.programs:
        runs = [r for r in records if r["program"] == program.name]
        if runs:
            seconds = [r["seconds"] for r in runs]
            median = statistics.median(seconds)
            rows.append({"case": case.name, "bytes": size, "lines": lines, "program": program.name,
                         "runs": len(runs), "median": median, "min": min(seconds),
                         "max": max(seconds), "cpu": statistics.median(r["cpu"] for r in runs),
                         "peak_mb": max(r["peak_mb"] for r in runs),
                         "lines_per_second": lines / median})
    for row in rows:
        row["ratio"] = row["median"] / rows[0]["median"]
    return rows


def print_table(rows):
    least = clock.own_peak_mb()
    print(f"{'program':<24}{'median s':>10}{'min':>9}{'max':>9}{'CPU s':>9}{'peak MB':>9}"
          f"{'lines/s':>16}{'ratio':>9}")
    for row in rows:
        peak = f"{row['peak_mb']:.0f}" if row["peak_mb"] > least else f"<{least:.0f}"
        print(f"{row['program']:<24}{row['median']:>10.4f}{row['min']:>9.4f}{row['max']:>9.4f}"
              f"{row['cpu']:>9.3f}{peak:>9}{row['lines_per_second']:>16,.0f}"
              f"{row['ratio']:>9.2f}")


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="compare.sh", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--together", action="store_true", help="all FILEs are one comparison")
    parser.add_argument("--runs", type=int, default=5, help="of each program [5]")
    parser.add_argument("--mawk-runs", type=int, default=1, help="of mawk [1]")
    parser.add_argument("--workers", type=int, default=2, help="processes or threads [2]")
    parser.add_argument("--skip", default="", metavar="NAMES",
                        help=f"some of: {', '.join(CONTENDERS)}; with commas between")
    parser.add_argument("--json", metavar="FILE", help="write the figures there")
    parser.add_argument("--shapes", metavar="DIR", help="make the other inputs there")
    parser.add_argument("--keep", action="store_true", help="do not remove them [remove]")
    parser.add_argument("--scale", type=float, default=1, help="times their lines [1]")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.files and not options.shapes:
        parser.error("neither FILE nor --shapes DIR")
    if options.runs < 1 or options.workers < 1 or options.mawk_runs < 0 or options.scale <= 0:
        parser.error("--runs, --workers and --scale must be more than 0")
    options.skip = list(filter(None, options.skip.split(",")))
    for name in options.skip:
        if name not in CONTENDERS:
            parser.error(f"cannot skip '{name}': not one of {', '.join(CONTENDERS)}")
    if options.json and not os.access(os.path.dirname(os.path.abspath(options.json)), os.W_OK):
        parser.error(f"cannot write '{options.json}'")
    for path in options.files:
        if not os.access(path, os.R_OK) or not os.path.isfile(path):
            parser.error(f"cannot read '{path}' as a file")
    # Absolute: awk takes a name with '=' for an assignment, and any program one with '-' first.
    options.files = [os.path.abspath(path) for path in options.files]
    options.shapes = options.shapes and os.path.abspath(options.shapes)
    return options


def write_json(path, options, host, bench):
    with open(path, "w") as file:
        json.dump({"machine": host, "options": {
            "runs": options.runs, "workers": options.workers, "scale": options.scale},
            "runs": bench.runs, "summary": bench.summary, "targets": bench.targets},
            file, indent=1)
        file.write("\n")


def main():
    options = parse_arguments()
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory(prefix="wordmill-compare-") as scratch:
        bench = Bench(options, scratch)
        bench.find_programs()
        host = clock.machine() | {"duckdb": bench.duckdb_version}
        print(", ".join(f"{key} {value}" for key, value in host.items()))
        try:
            for paths in [options.files] if options.together else [[p] for p in options.files]:
                targets = PACKED_TARGETS if inputs.is_packed(paths[0]) else TARGETS
                name = os.path.basename(paths[0]) + (" and others" if len(paths) > 1 else "")
                bench.compare(Case(name, paths, bench.everything(paths),
                                   targets=() if len(paths) > 1 else targets))
            if options.shapes:
                bench.shapes()
        finally:
            if options.json:
                write_json(options.json, options, host, bench)
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
