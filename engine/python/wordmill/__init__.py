"""Adds up how often every word appears in files of any size, with all cores.

    >>> import wordmill
    >>> result = wordmill.count("googlebooks-eng-1M-1gram.tsv", years="1900-")
    >>> result["the"]
    >>> result.most_common(10)
    >>> result.to_pandas()

count() takes the options of the command `wordmill count` by their long names, with underscores:
partition_size="1M", by="year", fold_case=True. A Job does the same beside other work.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from . import _wordmill
from ._job import Input, Job, Progress
from ._words import Key, Result, Selection, Table, Value
from ._wordmill import Error

__version__ = _wordmill.version
__all__ = [
    "Code",
    "Error",
    "Input",
    "Job",
    "Key",
    "Progress",
    "Result",
    "Selection",
    "Table",
    "Value",
    "count",
    "open_table",
    "sum",
]


class Code(IntEnum):
    """What failed: the code of an Error."""

    ENOMEM = -1
    EINVAL = -2
    EOPEN = -3
    EREAD = -4
    ECHANGED = -5
    EBADLINE = -6
    EOVERFLOW = -7
    ELIMIT = -8
    EWRITE = -9
    EWORKER = -10
    EFORK = -11
    EPROTOCOL = -12
    ECANCELED = -13
    ETABLE = -14
    EVERSION = -15
    EDAMAGED = -16
    EMATCH = -17


def count(files: Any, **options: Any) -> Result:
    """Counts the words of an input, or of several, and returns the Result.

    files: a path, bytes, a descriptor or a file, or an iterable of these, as for a Job. The options
    are those of a Job. Other threads of Python run meanwhile. Ctrl-C ends the job, and nothing of it
    is left.
    """
    with Job(files, **options) as job:
        return job.wait()


def sum(files: Any, **options: Any) -> Result:
    """Adds up results, which are inputs as for count(): table files, or lines of word, TAB, count."""
    return count(files, format="counts", **options)


def open_table(path: Any) -> Table:
    """Opens a table file, as Result.write makes them: its words are looked up where they lie."""
    return Table(_wordmill.open_table(path))
