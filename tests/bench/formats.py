"""Compares wordmill's other formats and questions with other programs that give the same answer.

    sh formats.sh [OPTIONS] DIR               the inputs are made in DIR, and removed at the end

v3 (the numbers of a made file of v2), the years and the decades of that file, and text: its words
of letters, the same whatever their case, and its pairs of words; how long words between Unicode
boundaries take is told beside them. As in compare.sh the programs take turns, and after every run
the answer is compared, byte for byte.
"""
import argparse
import os
import subprocess
import sys
import tempfile

import clock
import compare

DUCKDB = r"""
import duckdb, sys
out, threads, path, query = sys.argv[1:]
quote = lambda text: "'" + text.replace("'", "''") + "'"
db = duckdb.connect(config={"threads": threads})
db.execute(f'''copy ({query.replace('FILE', quote(path))}) to {quote(out)}
    (format csv, header false, delimiter '\t', quote '', escape '')''')
"""

POLARS = r"""
import os, sys
out, threads, path, fold = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = threads
import polars as pl
line = pl.col("l").str.to_lowercase() if fold else pl.col("l")
words = (pl.scan_csv(path, has_header=False, new_columns=["l"], separator="\x01", quote_char=None)
         .select(line.str.extract_all(r"\p{L}+").explode().alias("w")).drop_nulls()
         .group_by("w").len().sort("w").collect())
words.write_csv(out, include_header=False, separator="\t", quote_style="never")
"""

V2 = r"""read_csv(FILE, auto_detect = false, header = false, delim = '\t', quote = '', escape = '',
    columns = {'w': 'VARCHAR', 'y': 'BIGINT', 'c': 'BIGINT', 'v': 'BIGINT'})"""

# A byte that is in no line: so a line is one column.
LINES = r"""read_csv(FILE, auto_detect = false, header = false, delim = '\x01', quote = '',
    escape = '', columns = {'l': 'VARCHAR'})"""

WORDS = f"""select w, sum(c) from {V2} where y between 1900 and 1999
  group by w order by w collate "binary" """

DECADES = f"""select w, y - y % 10 as d, sum(c) from {V2}
  group by w, d order by w collate "binary", d"""

V3 = f"""select w, sum(c) from (select split_part(l, chr(9), 1) as w,
    list_sum(list_transform(string_split(l, chr(9))[2:], lambda x: split_part(x, ',', 2)::BIGINT))
    as c from {LINES}) group by w order by w collate "binary" """

TEXT = rf"""select w, count(*) from (select unnest(regexp_extract_all(l, '[\p{{L}}]+')) as w
  from {LINES}) group by w order by w collate "binary" """
FOLDED = TEXT.replace("_all(l,", "_all(lower(l),")

SORTED = r""" | LC_ALL=C sort >"$0" """
PRINT = r"""END { for (w in c) printf "%s\t%.0f\n", w, c[w] }"""

# Of letters of ASCII alone.
TR = (r"""LC_ALL=C tr -cs A-Za-z '\n' <"$1" | LC_ALL=C sort | uniq -c |"""
      r""" mawk 'NF == 2 { print $2 "\t" $1 }' >"$0" """)

TR_FOLDED = "LC_ALL=C tr A-Z a-z <\"$1\" | " + TR.replace('<"$1" ', "")

# What is no letter becomes one TAB, so a word is a field; the first may be empty.
MAWK_TEXT = r"""{ gsub(/[^A-Za-z]+/, "\t"); for (i = 1; i <= NF; i++) if ($i != "") c[$i]++ }"""
MAWK_PAIRS = r"""{ gsub(/[^A-Za-z]+/, "\t"); $0 = $0; for (i = 1; i < NF; i++)
    if ($i != "" && $(i + 1) != "") c[$i " " $(i + 1)]++ }"""

MAKE_V3 = r"""mawk -F'\t' '$1 != w || $2 <= y { if (NR > 1) printf "\n"; printf "%s", $1 }
    { printf "\t%d,%d,%d", $2, $3, $4; w = $1; y = $2 } END { print "" }' "$0" >"$1" """


def mawk(script):
    return f"mawk -F'\\t' '{script} {PRINT}' \"$1\"" + SORTED


