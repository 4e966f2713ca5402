"""What DuckDB is asked: peer_duckdb.py QUESTION THREADS OUTPUT FILE...

Columns are told, so nothing has to be guessed and the reader works in parallel. Where a condition
or a spelling is of the word alone, words are grouped first, so it is looked at once a word.
"""
import sys

import duckdb

question, threads, output, *paths = sys.argv[1:]


def quoted(string):
    return "'" + string.replace("'", "''") + "'"


def read(delimiter, *columns):
    types = ", ".join(f"'{name}': '{'VARCHAR' if name in ('w', 'l') else 'BIGINT'}'"
                      for name in columns)
    return (f"read_csv([{', '.join(map(quoted, paths))}], auto_detect = false, header = false, "
            f"delim = '{delimiter}', quote = '', escape = '', columns = {{{types}}})")


V2 = read("\\t", "w", "y", "c", "v")
V1 = read("\\t", "w", "y", "c", "p", "v")
LINES = read("\\x01", "l")  # a byte that is in no line, so a line is one column
WORDS = f"with words as materialized (select w, sum(c) as c from {V2} group by w)"
UNTAGGED = r"not regexp_matches(w, '_(NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|\.)_?$')"

QUESTIONS = {
    "sum": f"select w, sum(c) from {V2} group by w order by w",
    "decade": f"select w, y // 10 * 10 as d, sum(c) from {V2} group by w, d order by w, d",
    "year": f"select w, y, sum(c) from {V2} group by w, y order by w, y",
    "volumes": f"select w, sum(v) from {V2} group by w order by w",
    "both": f"select w, sum(c), sum(v) from {V2} group by w order by w",
    "untagged": f"{WORDS} select * from words where {UNTAGGED} order by w",
    "match": rf"{WORDS} select * from words where regexp_matches(w, '^\p{{Lu}}') order by w",
    "fold": f"""{WORDS} select lower(w) as f, sum(c) from words where {UNTAGGED}
        group by f order by f""",
    "v3": f"""select w, sum(c) from (
        select split_part(l, chr(9), 1) as w, list_sum(list_transform(string_split(l, chr(9))[2:],
            lambda x: split_part(x, ',', 2)::BIGINT)) as c from {LINES})
        group by w order by w""",
    "v1": f"select w, sum(c) from {V1} group by w order by w",
    "text": f"""with pieces as materialized (
            select p, count(*) as n from (select unnest(string_split(l, ' ')) as p from {LINES})
            group by p)
        select w, sum(n) from (
            select unnest(regexp_extract_all(p, '\\p{{L}}+')) as w, n from pieces)
        group by w order by w""",
}

duckdb.connect(config={"threads": threads}).execute(
    f"copy ({QUESTIONS[question]}) to {quoted(output)} "
    "(format csv, header false, delimiter '\\t', quote '', escape '')")
