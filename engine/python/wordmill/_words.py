"""The words of a result or a table, as Python, NumPy, Arrow and pandas have them."""

from __future__ import annotations

import itertools
import os
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from typing import Any, Union

from . import _wordmill

#: A word, or with by="year" a word and its year, which None stands for if it is in none.
Key = Union[str, tuple[str, Union[int, None]]]
#: A count, or with several values a tuple of them.
Value = Union[int, tuple[int, ...]]

_KEYS, _VALUES, _ITEMS = range(3)
_FORMATS = {".csv": "csv", ".jsonl": "jsonl", ".wmt": "table"}


def _encode(word: str | bytes) -> bytes:
    return word if isinstance(word, bytes) else word.encode("utf-8", "surrogateescape")


def format_of(path: Any) -> str:
    """What a file is written as, by the ending of its name."""
    return _FORMATS.get(os.path.splitext(os.fsdecode(path))[1], "tsv")


class _Binary:
    """The same words, with words of bytes in Arrow."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._selection._words.arrow(*self._selection._asked, 0)


class Selection:
    """Words of a result or a table: those with a prefix, the first so many, in some order.

    Iterating gives the keys. Bytes of a word that are not UTF-8 are surrogate escapes, as in names
    of files. DuckDB, Polars and pyarrow take a selection as it is, by __arrow_c_stream__; there a
    word that is not UTF-8 is an error.
    """

    def __init__(
        self, words: _wordmill.Words, prefix: bytes, limit: int, sort: str, reverse: bool
    ) -> None:
        self._words = words
        self._asked = (prefix, limit, sort, reverse)

    def _lists(self, shape: int) -> Iterator[Any]:
        return itertools.chain.from_iterable(self._words.lists(*self._asked, shape))

    def __iter__(self) -> Iterator[Key]:
        return self._lists(_KEYS)

    def items(self) -> Any:
        """Keys with their values."""
        return self._lists(_ITEMS)

    def values(self) -> Any:
        """The values alone."""
        return self._lists(_VALUES)

    @property
    def names(self) -> tuple[str, ...]:
        """What the values are called: ("count",), or with value=["matches", "volumes"] these."""
        return self._words.names

    def to_numpy(self) -> dict[str, Any]:
        """Columns as NumPy arrays, by their names, without a copy of any word as an object.

        Word i is bytes[offsets[i]:offsets[i + 1]]. The other columns are the names of the values,
        "year" or "decade", and with rank=True "rank", "percent" and "cumulative". All of them
        lie in memory of their own, and can only be read.
        """
        import numpy

        columns = self._words.block(*self._asked).columns()
        return {name: numpy.asarray(memoryview(column)) for name, column in columns.items()}

    def to_arrow(self, binary: bool = False) -> Any:
        """A pyarrow.Table. binary: words are bytes, and need not be UTF-8."""
        import pyarrow

        return pyarrow.table(_Binary(self) if binary else self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._words.arrow(*self._asked, 1)

    def to_pandas(self) -> Any:
        """A pandas.DataFrame with a column for the word and for each of the others."""
        import pandas

        columns = self.to_numpy()
        del columns["bytes"], columns["offsets"]
        words = list(self)
        if self._words.period is not None:
            years = [year for _, year in words]
            words = [word for word, _ in words]
            columns[self._words.period] = pandas.array(years, dtype="UInt64")
        return pandas.DataFrame({"word": words, **columns})


class _Items(ItemsView):
    def __iter__(self) -> Iterator[tuple[Key, Value]]:
        return self._mapping._lists(_ITEMS)


class _Values(ValuesView):
    def __iter__(self) -> Iterator[Value]:
        return self._mapping._lists(_VALUES)


class _Words(Selection, Mapping):
    """All of them, which can be looked up too."""

    def __init__(self, words: _wordmill.Words) -> None:
        Selection.__init__(self, words, b"", 0, "default", False)

    def __len__(self) -> int:
        return len(self._words)

    def _find(self, key: Key | bytes) -> Value | None:
        if self._words.period is None:
            return self._words.get(_encode(key)) if isinstance(key, (str, bytes)) else None
        if not isinstance(key, tuple) or len(key) != 2 or not isinstance(key[0], (str, bytes)):
            return None
        year = b"" if key[1] is None else b"%d" % key[1]
        return self._words.get(_encode(key[0]) + b"\t" + year)

    def __getitem__(self, key: Key | bytes) -> Value:
        value = self._find(key)
        if value is None:
            raise KeyError(key)
        return value

    def __contains__(self, key: object) -> bool:
        return self._find(key) is not None  # type: ignore[arg-type]

    def items(self) -> ItemsView:
        return _Items(self)

    def values(self) -> ValuesView:
        return _Values(self)

    def select(
        self,
        prefix: str | bytes = b"",
        *,
        limit: int | None = None,
        sort: str = "default",
        reverse: bool = False,
    ) -> Selection:
        """Some of the words, to be iterated or given to others.

        prefix: what they start with. limit: the first so many, in the order below. sort: "word",
        "count" (the largest first), or "default", the order of the result. reverse: the last first.
        """
        if limit is not None and limit <= 0:
            raise ValueError("limit is 1 or more, or None for all")
        return Selection(self._words, _encode(prefix), limit or 0, sort, reverse)

    def most_common(self, n: int | None = None) -> list[tuple[Key, Value]]:
        """The n words with the largest counts, or all, as of a Counter."""
        return list(self.select(limit=n, sort="count").items())

    def __repr__(self) -> str:
        return f"<wordmill.{type(self).__name__} of {len(self)} words>"


class Result(_Words):
    """What a job has counted: a mapping of words to counts, in the order of sort.

    A key is a str, or with by="year" or by="decade" a pair of a str and a number; bytes in the
    place of the str are looked up too. A value is a number, or a tuple if there are several. The
    words stay where the job has left them. Many threads may read a result at once.
    """

    @property
    def stats(self) -> dict[str, Any]:
        """Figures of the run: lines, bytes, words, rejected, workers, seconds and the like."""
        return self._words.stats

    def write(self, path: Any, format: str | None = None) -> None:
        """Writes it to a file, which is there whole or not at all.

        format: "tsv", "csv", "csv-safe", "jsonl" or "table"; None: by the ending of the name.
        """
        self._words.write(path, format_of(path) if format is None else format)


class Table(_Words):
    """A table file, read where it lies. It is a mapping as a Result is."""
