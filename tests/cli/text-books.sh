#!/bin/sh
# 16 books have the words and sequences that a naive count in Python finds; words between Unicode
# boundaries are for test_text.
[ -d "$DATA/text" ] && command -v python3 >/dev/null || exit 77
cat >naive.py <<'END'
import collections, sys, unicodedata
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

counts = collections.Counter()
for name in sys.argv[3:]:
    with open(name, encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        text = file.read()
    outside = {ord(c): " " for c in set(text) - {"\n"} if not is_inside(c)}
    for line in text.translate(outside).split("\n"):
        words = [word.lstrip("".join(marks)) if marks else word for word in line.split(" ")]
        words = [unicodedata.normalize("NFC", word.replace("\u00ad", "")) for word in words]
        words = [word for word in words if word]
        for i in range(len(words) - n + 1):
            counts[" ".join(words[i:i + n])] += 1
encoded = {word.encode("utf-8", "surrogateescape"): count for word, count in counts.items()}
for word in sorted(encoded):
    sys.stdout.buffer.write(word + b"\t%d\n" % encoded[word])
END
for what in "letters 1" "blanks 2"; do
    # shellcheck disable=SC2086 # two words
    python3 naive.py $what "$DATA"/text/pg-*.txt >naive
    for options in "" "-j 2 -p 100K"; do
        # shellcheck disable=SC2086 # words
        "$WORDMILL" count -f text -q --tokens ${what% ?} --ngrams ${what#* } $options "$DATA"/text/pg-*.txt |
            cmp - naive && echo "$what: same $options"
    done
done
rm naive.py naive
