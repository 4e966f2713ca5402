"""What Polars is asked: peer_polars.py QUESTION THREADS OUTPUT FILE...

Lazy queries on the streaming engine, which writes the output itself. Where a condition or a
spelling is of the word alone, words are grouped first, so it is looked at once a word.
"""
import os
import sys

question, os.environ["POLARS_MAX_THREADS"], output, *paths = sys.argv[1:]
# pylint: disable=wrong-import-position # it reads how many threads there are
import polars as pl
from polars import col

YEARS = {"w": pl.String, "y": pl.Int32, "c": pl.Int64, "v": pl.Int64}
UNTAGGED = ~col("w").str.contains(r"_(NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|\.)_?$")


def lines(schema=None):
    return pl.scan_csv(paths, has_header=False, separator="\t", quote_char=None,
                       schema=schema or YEARS)


def summed(frame, *keys, values=("c",)):
    return frame.group_by(*keys).agg(col(*values).sum())


def words(condition):
    return summed(lines(), "w").filter(condition)


def text():
    """Pieces between blanks are grouped first, so a regular expression sees each once."""
    pieces = pl.scan_lines(paths).select(p=col("line").str.split(" ")).explode("p")
    counts = pieces.group_by("p").agg(c=pl.len())
    found = counts.select("c", w=col("p").str.extract_all(r"\p{L}+")).explode("w").drop_nulls()
    return summed(found.select("w", "c"), "w").sort("w")


def of_v3():
    fields = pl.scan_lines(paths).select(f=col("line").str.split("\t"))
    years = fields.select(w=col("f").list.first(), y=col("f").list.slice(1)).explode("y")
    counts = years.select("w", c=col("y").str.split_exact(",", 2).struct.field("field_1")
                          .cast(pl.Int64))
    return summed(counts, "w").sort("w")


QUESTIONS = {
    "sum": lambda: summed(lines(), "w").sort("w"),
    "decade": lambda: summed(lines(), "w", (col("y") // 10 * 10).alias("y")).sort("w", "y"),
    "year": lambda: summed(lines(), "w", "y").sort("w", "y"),
    "volumes": lambda: summed(lines(), "w", values=("v",)).sort("w"),
    "both": lambda: summed(lines(), "w", values=("c", "v")).sort("w"),
    "untagged": lambda: words(UNTAGGED).sort("w"),
    "match": lambda: words(col("w").str.contains(r"^\p{Lu}")).sort("w"),
    "fold": lambda: summed(words(UNTAGGED), col("w").str.to_lowercase()).sort("w"),
    "v3": of_v3,
    "v1": lambda: summed(lines({"w": pl.String, "y": pl.Int32, "c": pl.Int64, "p": pl.Int64,
                                "v": pl.Int64}), "w").sort("w"),
    "text": text,
}

QUESTIONS[question]().sink_csv(output, include_header=False, separator="\t", quote_style="never",
                               check_extension=False, engine="streaming")
