"""The questions that compare.py asks, a row each, and the files that they are asked of."""
import os
import subprocess
from dataclasses import dataclass

LINES = 86_618_505  # of the main file: what the real file of words with a has
PART = 20_000_000  # of the files in other formats

UNTAGGED = r"w !~ /_(NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|\.)_?$/"
LETTERS = ("-f", "text", "--tokens", "letters")


def mawk(rule, end='printf "%s\\t%.0f\\n", w, c[w]', keys="-k1,1", before='cat "$@"'):
    """A shell script whose $0 is the output. sort goes by the word alone, since a word may hold
    bytes that are less than the tab behind it. 8 GB are enough for mawk."""
    return (f"ulimit -v 8000000; {before} | mawk -F'\\t' '{rule} END {{ for (w in c) {end} }}' |\n"
            f"LC_ALL=C sort --parallel=2 -S 2G -t \"$(printf '\\t')\" {keys} >\"$0\"")


@dataclass
class Question:
    name: str  # as --only takes it
    heading: str  # as the table has it
    input: str  # a row of INPUTS
    asked: str = "sum"  # of the peers; see peer_polars.py
    settings: tuple = ()  # of wordmill
    mawk: str = ""  # a script, or why there is none
    target: float = 0  # times as fast as the better of Polars and DuckDB
    floor: str = "read"  # what takes the least time: to read the file, or to unpack it
    cold: bool = False  # the page cache is emptied before each run


SUM = mawk("{ c[$1] += $3 }")
BY = ("{ c[$1 FS %s] += $3 }", 'printf "%s\\t%.0f\\n", w, c[w]', "-k1,1 -k2,2n")

QUESTIONS = (
    Question("sum", "plain sum", "main", mawk=SUM, target=16),
    Question("decade", "`--by decade`", "main", "decade", ("--by", "decade"),
             mawk(BY[0] % "$2 - $2 % 10", *BY[1:]), target=18),
    Question("year", "`--by year`", "main", "year", ("--by", "year"), mawk(BY[0] % "$2", *BY[1:]),
             target=15),
    Question("volumes", "`--value volumes`", "main", "volumes", ("--value", "volumes"),
             mawk("{ c[$1] += $4 }")),
    Question("both", "`--value matches,volumes`", "main", "both", ("--value", "matches,volumes"),
             mawk("{ c[$1] += $3; v[$1] += $4 }", 'printf "%s\\t%.0f\\t%.0f\\n", w, c[w], v[w]')),
    Question("untagged", "`--pos untagged`", "main", "untagged", ("--pos", "untagged"),
             mawk("{ c[$1] += $3 }", f'if ({UNTAGGED}) printf "%s\\t%.0f\\n", w, c[w]')),
    Question("match", "`--match '^\\p{Lu}'`", "main", "match", ("--match", r"^\p{Lu}"),
             "mawk knows no classes of Unicode"),
    Question("fold", "`--pos untagged --fold-case`", "main", "fold",
             ("--pos", "untagged", "--fold-case"), "mawk knows no letters but those of ASCII"),
    Question("cold", "plain sum, from the disk", "main", mawk="not asked", cold=True),
    Question("shuffled", "lines in random order", "shuffled", mawk=SUM),
    Question("many", "many words: 6 in 12 million lines", "many", mawk=SUM, target=5),
    Question("huge", "20 million words in 100 million lines", "huge", mawk=SUM, target=5),
    Question("few", "few words: 1,000", "few", mawk=SUM),
    Question("v3", "v3", "v3", "v3", ("-f", "v3"), mawk(
        '{ for (i = 2; i <= NF; i++) { split($i, a, ","); c[$1] += a[2] } }')),
    Question("v1", "v1", "v1", "v1", ("-f", "v1"), SUM),
    Question("zst", "one .zst", "zst", mawk=mawk("{ c[$1] += $3 }", before='zstd -dc "$@"'),
             floor="zstd"),
    Question("gz", "one .gz", "gz", mawk=mawk("{ c[$1] += $3 }", before='igzip -dc "$@"'),
             floor="igzip"),
    Question("gzs", "26 .gz", "gzs", mawk=mawk("{ c[$1] += $3 }", before='cat "$@" | igzip -dc'),
             floor="igzip"),
    Question("files", "1,000 files", "files", mawk=SUM),
    Question("tiny", "50 lines", "tiny", mawk=SUM),
    # What is no letter becomes one TAB, so a word is a field; the first may be empty.
    Question("text", "text: words of letters", "text", "text", LETTERS, mawk(
        r'{ gsub(/[^A-Za-z]+/, "\t"); for (i = 1; i <= NF; i++) if ($i != "") c[$i]++ }')),
)

