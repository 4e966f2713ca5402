"""The Python package against a naive count in Python: results, columns, jobs, maps, errors."""

import array
import asyncio
import collections
import gc
import gzip
import io
import mmap
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

import wordmill

LINES = [(b"w%d" % (i * i % 997), 1900 + i % 50, i % 7 + 1, 1) for i in range(20000)]
ODD = [(b"\xff\xfe", 1990, 3, 2), (b"", 1991, 1, 1), (b"a\0b", 1992, 2, 1), ("é".encode(), 1990, 5, 5)]


def write(path, lines):
    path.write_bytes(b"".join(b"%b\t%d\t%d\t%d\n" % line for line in lines))
    return path


def naive(lines, key=lambda line: line[0].decode("utf-8", "surrogateescape"), value=2):
    counts = collections.Counter()
    for line in lines:
        counts[key(line)] += line[value]
    return dict(counts)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write(tmp_path_factory.mktemp("in") / "lines.tsv", LINES + ODD)


@pytest.fixture(scope="module")
def result(path):
    return wordmill.count(path)


def children():
    tasks = pathlib.Path("/proc/self/task")
    return [c for t in tasks.iterdir() for c in (t / "children").read_text().split()]


@pytest.fixture(autouse=True)
def nothing_is_left():
    before = len(os.listdir("/proc/self/fd"))
    yield
    gc.collect()
    assert children() == []
    assert len(os.listdir("/proc/self/fd")) <= before


def test_a_result_is_a_mapping(result):
    expected = naive(LINES + ODD)
    assert dict(result.items()) == expected and result == expected
    keys = [key.encode("utf-8", "surrogateescape") for key in result]
    assert keys == sorted(keys) and len(result) == len(expected)
    assert list(result.values()) == [expected[key] for key in result]
    for key, count in expected.items():
        assert result[key] == count and key in result and result.get(key) == count
        assert result[key.encode("utf-8", "surrogateescape")] == count
    assert "nothing" not in result and result.get("nothing") is None and 5 not in result
    with pytest.raises(KeyError):
        result["nothing"]
    assert repr(result) == f"<wordmill.Result of {len(expected)} words>"
    assert result.names == ("count",)


def test_a_selection_has_prefix_limit_and_order(result):
    expected = naive(LINES + ODD)
    by_count = sorted(
        expected.items(), key=lambda i: (-i[1], i[0].encode("utf-8", "surrogateescape"))
    )
    assert result.most_common(5) == by_count[:5] and result.most_common() == by_count
    w9 = sorted(key for key in expected if key.startswith("w9"))
    assert list(result.select("w9")) == w9
    assert list(result.select(b"w9", limit=3, reverse=True)) == w9[::-1][:3]
    assert list(result.select("w9", limit=1, sort="count").values()) == [
        max(expected[key] for key in w9)
    ]
    assert list(result.select("no such prefix")) == []
    with pytest.raises(ValueError):
        result.select(limit=0)
    with pytest.raises(ValueError):
        list(result.select(sort="sideways"))


def test_years_and_values_are_keys_and_tuples(path):
    result = wordmill.count([path, path], by="year", value=["volumes", "matches"], words=["w1", b""])
    lines = [line for line in LINES + ODD if line[0] in (b"w1", b"")] * 2
    matches = naive(lines, lambda line: (line[0].decode(), line[1]))
    volumes = naive(lines, lambda line: (line[0].decode(), line[1]), 3)
    assert dict(result.items()) == {key: (volumes[key], matches[key]) for key in matches}
    assert result.names == ("volumes", "matches")
    assert result[("w1", 1900)] == (volumes["w1", 1900], matches["w1", 1900])
    assert result[(b"", 1991)] == (2, 2)
    assert ("w1", 2000) not in result and "w1" not in result


def test_options_are_those_of_the_command(path, tmp_path):
    assert list(wordmill.count(path, top=2)) == [k for k, _ in wordmill.count(path).most_common(2)]
    assert set(wordmill.count(path, match="^w1", min_count=2, fold_case=True, rank=None)) <= set(
        naive(LINES)
    )
    out = tmp_path / "out.csv"
    wordmill.count(path, output=out, workers=0, years="1900-1910", partition_size="64K")
    assert out.read_text(errors="surrogateescape").startswith("word,count\n")
    for options in ({"bogus": 1}, {"sort": "up"}, {"partition_size": "much"}, {"top": -1}):
        with pytest.raises(wordmill.Error) as caught:
            wordmill.count(path, **options)
        assert caught.value.code == wordmill.Code.EINVAL
    with pytest.raises(ValueError):
        wordmill.count("a\0b")


