#!/usr/bin/env python3
"""Makes unicode_tables.c from the Unicode character database, of which Debian has the package
unicode-data:

    common/text/unicode_tables.py [FOLDER] >common/text/unicode_tables.c      [/usr/share/unicode]

Every code point gets a record of what word boundaries and normalization ask for. There are few
different ones, so a code point has the number of its record, in blocks of which equal ones are
there once.
"""
import os
import re
import sys

N_POINTS = 0x110000
BLOCK = 128
# As enum unicode_break; Other is what no line says. Complex_Context is no class of UAX #29: it is
# letters of Other that Line_Break calls SA, of Thai and the like.
BREAKS = ("Other CR LF Newline Extend ZWJ Format Regional_Indicator Katakana Hebrew_Letter ALetter "
          "Single_Quote Double_Quote MidNumLet MidLetter MidNum Numeric ExtendNumLet "
          "WSegSpace Complex_Context").split()
LETTER, NUMBER, MARK, BLANK, PICTOGRAPH, SOFT_HYPHEN, NFC_MAYBE, NFC_NO = (
    1 << bit for bit in range(8, 16))


def lines(folder, name):
    """The fields of each line, and the code points of the first."""
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if fields[0]:
                first, _, last = fields[0].partition("..")
                yield range(int(first, 16), int(last or first, 16) + 1), fields[1:]


def version(folder):
    with open(os.path.join(folder, "auxiliary/WordBreakProperty.txt"), encoding="utf-8") as file:
        return re.search(r"-(\d+\.\d+\.\d+)\.txt", file.readline()).group(1)


def records(folder):
    of = [0] * N_POINTS
    for points, (name,) in lines(folder, "auxiliary/WordBreakProperty.txt"):
        for point in points:
            of[point] = BREAKS.index(name)
    flags = {"L": LETTER, "N": NUMBER, "M": MARK}
    for points, (name,) in lines(folder, "extracted/DerivedGeneralCategory.txt"):
        for point in points:
            of[point] |= flags.get(name[0], 0)
    for points, (name,) in lines(folder, "LineBreak.txt"):
        for point in points if name == "SA" else ():
            if of[point] == BREAKS.index("Other") | LETTER:
                of[point] = BREAKS.index("Complex_Context") | LETTER
    for points, (name, *_) in lines(folder, "PropList.txt"):
        for point in points if name == "White_Space" else ():
            of[point] |= BLANK
    for points, (name, *_) in lines(folder, "emoji/emoji-data.txt"):
        for point in points if name == "Extended_Pictographic" else ():
            of[point] |= PICTOGRAPH
    quick = {"M": NFC_MAYBE, "N": NFC_NO}
    for points, (name, *value) in lines(folder, "DerivedNormalizationProps.txt"):
        for point in points if name == "NFC_QC" else ():
            of[point] |= quick[value[0]]
    for points, fields in lines(folder, "UnicodeData.txt"):
        of[points[0]] |= int(fields[2]) << 16  # combining class; that of ranges is 0
    of[0xAD] |= SOFT_HYPHEN
    return of


def print_array(declaration, values, form):
    print(f"{declaration} = {{")
    per_line = 96 // len(form % 0 + ", ")
    for i in range(0, len(values), per_line):
        print("    " + ", ".join(form % value for value in values[i:i + per_line]) + ",")
    print("};")


def plain(of):
    """A word of 64 bits for each two bytes that UTF-8 of three begins with, and before these for
    each byte that such of two begins with: which bytes behind them make plain characters."""
    kinds = (BREAKS.index("ALetter") | LETTER, BREAKS.index("Extend") | MARK)
    return [sum((of[start + i] in kinds and start >= least) << i for i in range(64))
            for least, limit in ((0x80, 0x800), (0x800, 0x10000)) for start in range(0, limit, 64)]


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"
    of = records(folder)
    kinds = sorted(set(of))
    number = {record: i for i, record in enumerate(kinds)}
    blocks, places = {}, []
    for start in range(0, N_POINTS, BLOCK):
        block = tuple(number[record] for record in of[start:start + BLOCK])
        places.append(blocks.setdefault(block, len(blocks)))
    assert len(kinds) <= 256 and len(blocks) <= 65536 and BLOCK == 128
    print("/* Made by unicode_tables.py: do not change it here. */")
    print('#include "text/unicode.h"\n\n/* clang-format off */')
    print(f'const char unicode_version[] = "{version(folder)}";\n')
    print_array("const uint32_t unicode_records[]", kinds, "0x%06X")
    print_array("\nconst uint16_t unicode_blocks[]", places, "%3d")
    print_array("\nconst uint64_t unicode_plain[]", plain(of), "0x%016X")
    print_array("\nconst uint8_t unicode_numbers[]", [n for block in blocks for n in block], "%d")


if __name__ == "__main__":
    main()