def cases(v2, v3, text):
    """Name, input, wordmill's options, DuckDB's query or None, the scripts of others."""
    letters = ("-f", "text", "--tokens", "letters")
    return (
        ("v3", v3, ("-f", "v3"), V3, {"mawk": mawk(
            r"""{ for (i = 2; i <= NF; i++) { split($i, a, ","); c[$1] += a[2] } }""")}),
        ("years", v2, ("--years", "1900-1999"), WORDS, {"mawk": mawk(
            "$2 >= 1900 && $2 <= 1999 { c[$1] += $3 }")}),
        ("decades", v2, ("--by", "decade"), DECADES, {"mawk": mawk(
            r"""{ c[$1 "\t" $2 - $2 % 10] += $3 }""")}),
        ("text", text, letters, TEXT, {"mawk": mawk(MAWK_TEXT), "tr, sort, uniq": TR}),
        ("text folded", text, (*letters, "--fold-case"), FOLDED, {
            "mawk": mawk(MAWK_TEXT.replace("gsub", "$0 = tolower($0); gsub")),
            "tr, sort, uniq": TR_FOLDED}),
        ("text uax29 folded", text, ("-f", "text", "--fold-case"), None, {}),
        ("text pairs", text, (*letters, "--ngrams", "2"), None, {"mawk": mawk(MAWK_PAIRS)}),
    )


def programs_of(bench, options, path, settings, query, others):
    workers = str(options.workers)
    programs = [bench.wordmill([path], "-j", workers, *settings)]
    if bench.duckdb and query:
        programs.append(compare.Program(
            "duckdb", [bench.duckdb, "-c", DUCKDB, bench.output, workers, path, query],
            runs=options.runs))
    if options.polars and query in (TEXT, FOLDED):
        fold = "fold" if query == FOLDED else ""
        programs.append(compare.Program(
            "polars", [options.polars, "-c", POLARS, bench.output, workers, path, fold],
            runs=options.runs))
    if options.text_peer and query in (TEXT, FOLDED):
        peer = options.text_peer + (" --fold-case" if query == FOLDED else "")
        programs.append(compare.Program(
            "peer", ["sh", "-c", peer + ' "$1" >"$0"', bench.output, path], runs=options.runs))
    return programs + [
        compare.Program(other, ["sh", "-c", script, bench.output, path], runs=options.slow_runs,
                        warm_up=False)
        for other, script in others.items() if "mawk" not in bench.skipped]


def find_polars(bench):
    """In the environment that DuckDB is in; None if it cannot be had."""
    python = bench.duckdb
    if not python:
        return None
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.run([python, "-c", "import polars"], **quiet).returncode != 0:
        subprocess.run([python, "-m", "pip", "-q", "install", "--retries", "1", "polars"], **quiet)
    if subprocess.run([python, "-c", "import polars"], **quiet).returncode == 0:
        return python
    bench.skip("polars", "it could not be installed with pip")
    return None


def make(options):
    """v2, v3 and text; of the text only ASCII, since tr and mawk know no other letters."""
    paths = [os.path.join(options.folder, name) for name in ("v2.tsv", "v3.tsv", "text.txt")]
    generate = os.path.join(options.build, "ngram-generate")
    with open(paths[0], "wb") as file:
        subprocess.run([generate, "--lines", str(options.lines)], stdout=file, check=True)
    subprocess.run(["sh", "-c", MAKE_V3, paths[0], paths[1]], check=True)
    book = b""
    for name in options.text or paths[:1]:
        with open(name, "rb") as file:
            book += file.read().translate(None, bytes(range(128, 256)))
    with open(paths[2], "wb") as file:
        for _ in range(-(-options.text_size * 1_000_000 // len(book))):
            file.write(book)
    return paths


def main():
    parser = argparse.ArgumentParser(
        prog="formats.sh", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--lines", type=int, default=20_000_000, help="of v2 [20000000]")
    parser.add_argument("--text", nargs="+", metavar="FILE", help="of the text [the v2 file]")
    parser.add_argument("--text-size", type=int, default=100, help="at least so many MB [100]")
    parser.add_argument("--text-peer", metavar="COMMAND",
                        help="shell command that, with a file behind it, writes WORD TAB COUNT, words\n"
                             "of letters in the order of their bytes, and knows --fold-case")
    parser.add_argument("--only", nargs="+", metavar="CASE", help="not all of the cases")
    parser.add_argument("--runs", type=int, default=5, help="of each program [5]")
    parser.add_argument("--slow-runs", type=int, default=1, help="of mawk and sort [1]")
    parser.add_argument("--workers", type=int, default=2, help="processes or threads [2]")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.skip = []
    options.folder = os.path.abspath(options.folder)
    os.makedirs(options.folder, exist_ok=True)
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        options.folder = scratch
        bench = compare.Bench(options, scratch)
        bench.find_programs()
        print(clock.machine() | {"duckdb": bench.duckdb_version})
        options.polars = find_polars(bench)
        for name, path, *what in cases(*make(options)):
            if not options.only or name in options.only:
                programs = programs_of(bench, options, path, *what)
                bench.compare(compare.Case(name, [path], programs))
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