MAKE_V3 = r"""mawk -F'\t' '$1 != w || $2 <= y { if (NR > 1) printf "\n"; printf "%s", $1 }
    { printf "\t%d,%d,%d", $2, $3, $4; w = $1; y = $2 } END { print "" }'"""
MAKE_V1 = r"""mawk -F'\t' -v OFS='\t' '{ print $1, $2, $3, $3, $4 }'"""


class Missing(Exception):
    """Why an input cannot be made."""


class Inputs:
    """Files of one kind are made when they are asked for and go when drop is called."""

    def __init__(self, generate, folder, lines, books):
        self.generate, self.folder, self.books = generate, folder, books
        self.scale = lines / LINES
        self.made = {}  # kind: paths
        self.sizes = {}  # kind: bytes and lines, unpacked

    def path(self, name):
        return os.path.join(self.folder, name)

    def lines(self, n):
        return max(50, round(n * self.scale))

    def generated(self, name, n, *settings, words=None):
        if words:
            settings = ("--words", str(max(1, round(n * words))), *settings)
        with open(self.path(name), "wb") as file:
            subprocess.run([self.generate, "--lines", str(n), *settings], stdout=file, check=True)
        return [self.path(name)]

    def of_part(self, name, command):
        """A shell command's output, when it reads the part file."""
        with open(self.get("part")[0], "rb") as source, open(self.path(name), "wb") as file:
            subprocess.run(["sh", "-c", command], stdin=source, stdout=file, check=True)
        return [self.path(name)]

    def split(self, name, source, n):
        """n files, in lines."""
        prefix = self.path(name)
        subprocess.run(["split", "-n", f"l/{n}", "-a", "3", "-d", "--additional-suffix=.tsv",
                        source, prefix], check=True)
        return [f"{prefix}{i:03}.tsv" for i in range(n)]

    def packed_parts(self):
        paths = self.split("gzs-", self.get("part")[0], 26)
        subprocess.run(["gzip", "-1", *paths], check=True)
        return [path + ".gz" for path in paths]

    def text(self):
        """Only ASCII, since mawk knows no other letters."""
        if not self.books:
            raise Missing("there are no books: --books FILE...")
        book = b""
        for name in self.books:
            with open(name, "rb") as file:
                book += file.read().translate(None, bytes(range(128, 256)))
        with open(self.path("text"), "wb") as file:
            for _ in range(max(1, round(210_000_000 * self.scale / len(book)))):
                file.write(book)
        return [self.path("text")]

    def make(self, kind):
        lines = self.lines
        return {
            "main": lambda: self.generated("main", lines(LINES)),
            "part": lambda: self.generated("part", lines(PART)),
            "shuffled": lambda: self.generated("shuffled", lines(LINES), "--unsorted"),
            "many": lambda: self.generated("many", lines(12_000_000), words=1 / 2),
            "huge": lambda: self.generated("huge", lines(100_000_000), words=1 / 5),
            "few": lambda: self.generated("few", lines(LINES), "--words", "1000"),
            "v3": lambda: self.of_part("v3", MAKE_V3),
            "v1": lambda: self.of_part("v1", MAKE_V1),
            "zst": lambda: self.of_part("part.zst", "zstd -q -1 -c"),
            "gz": lambda: self.of_part("part.gz", "gzip -1 -c"),
            "gzs": self.packed_parts,
            "files": lambda: self.split(
                "files-", self.generated("thousand", lines(1_000_000))[0], 1000),
            "tiny": lambda: self.generated("tiny", 50),
            "text": self.text,
        }[kind]()

    def get(self, kind):
        """The paths of the files. They are in the page cache then."""
        if kind not in self.made:
            self.made[kind] = self.make(kind)
            packed = kind in ("zst", "gz", "gzs")
            self.sizes[kind] = measure(self.get("part") if packed else self.made[kind])
        for path in self.made[kind]:
            with open(path, "rb", buffering=0) as file:
                while file.read(1 << 20):
                    pass
        return self.made[kind]

    def drop(self, kinds_needed):
        """Removes what none of the questions to come is asked of."""
        needed = set(kinds_needed)
        if needed & {"v3", "v1", "zst", "gz", "gzs"}:
            needed.add("part")
        for kind in set(self.made) - needed:
            for path in self.made.pop(kind):
                os.unlink(path)


def measure(paths):
    """Bytes and lines."""
    size = lines = 0
    for path in paths:
        with open(path, "rb", buffering=0) as file:
            while block := file.read(1 << 20):
                size += len(block)
                lines += block.count(b"\n")
    return size, lines


def drop_cache(paths):
    for path in paths:
        fd = os.open(path, os.O_RDONLY)
        os.fsync(fd)  # a page that is not on disk yet would stay
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)
