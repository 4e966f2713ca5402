#!/usr/bin/env python3
"""Is this build of wordmill slower than another one? Both take turns, question by question, and
one table says what came of it.

    sh against.sh REVISION [OPTIONS]

Each question is a 'wordmill bench --against': its ratio is the median of those of all rounds, and
in brackets stands its 95% interval. SLOWER means that even the lower end is above the limit. It is
not known where the interval has the limit in it: give it more --time.

Exit status: 0 no question is slower for certain, 1 one is, 2 wrong usage or a bench failed.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

import questions
from questions import LETTERS, PART, Inputs

# Name, input, and options of count.
QUESTIONS = (
    ("plain", "part", ()),
    ("decade", "part", ("--by", "decade")),
    ("text", "words", LETTERS),
    ("fold", "part", ("--pos", "untagged", "--fold-case")),
    ("many words", "distinct", ()),
)
# With --all, those of compare.sh, of as large files.
ALL = tuple((q.name, "words" if q.input == "text" else q.input, q.settings)
            for q in questions.QUESTIONS if not q.cold)
# Words of the file, one after the other: no books are needed.
MAKE_TEXT = "cut -f 1 | paste -d ' ' - - - - - - - - - -"


class MadeInputs(Inputs):
    def make(self, kind):
        if kind == "words":
            return self.of_part("words", MAKE_TEXT)
        if kind == "distinct":
            return self.generated("distinct", self.lines(PART // 4), words=1 / 2)
        return super().make(kind)


def arguments():
    parser = argparse.ArgumentParser(prog="against.sh REVISION", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--other", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--lines", type=int, default=PART, help="of the main file (%(default)s)")
    parser.add_argument("--time", type=int, default=60, metavar="SECONDS",
                        help="for a question, at most (%(default)s)")
    parser.add_argument("--rounds", type=int, help="instead: so many, however long they take")
    parser.add_argument("--max-slowdown", type=float, default=5, metavar="PERCENT",
                        help="the limit (%(default)g)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="(%(default)s)")
    parser.add_argument("--only", action="append", metavar="QUESTION",
                        help="ask this one; may be given often")
    parser.add_argument("--all", action="store_true",
                        help="ask all that compare.sh asks instead, for which 8 GB are needed")
    if "--help" in sys.argv:
        sys.argv += ["--build", "", "--other", ""]
    options = parser.parse_args()
    options.questions = ALL if options.all else QUESTIONS
    names = [name for name, _, _ in options.questions]
    for name in options.only or ():
        if name not in names:
            parser.error(f"no question '{name}': not one of {', '.join(names)}")
    return options


def compare(options, inputs, kind, settings):
    """The row of the summary of 'wordmill bench', or None: it failed, and said why."""
    report = inputs.path("report.json")
    length = ("--runs", options.rounds) if options.rounds else ("--time", options.time)
    bench = [os.path.join(options.build, "wordmill"), "bench", "--quiet", "--workers",
             options.workers, *length, "--against", options.other, "--json", report, *settings,
             *inputs.get(kind)]
    done = subprocess.run([str(word) for word in bench], stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        return None
    with open(report) as file:
        return json.load(file)["summary"][0]


def verdict(row, limit):
    low, high = row["against_other_low"], row["against_other_high"]
    if low is None:
        return "not known: too few rounds"
    if low > limit:
        return "SLOWER"
    if high > limit:
        return "not known"
    return "slower, within the limit" if low > 1 else "faster" if high < 1 else "as fast"


def line(name, row, outcome):
    if not row:
        return f"{name:<10}  {'':>8}  {'':>8}  {'':>6}  {'':<22}  {outcome}"
    ratio = f"{row['against_other']:.3f}"
    if row["against_other_low"] is not None:
        ratio += f" ({row['against_other_low']:.3f} to {row['against_other_high']:.3f})"
    return (f"{name:<10}  {row['median']:>8.3f}  {row['other_median']:>8.3f}  {row['n']:>6}  "
            f"{ratio:<22}  {outcome}")


def main():
    options = arguments()
    limit = 1 + options.max_slowdown / 100
    outcomes = []
    print(f"{'question':<10}  {'this, s':>8}  {'other, s':>8}  {'rounds':>6}  "
          f"{'this / other (95%)':<22}  verdict", flush=True)
    with tempfile.TemporaryDirectory(prefix="wordmill-against.") as scratch:
        # The lines of Inputs are those of its largest file; without --all 'part' has all.
        inputs = MadeInputs(os.path.join(options.build, "ngram-generate"), scratch, 0, ())
        inputs.scale = options.lines / PART
        left = [q for q in options.questions if not options.only or q[0] in options.only]
        while left:
            (name, kind, settings), *left = left
            row = compare(options, inputs, kind, settings)
            outcomes.append(verdict(row, limit) if row else "failed")
            print(line(name, row, outcomes[-1]), flush=True)
            inputs.drop(q[1] for q in left)
    return 1 if "SLOWER" in outcomes else 2 if "failed" in outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
