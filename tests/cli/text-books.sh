#!/bin/sh
# 16 books have the words that a naive count in Python finds, and some of them the sequences; words
# between Unicode boundaries are for test_text.
[ -d "$DATA/text" ] && command -v python3 >/dev/null || exit 77
cat >naive.py <<'END'
import collections, functools, sys, unicodedata
kind, n = sys.argv[1], int(sys.argv[2])
marks = []

def is_inside(c):
    category = unicodedata.category(c)
    if kind == "blanks":
        return not c.isspace() or c in "\x1c\x1d\x1e\x1f"
    if category[0] == "M" or category == "Cf" and c != "\u200b":
        marks.append(c)
        return True
    return category[0] == "L"

@functools.cache
def as_it_counts(word, leading):
    return unicodedata.normalize("NFC", word.lstrip(leading).replace("\u00ad", ""))

counts = collections.Counter()
for name in sys.argv[3:]:
    with open(name, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        text = file.read()
    outside = {ord(c): " " for c in set(text) - {"\n"} if not is_inside(c)}
    leading = "".join(marks)
    for line in text.translate(outside).split("\n"):
        words = [as_it_counts(word, leading) for word in line.split(" ") if word]
        words = list(filter(None, words))
        counts.update(map(" ".join, zip(*(words[i:] for i in range(n)))))
encoded = {word.encode("utf-8", "surrogateescape"): count for word, count in counts.items()}
for word in sorted(encoded):
    sys.stdout.buffer.write(word + b"\t%d\n" % encoded[word])
END
compare() { # KIND N BOOK...
    kind=$1 n=$2
    shift 2
    python3 naive.py "$kind" "$n" "$@" >naive
    for options in "" "-j 2 -p 100K"; do
        # shellcheck disable=SC2086 # words
        "$WORDMILL" count -f text -q --tokens "$kind" --ngrams "$n" $options "$@" |
            cmp - naive && echo "$kind $n: same $options"
    done
}
compare letters 1 "$DATA"/text/pg-*.txt
compare blanks 2 "$DATA"/text/pg-[gm]*.txt
rm naive.py naive
