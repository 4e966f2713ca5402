"""A job: one run of the engine, alone or beside other work."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from . import _wordmill
from ._words import Result, format_of

if TYPE_CHECKING:
    import asyncio


_Input = tuple[Union[bytes, None], Union[bytes, None], int, Union[memoryview, None], Any]


class Progress(NamedTuple):
    """How far a job is. Only finished work counts."""

    phase: str  #: split, map, reduce, write or done
    workers: int  #: processes alive
    tasks_done: int  #: map operations finished
    tasks: int  #: map operations known so far
    lines: int
    bytes: int
    bytes_total: int  #: 0: unknown, as of a pipe
    seconds: float
    words: int  #: in the result; 0 until they are known


class Input:
    """An input, and what messages are to call it.

    source: what count() takes as an input. name: a str; without one a path is called what it is, a
    file by its name attribute, and all others "input 2", by their number.
    """

    def __init__(self, source: Any, name: str | None = None) -> None:
        self.source = source
        self.name = name


def _memory(source: Any) -> memoryview | None:
    """Its bytes, if it is memory that has some."""
    if hasattr(source, "getbuffer"):
        source = source.getbuffer()
    try:
        view = memoryview(source)
    except TypeError:
        return None
    return view if view.itemsize == 1 else None


def _input(given: Any) -> _Input | None:
    """What the extension takes for an input; None: it is none."""
    source, name = (given.source, given.name) if isinstance(given, Input) else (given, None)
    encoded = None if name is None else _bytes(name)
    if isinstance(source, (str, os.PathLike)):
        return encoded, os.fsencode(source), -1, None, None
    if isinstance(source, int) and not isinstance(source, bool):
        return encoded, None, source, None, None
    view = _memory(source)
    if view is not None:
        return encoded, None, -1, view, None
    if not hasattr(source, "fileno"):
        return None
    if encoded is None and isinstance(getattr(source, "name", None), str):
        encoded = _bytes(source.name)
    return encoded, None, source.fileno(), None, source


def _inputs(files: Any) -> list[_Input]:
    one = _input(files)
    if one is not None:
        return [one]
    inputs = []
    for given in files:
        item = _input(given)
        if item is None:
            raise TypeError(
                "an input is a path, bytes, a descriptor or a file that has one, not "
                + type(given).__name__
            )
        inputs.append(item)
    return inputs


def _bytes(text: Any) -> bytes:
    if isinstance(text, bytes):
        return text
    if isinstance(text, os.PathLike):
        return os.fsencode(text)
    return str(text).encode("utf-8", "surrogateescape")


def _option(name: str, value: Any) -> tuple[bytes, bytes | None]:
    option = name.replace("_", "-").encode()
    if value is True:
        return option, None
    if isinstance(value, (list, tuple)):
        return option, b",".join(_bytes(part) for part in value)
    return option, _bytes(value)


def _describe(exception: BaseException) -> bytes:
    import traceback

    lines = traceback.format_exception(type(exception), exception, exception.__traceback__)
    return "".join(lines).encode("utf-8", "replace")


class Job:
    """A job that has been started. It ends by wait(), by `await job`, or by close().

    files: an input, or an iterable of inputs. An input is one of these, or an Input, which has a
    name too:

    - a path, str or os.PathLike; "-" is standard input;
    - bytes, or other memory of single bytes: bytearray, memoryview, mmap, BytesIO. It is read where
      it is, so it must not change until the job has ended. It may be packed, as a file may;
    - a descriptor, int, or what has fileno(): a file, a pipe, a socket. It is not closed. A regular
      file is read from its first byte on, all others from what comes next. What their object does
      with bytes is left out: so nothing may lie in its buffer, and TLS is not undone.

    options: those of the command `wordmill count`, by their long names with underscores. A flag is
    True; None and False are not given; a list stands for values with commas between. Beside them:

    words: count only these, an iterable of str or bytes.

    map: a function that gets each line, bytes without its end, and returns what counts: a key, an
    iterable of keys or of pairs (key, count), a dict of counts, or None. Keys are str or bytes. It
    runs in forked workers: what it changes stays there, and print() needs flush=True. If it raises
    an exception, the line is a bad one.

    worker_init: a function that is called with the worker's number, once in each worker.

    reduce: "sum", "min" or "max" of the counts of a key.

    output_only: True: with output, the result may hold no words, only stats. This is faster.

    keep_fds: descriptors that map finds open, beside 0 to 2.

    progress: a function that is called with a Progress, ten times a second. An exception that it
    raises cancels the job.
    """

    def __init__(
        self,
        files: Any,
        *,
        words: Iterable[str | bytes] = (),
        map: Callable[[bytes], Any] | None = None,
        worker_init: Callable[[int], Any] | None = None,
        progress: Callable[[Progress], Any] | None = None,
        keep_fds: Iterable[int] = (),
        **options: Any,
    ) -> None:
        if options.get("output") is not None:
            options.setdefault("output_format", format_of(options["output"]))
        given = [_option(n, v) for n, v in options.items() if v is not None and v is not False]
        call = None if progress is None else lambda *fields: progress(Progress(*fields))
        self._result: Result | None = None
        self._job = _wordmill.Job(
            _inputs(files),
            given,
            [_bytes(word) for word in words],
            list(keep_fds),
            (map, worker_init, call, _describe),
        )

    def __enter__(self) -> Job:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def fileno(self) -> int:
        """A descriptor to be polled for reading, by whatever loop there is, before each step()."""
        return self._job.fileno()

    def timeout(self) -> float | None:
        """Seconds to poll, at most; None: until it can be read. Ask anew after each step."""
        milliseconds = self._job.timeout()
        return None if milliseconds < 0 else milliseconds / 1000

    def step(self) -> bool:
        """Does what can be done now, and says whether the job is done. Raises Error if it failed."""
        if self._result is not None:
            return True
        try:
            if not self._job.step():
                return False
        except _wordmill.Error as error:
            note = self._job.note()
            if note is not None:
                # add_note() of Python 3.11
                error.__notes__ = ["raised by a function of the caller:\n" + note]
            raise
        self._result = Result(self._job.result())
        return True

    def wait(self) -> Result:
        """Blocks until the job is done. An exception meanwhile, such as Ctrl-C, ends the job."""
        poll = select.poll()
        try:
            poll.register(self.fileno(), select.POLLIN)
            while not self.step():
                poll.poll(self._job.timeout())
        finally:
            self.close()
        assert self._result is not None
        return self._result

    def __await__(self) -> Generator[Any, None, Result]:
        return self._wait_async().__await__()

    async def _wait_async(self) -> Result:
        import asyncio

        loop = asyncio.get_running_loop()
        try:
            while not self.step():
                timeout = self.timeout()
                if timeout == 0:
                    await asyncio.sleep(0)
                    continue
                await self._readable(loop, timeout)
        finally:
            self.close()
        assert self._result is not None
        return self._result

    async def _readable(self, loop: asyncio.AbstractEventLoop, timeout: float | None) -> None:
        woken = loop.create_future()

        def wake() -> None:
            if not woken.done():
                woken.set_result(None)

        timer = None if timeout is None else loop.call_later(timeout, wake)
        loop.add_reader(self.fileno(), wake)
        try:
            await woken
        finally:
            loop.remove_reader(self.fileno())
            if timer is not None:
                timer.cancel()

    def cancel(self) -> None:
        """Makes the next step fail, and wakes whoever polls. From any thread."""
        self._job.cancel()

    def close(self) -> None:
        """Ends the job if it still runs, and waits until its workers are gone. Inputs are free then."""
        self._job.close()
