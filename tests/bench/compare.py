#!/usr/bin/env python3
"""Compares wordmill's speed with that of other programs which give the same bytes.

    sh compare.sh [OPTIONS]                   asks all questions, 20 minutes on two quiet cores
    sh compare.sh --quick                     the same of small files, to see that all works
    sh compare.sh --results                   measures nothing: of what --json holds it makes the
                                              tables of RESULTS.md and README.md, compare.svg and
                                              compare.json

The programs take turns, so that a busy moment of the machine hits all of them. Inputs are in the
page cache. Seconds are those of a whole process, from its start to its end; memory is that of all
its processes together, without pages of files. After every run the answer is compared, byte for
byte, with wordmill's first one, which is not timed. A program whose runs have taken --seconds
altogether is asked no more, and one that takes --timeout is ended.

What is measured goes to the file of --json after every question; with --resume the questions are
left out that it holds already, if they were asked in the same way.

Exit status: 0 done, 1 wordmill failed or a program gave another answer, 2 wrong usage.

The file holds one object:

    how         machine, versions (of the programs), lines, rounds, workers, seconds, timeout,
                mawk_timeout, and the SHA-256 of the wordmill that was asked
    start       seconds that each of the programs takes for 50 lines
    questions   a list of: name, heading, bytes, lines, target, and programs, a list of: name,
                seconds (wall, of each run), cpu (of each run), peak_mb (largest), and why (there is
                no more), or null
"""
import argparse
import glob
import hashlib
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

import clock
import report
from questions import LINES, QUESTIONS, Inputs, Missing, drop_cache

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


@dataclass
class Program:
    name: str
    argv: list
    has_answer: bool = True
    why: str = None  # it is asked no more
    seconds: list = field(default_factory=list)
    cpu: list = field(default_factory=list)
    peak_mb: float = 0
    has_peak: bool = False  # and it is all: a page that processes share counted once

    def as_json(self):
        return {"name": self.name, "seconds": self.seconds, "cpu": self.cpu,
                "peak_mb": self.peak_mb, "why": self.why}


class Bench:
    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.output, self.expected = (os.path.join(scratch, name) for name in ("out", "expected"))
        self.wordmill = os.path.join(options.build, "wordmill")
        self.inputs = Inputs(os.path.join(options.build, "ngram-generate"), scratch, options.lines,
                             options.books)
        self.failed = False

    def programs(self, question, paths):
        workers = str(self.options.workers)
        programs = [Program("wordmill", [self.wordmill, "count", "-j", workers, *question.settings,
                                         "-o", self.output, *paths])]
        for peer in ("polars", "duckdb"):
            programs.append(Program(peer, [
                self.options.python, "-B", os.path.join(HERE, f"peer_{peer}.py"), question.asked,
                workers, self.output, *paths]))
        programs.append(Program("mawk", ["sh", "-c", question.mawk, self.output, *paths]))
        if not question.mawk.startswith("ulimit"):
            programs[-1].why = question.mawk
        floor = {"read": [os.path.join(self.options.build, "read_floor"), paths[0], workers],
                 "igzip": ["sh", "-c", 'cat "$@" | igzip -dc', "sh", *paths],
                 "zstd": ["zstd", "-dcq", *paths]}[question.floor]
        programs.append(Program("floor", floor, has_answer=False))
        if question.floor == "read" and len(paths) > 1:
            programs[-1].why = "many files"
        if question.cold:
            for program in programs[1:-1]:
                program.why = "not asked"
        for program in programs:
            if program.name in self.options.skip:
                program.why = "it was left out"
        return programs

    def same_answer(self):
        compared = subprocess.run(["cmp", "-s", self.output, self.expected], check=False)
        return compared.returncode == 0

    def run(self, program, limit, **how):
        """None if it failed, and then program.why says why."""
        if os.path.exists(self.output):
            os.unlink(self.output)
        errors = os.path.join(self.scratch, "errors")
        usage = clock.run(program.argv, errors, limit, **how)
        with open(errors, errors="replace") as file:
            said = file.read(4000).strip()
        if usage.timed_out:
            program.why = f"more than {limit:.0f} s"
        elif usage.status != 0 or (program.name == "mawk" and said):
            program.why = "failed: " + (said.splitlines() or [f"status {usage.status}"])[-1][:120]
        if how.get("shared"):
            program.peak_mb, program.has_peak = usage.peak_mb, True
        elif not program.has_peak:
            program.peak_mb = max(program.peak_mb, usage.peak_mb)
        return None if program.why else usage

    def take_turn(self, question, program, paths):
        if question.cold:
            drop_cache(paths)
        usage = self.run(program, self.options.mawk_timeout if program.name == "mawk"
                         else self.options.timeout)
        if not usage:
            self.failed |= program.name == "wordmill"
        elif program.has_answer and not self.same_answer():
            program.why, self.failed = "another answer", True
        else:
            program.seconds.append(usage.seconds)
            program.cpu.append(usage.cpu)

    def ask(self, question):
        """All rounds of one question. Raises Missing if its input cannot be made."""
        paths = self.inputs.get(question.input)
        size, lines = self.inputs.sizes[question.input]
        programs = self.programs(question, paths)
        first = self.run(programs[0], self.options.timeout, interval=0.01, shared=True)
        if first:
            os.rename(self.output, self.expected)
        for _ in range(self.options.rounds):
            for program in programs:
                is_enough = program is not programs[0] and (
                    sum(program.seconds) > self.options.seconds)
                if first and not program.why and not is_enough:
                    self.take_turn(question, program, paths)
        self.failed |= first is None
        return {"name": question.name, "heading": question.heading, "bytes": size, "lines": lines,
                "target": question.target, "programs": [p.as_json() for p in programs]}