@pytest.mark.parametrize("options", [{}, {"workers": 0}, {"map": lambda line: line}])
def test_inputs_are_paths_memory_and_descriptors(path, options):
    data = path.read_bytes()
    expected = wordmill.count(path, **options)
    assert wordmill.count(str(path), **options) == expected
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        file.read(100)
        for memory in data, bytearray(data), memoryview(data), mapped, io.BytesIO(data):
            assert wordmill.count(memory, **options) == expected
        for opened in file, file.fileno():
            assert wordmill.count(opened, **options) == expected
        assert file.tell() == 100
    assert wordmill.count(array.array("B", data), **options) == expected
    reader, writer = os.pipe()
    thread = threading.Thread(target=lambda: [open(writer, "wb").write(data)])
    thread.start()
    assert wordmill.count(reader, **options) == expected
    thread.join()
    os.close(reader)
    cut = data.index(b"\n", len(data) // 2) + 1
    parts = [data[:cut], wordmill.Input(memoryview(data)[cut:], name="the rest"), b""]
    assert wordmill.count(parts, **options) == expected
    assert wordmill.count(tuple(parts), **options) == expected
    assert wordmill.count(iter(parts), **options) == expected
    if "map" not in options:
        assert wordmill.count(gzip.compress(data), **options) == expected
        with gzip.open(io.BytesIO(gzip.compress(data))) as unpacked:
            assert wordmill.count(unpacked.read(), **options) == expected


def test_inputs_have_names(tmp_path):
    def message_of(*inputs):
        with pytest.raises(wordmill.Error) as caught:
            wordmill.count(inputs, format="v2")
        assert caught.value.code == wordmill.Code.EBADLINE
        return str(caught.value)

    good, bad = b"a\t1990\t1\t1\n", b"no line\n"
    (tmp_path / "named").write_bytes(bad)
    assert "input 2" in message_of(good, bad)
    assert "'May \u00e9'" in message_of(good, wordmill.Input(bad, name="May \u00e9"))
    with open(tmp_path / "named", "rb") as file:
        assert f"'{tmp_path}/named'" in message_of(file)
        assert "'other'" in message_of(wordmill.Input(file, "other"))
        assert "input 1" in message_of(file.fileno())
    assert "'other'" in message_of(wordmill.Input(tmp_path / "named", "other"))


def test_what_is_no_input_is_refused(path):
    for wrong in None, 1.5, True, [None], [[str(path)]], [True], object():
        with pytest.raises(TypeError):
            wordmill.count(wrong)
    with pytest.raises(io.UnsupportedOperation):
        wordmill.count(io.StringIO("a"))
    with pytest.raises(BufferError):
        wordmill.count(memoryview(path.read_bytes())[::2])
    for wrong in [-1, 1 << 20], []:
        with pytest.raises(wordmill.Error):
            wordmill.count(wrong)
    with pytest.raises(OverflowError):
        wordmill.count(1 << 40)


def test_inputs_live_as_long_as_the_job(path, result):
    data = bytearray(path.read_bytes())
    job = wordmill.Job(data, partition_size="16K", max_tasks_per_worker=1)
    with pytest.raises(BufferError):
        data.clear()
    assert job.wait() == result
    data.clear()
    for options in {}, {"workers": 0}:
        jobs = [wordmill.Job(path.read_bytes(), **options), wordmill.Job(open(path, "rb"), **options)]
        gc.collect()
        assert all(job.wait() == result for job in jobs)
    data = bytearray(100)
    with pytest.raises(wordmill.Error):
        wordmill.Job(data, format="v2", fan_in=1)
    data.clear()


def test_errors_have_codes_and_words(path, tmp_path):
    with pytest.raises(wordmill.Error, match="cannot open") as caught:
        wordmill.count(tmp_path / "none")
    assert caught.value.code == wordmill.Code.EOPEN
    bad = tmp_path / "bad"
    bad.write_bytes(b"a\t1990\t1\t1\nno line\n")
    with pytest.raises(wordmill.Error) as caught:
        wordmill.count(bad, format="v2")
    assert caught.value.code == wordmill.Code.EBADLINE
    skipped = wordmill.count(bad, format="v2", on_bad_line="skip")
    assert skipped.stats["rejected"] == 1 and skipped["a"] == 1


def test_written_results_are_read_again(result, path, tmp_path):
    for name in ("out", "out.csv", "out.wmt"):
        result.write(tmp_path / name)
        assert wordmill.sum([tmp_path / name]) == result
    result.write(tmp_path / "any", format="jsonl")
    assert (tmp_path / "any").read_bytes().startswith(b'{"word":""')
    table = wordmill.open_table(tmp_path / "out.wmt")
    assert table == dict(result.items()) and table["w1"] == result["w1"]
    assert list(table.select("w9")) == list(result.select("w9"))
    assert table.most_common(3) == result.most_common(3)
    years = wordmill.count(path, by="year")
    years.write(tmp_path / "years.wmt")
    by_year = wordmill.open_table(tmp_path / "years.wmt")
    assert by_year == dict(years.items())
    assert dict(by_year.select("w9").items()) == dict(years.select("w9").items())
    for name in ("years.csv", "years.wmt"):
        years.write(tmp_path / name)
        assert wordmill.sum([tmp_path / name]) == years
    with pytest.raises(wordmill.Error) as caught:
        wordmill.open_table(path)
    assert caught.value.code == wordmill.Code.ETABLE
    with pytest.raises(wordmill.Error):
        result.write(tmp_path / "no" / "folder")


def test_columns_are_the_words(result, path):
    numpy = pytest.importorskip("numpy")
    for words in (result, result.select("w1", sort="count", reverse=True), result.select("zz")):
        columns = words.to_numpy()
        data, offsets = columns["bytes"].tobytes(), columns["offsets"]
        keys = [data[a:b].decode("utf-8", "surrogateescape") for a, b in zip(offsets, offsets[1:])]
        assert keys == list(words) and columns["count"].tolist() == list(words.values())
        assert columns["count"].dtype == numpy.uint64 and offsets.dtype == numpy.int64
    columns = wordmill.count(path, by="decade", rank=True).to_numpy()
    assert set(columns) == set("bytes offsets decade count rank percent cumulative".split())
    del words
    gc.collect()
    assert columns["decade"].min() == 1900 and columns["rank"].min() == 1
    with pytest.raises(ValueError):
        columns["count"][0] = 0


def test_columns_are_buffers_without_numpy(result):
    columns = result._words.block(b"", 0, "default", False).columns()
    view = memoryview(columns["count"])
    assert view.format == "Q" and view.readonly and view.tolist() == list(result.values())
    assert array.array("Q", view.tobytes())[0] == result[""]


def test_arrow_reads_a_result(path, tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    result = wordmill.count(path, match="^w", by="year")
    table = result.to_arrow()
    table.validate(full=True)
    assert table.column_names == ["word", "year", "count"]
    rows = zip(*(column.to_pylist() for column in table.columns))
    assert {(w, y): c for w, y, c in rows} == dict(result.items())
    whole = wordmill.count(path)
    binary = whole.to_arrow(binary=True)
    binary.validate(full=True)
    assert binary["count"].to_pylist() == list(whole.values())
    with pytest.raises(Exception, match="is not UTF-8"):
        whole.to_arrow()
    kept = binary["word"]
    del whole, binary, result, table
    gc.collect()
    assert kept[0].as_py() == b""
    stream = wordmill.count(path).__arrow_c_stream__()
    del stream  # nobody took it


@pytest.mark.parametrize("library", ["duckdb", "polars", "pandas"])
def test_data_libraries_read_a_result(path, library):
    module = pytest.importorskip(library)
    if library != "pandas":
        pytest.importorskip("pyarrow")
    result = wordmill.count(path, match="^w")
    total = sum(result.values())
    if library == "duckdb":
        assert module.sql("select count(*), sum(count) from result").fetchall() == [
            (len(result), total)
        ]
    elif library == "polars":
        assert module.DataFrame(result.select())["count"].sum() == total
    else:
        frame = wordmill.count(path, by="year", words=["w1", "\u00e9"]).to_pandas()
        assert list(frame.columns) == ["word", "year", "count"]
        assert frame.groupby("year")["count"].sum()[1990] == 5
        assert result.to_pandas()["count"].sum() == total


@pytest.mark.parametrize("workers", [0, 2])
def test_a_map_is_python(path, workers):
    def count(map, **options):
        return dict(wordmill.count(path, map=map, workers=workers, **options).items())

    first = collections.Counter(
        line[0].decode("utf-8", "surrogateescape") for line in LINES + ODD
    )
    assert count(lambda line: line.split(b"\t")[0]) == first
    assert count(lambda line: [line.split(b"\t")[0].decode("utf-8", "surrogateescape")]) == first
    assert count(lambda line: {line.split(b"\t")[0]: 1}) == first
    assert count(lambda line: (line.split(b"\t")[0], 1)) == first
    assert count(lambda line: (field for field in line.split(b"\t")[:1])) == first
    assert count(lambda line: None) == {}
    largest = count(
        lambda line: (line.split(b"\t")[1], int(line.split(b"\t")[2])), reduce="max"
    )
    assert largest["1901"] == max(line[2] for line in LINES if line[1] == 1901)


@pytest.mark.parametrize("workers", [0, 2])
def test_what_a_map_raises_is_told(path, workers):
    def bad(line):
        if line.startswith(b"w4\t"):
            raise RuntimeError("this one")
        return line

    with pytest.raises(wordmill.Error) as caught:
        wordmill.count(path, map=bad, workers=workers)
    assert caught.value.code == wordmill.Code.EBADLINE
    assert "RuntimeError: this one" in caught.value.__notes__[0]
    n_bad = sum(line[0] == b"w4" for line in LINES)
    skipped = wordmill.count(path, map=bad, workers=workers, on_bad_line="skip")
    assert skipped.stats["rejected"] == n_bad
    for wrong in (-1, "x", 1 << 64):
        with pytest.raises(wordmill.Error):
            wordmill.count(path, map=lambda line: ("k", wrong), workers=workers)
    with pytest.raises(wordmill.Error):
        wordmill.count(path, map=lambda line: 5, workers=workers)


def test_workers_are_initialised_once(path):
    numbers = []

    def init(worker):
        numbers.append(worker)

    result = wordmill.count(
        path, worker_init=init, map=lambda line: str(numbers), workers=2, partition_size="16K"
    )
    assert set(result) <= {"[0]", "[1]"} and numbers == []

    def fail(worker):
        raise ValueError("no init")

    with pytest.raises(wordmill.Error) as caught:
        wordmill.count(path, worker_init=fail, map=bytes.split, workers=2)
    assert caught.value.code == wordmill.Code.EWORKER
    assert "no init" in caught.value.__notes__[0]


def test_maps_run_beside_threads_that_want_the_lock(path):
    stop = threading.Event()

    def spin():
        while not stop.is_set():
            sum(range(1000))

    threads = [threading.Thread(target=spin) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            assert len(wordmill.count(path, map=bytes.split, workers=3, partition_size="64K")) > 500
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_forks_take_locks_in_the_order_of_os_fork(path):
    """Handlers of pthread_atfork may hold a lock from before a fork to after it, as those of Arrow
    do. Functions of register_at_fork may wait, and other threads run and fork meanwhile."""
    script = f"""
import ctypes, faulthandler, os, sys, threading, time, wordmill
faulthandler.dump_traceback_later(60, exit=True)
sys.setswitchinterval(1000) # so that only what blocks lets others run
lock = ctypes.PyDLL(None).pthread_mutex_lock # with the lock of Python held
unlock = ctypes.PyDLL(None).pthread_mutex_unlock
mutex = ctypes.create_string_buffer(64)
handler = ctypes.CFUNCTYPE(None)
handlers = [handler(lambda: lock(mutex) and None), handler(lambda: unlock(mutex) and None)]
ctypes.CDLL(None)["__register_atfork"](handlers[0], handlers[1], handlers[1], None)
moments = [0, 0]
def before():
    time.sleep(0.001)
    moments[0] += 1
def parent():
    time.sleep(0.001)
    moments[1] += 1
os.register_at_fork(before=before, after_in_parent=parent, after_in_child=lambda: time.sleep(0.001))
def work():
    for options in {{}}, {{"max_tasks_per_worker": 1}}:
        result = wordmill.count({str(path)!r}, map=bytes.split, workers=3, **options)
        forks.append(result.stats["forks"])
forks = []
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(moments == [sum(forks)] * 2 and len(forks))
"""
    child = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout == "6\n" and child.returncode == 0


def test_a_map_that_waits_for_another_thread_is_ended(path):
    lock = threading.Lock()
    with lock, pytest.raises(wordmill.Error, match="kept 3 workers for 1 seconds") as caught:
        wordmill.count(path, map=lambda line: lock.acquire(), workers=2, task_timeout=1)
    assert caught.value.code == wordmill.Code.EWORKER


def test_functions_may_fork_and_start_programs(path):
    import concurrent.futures.thread  # whose lock is taken before a fork, and only once

    def fork(*_):
        pid = os.fork()
        if pid == 0:
            os._exit(7)
        return str(os.waitpid(pid, 0)[1] >> 8)

    few = b"".join(path.read_bytes().splitlines(True)[:20])
    for workers in 0, 2:
        result = wordmill.count(few, map=fork, worker_init=fork, progress=fork, workers=workers)
        assert dict(result.items()) == {"7": 20}
        result = wordmill.count(
            few, map=lambda line: subprocess.check_output(["echo", "-n", "x"]), workers=workers
        )
        assert dict(result.items()) == {"x": 20}


def test_a_job_is_in_one_thread_at_a_time(path):
    raised = []

    def use(*_):
        for call in job.step, job.close:
            try:
                call()
            except ValueError as error:
                raised.append(str(error))

    job = wordmill.Job(path, progress=use)
    thread = threading.Thread(target=job.wait)
    thread.start()
    thread.join()
    assert raised and set(raised) == {"the job is being stepped"}
    # In a worker that a step has forked the job is still in that step.
    for options in {"workers": 0}, {"max_tasks_per_worker": 1, "partition_size": "16K"}:
        jobs = []
        jobs.append(wordmill.Job(path, map=lambda line: [j.close() for j in jobs] and b"", **options))
        with pytest.raises(wordmill.Error) as caught:
            jobs[0].wait()
        assert "the job is being stepped" in caught.value.__notes__[0]


def test_jobs_in_threads_are_independent(path, result):
    got = []
    options = [{}, {"map": lambda line: line}, {"workers": 0}] * 2
    threads = [
        threading.Thread(target=lambda o=o: got.append((o, len(wordmill.count(path, **o)))))
        for o in options
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 6
    assert all(n == len(result) for o, n in got if "map" not in o)


def test_a_job_can_be_awaited(path, result):
    async def main():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0.001)

        ticker = asyncio.create_task(tick())
        results = await asyncio.gather(
            wordmill.Job(path, map=lambda line: time.sleep(0.00001) or line), *(wordmill.Job(path) for _ in range(3))
        )
        ticker.cancel()
        return ticks, results

    ticks, results = asyncio.run(main())
    assert ticks > 5 and all(dict(r.items()) == dict(result.items()) for r in results[1:])


def test_an_awaited_job_is_cancelled(path):
    async def main():
        task = asyncio.ensure_future(_wait(wordmill.Job(path, map=lambda line: time.sleep(1))))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def _wait(job):
        return await job

    start = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - start < 30


def test_progress_is_told_and_may_end_the_job(path):
    told = []
    wordmill.count(path, progress=told.append)
    assert told[-1].phase == "done" and told[-1].lines == len(LINES + ODD)

    def enough(progress):
        raise LookupError("enough")

    for workers in (0, 2):
        with pytest.raises(LookupError, match="enough"):
            wordmill.count(path, progress=enough, workers=workers)


def test_a_job_is_stepped_cancelled_and_closed(path):
    job = wordmill.Job(path)
    while not job.step():
        pass
    assert job.step()
    job.close()
    job.close()
    with pytest.raises(ValueError):
        job.fileno()
    with wordmill.Job(path, map=lambda line: time.sleep(1)) as job:
        threading.Timer(0.05, job.cancel).start()
        with pytest.raises(wordmill.Error) as caught:
            job.wait()
    assert caught.value.code == wordmill.Code.ECANCELED
    wordmill.Job(path, map=lambda line: time.sleep(1))  # nobody has it any more


@pytest.mark.parametrize("options", ["", ", map=slow", ", map=slow, workers=0"])
def test_ctrl_c_ends_the_job_and_leaves_nothing(path, options, tmp_path):
    out = tmp_path / "out"
    script = f"""
import os, signal, sys, time, wordmill
signal.signal(signal.SIGINT, signal.default_int_handler) # it is ignored behind a shell's &
def slow(line):
    time.sleep(0.01)
print("ready", flush=True)
try:
    while True:
        wordmill.count({str(path)!r}, output={str(out)!r}{options})
except KeyboardInterrupt:
    print(open("/proc/self/task/%d/children" % os.getpid()).read() or "none")
"""
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        assert child.communicate(timeout=60)[0] == "none\n"
        assert child.returncode == 0
    finally:
        child.kill()
        child.communicate()
    assert [name for name in os.listdir(tmp_path) if name != "out"] == []


def test_jobs_are_collected_with_their_cycles(path):
    class Holder:
        pass

    holder = Holder()
    holder.job = wordmill.Job(path, progress=lambda p: holder)
    del holder
    gc.collect()


def test_a_fork_of_the_host_leaves_its_jobs_alone(path, result):
    job = wordmill.Job(path)
    pid = os.fork()
    if pid == 0:
        job.close()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    assert dict(job.wait().items()) == dict(result.items())