def install_peers(home):
    """Returns the interpreter that has them, and the versions of all programs."""
    python = os.path.join(home, "bin", "python")
    versions = [python, "-c", "import json, polars, duckdb;"
                "print(json.dumps({'polars': polars.__version__, 'duckdb': duckdb.__version__}))"]
    there = os.path.exists(python)
    if not there or subprocess.run(versions, capture_output=True, check=False).returncode != 0:
        print(f"installing polars and duckdb into {os.path.relpath(home)}")
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "-q", "install", "polars", "duckdb"], check=True)
    return python, json.loads(subprocess.check_output(versions))


def parse_arguments():
    names = [question.name for question in QUESTIONS]
    parser = argparse.ArgumentParser(
        prog="compare.sh", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", default="", metavar="NAMES", help="these questions: " +
                        ",\n".join(", ".join(names[i:i + 8]) for i in range(0, len(names), 8)))
    parser.add_argument("--skip", default="", metavar="NAMES",
                        help="without these programs: polars, duckdb, mawk, floor")
    parser.add_argument("--lines", type=int, default=LINES,
                        help=f"of the main file; others are so much smaller, too [{LINES}]")
    parser.add_argument("--quick", action="store_true", help="--lines 1000000 --rounds 1")
    parser.add_argument("--rounds", type=int, default=5, help="of each question [5]")
    parser.add_argument("--workers", type=int, default=2, help="processes or threads [2]")
    parser.add_argument("--seconds", type=float, default=10,
                        help="enough of one program's runs of a question [10]")
    parser.add_argument("--timeout", type=float, default=120, help="seconds of one run [120]")
    parser.add_argument("--mawk-timeout", type=float, default=40, help="the same of mawk [40]")
    parser.add_argument("--books", nargs="+", metavar="FILE", help="of these text is made\n"
                        "[../shared/data/text/*.txt]")
    parser.add_argument("--dir", help="the inputs are made in a folder there, 8 GB [$TMPDIR]")
    parser.add_argument("--json", default=os.path.join(ROOT, "build", "compare.json"),
                        metavar="FILE", help="[build/compare.json]")
    parser.add_argument("--resume", action="store_true", help="go on where it was left")
    parser.add_argument("--results", action="store_true", help="renew tables and chart instead")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quick:
        options.lines, options.rounds = 1_000_000, 1
    options.only = [name for name in options.only.split(",") if name] or names
    for name in options.only:
        if name not in names:
            parser.error(f"no question '{name}': not one of {', '.join(names)}")
    options.skip = [name for name in options.skip.split(",") if name]
    for name in options.skip:
        if name not in ("polars", "duckdb", "mawk", "floor"):
            parser.error(f"cannot leave out '{name}'")
    if options.rounds < 1 or options.workers < 1 or options.lines < 1:
        parser.error("--rounds, --workers and --lines must be more than 0")
    options.books = options.books or sorted(glob.glob(os.path.join(
        os.path.dirname(ROOT), "shared", "data", "text", "pg-*.txt")))
    return options


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(path):
    with open(path) as file:
        return json.load(file)


def save(path, data):
    with open(path + ".part", "w") as file:
        json.dump(data, file, indent=1)
        file.write("\n")
    os.rename(path + ".part", path)


def ask_all(bench, data, save_now):
    """Every question that data has no row of yet, in the order of the table."""
    known = {row["name"] for row in data["questions"]}
    left = [q for q in QUESTIONS if q.name in bench.options.only and q.name not in known]
    start = time.monotonic()
    while left:
        question = left[0]
        print(f"\n{question.heading.replace('`', '')}, after {time.monotonic() - start:.0f} s",
              flush=True)
        try:
            row = bench.ask(question)
        except Missing as missing:
            row = {"name": question.name, "heading": question.heading, "programs": [],
                   "bytes": 0, "lines": 0, "target": question.target, "why": str(missing)}
        data["questions"].append(row)
        report.print_row(row)
        if question.name == "tiny":
            data["start"] = {p["name"]: statistics.median(p["seconds"])
                             for p in row["programs"] if p["seconds"]}
        save_now()
        left = left[1:]
        bench.inputs.drop(q.input for q in left)


def main():
    options = parse_arguments()
    if options.results:
        report.renew_all(load(options.json), HERE, ROOT)
        return 0
    options.python, versions = install_peers(os.path.join(ROOT, "build", "peers"))
    how = {"machine": clock.machine(), "versions": versions, "lines": options.lines,
           "rounds": options.rounds, "workers": options.workers, "seconds": options.seconds,
           "timeout": options.timeout, "mawk_timeout": options.mawk_timeout,
           "sha256": digest(os.path.join(options.build, "wordmill"))}
    data = {"how": how, "start": {}, "questions": []}
    if options.resume and os.path.exists(options.json):
        before = load(options.json)
        if before["how"] == how:
            data = before
        else:
            print(f"{options.json} was measured in another way: all questions are asked")
    print(how)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the inputs go then
    with tempfile.TemporaryDirectory(prefix="wordmill-compare-", dir=options.dir) as scratch:
        bench = Bench(options, scratch)
        ask_all(bench, data, lambda: save(options.json, data))
    print("\nsh tests/bench/compare.sh --results puts this into RESULTS.md")
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
