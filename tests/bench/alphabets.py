#!/usr/bin/env python3
"""Makes running text in other alphabets out of English books: how long words are, and how common,
stays as it is.

    alphabets.py ALPHABET MEGABYTES BOOK... >TEXT

ALPHABET is russian (two bytes a letter), hindi (three, with vowel signs, and a virama between two
consonants), german (every 30th letter or so is not ASCII), or mixed: a third of each.
"""
import re
import sys

LATIN = "abcdefghijklmnopqrstuvwxyz"
CYRILLIC = "абцдефгхийклмнопярстувшыжз"
CONSONANTS = dict(zip("bcdfghjklmnpqrstvwxyz", "बचदफगहजकलमनपखरसतवशषयट"))
VOWELS = dict(zip("aeiou", "अएइओउ"))
SIGNS = dict(zip("aeiou", "ािेोु"))
VIRAMA = "्"


def russian(text):
    return text.translate(str.maketrans(LATIN + LATIN.upper(), CYRILLIC + CYRILLIC.upper()))


def hindi_word(match):
    out, is_behind_consonant = [], False
    for letter in match.group().lower():
        if letter in CONSONANTS:
            out += [VIRAMA, CONSONANTS[letter]] if is_behind_consonant else CONSONANTS[letter]
        else:
            out += SIGNS[letter] if is_behind_consonant else VOWELS[letter]
        is_behind_consonant = letter in CONSONANTS
    return "".join(out)


def hindi(text):
    return re.sub("[A-Za-z]+", hindi_word, text).replace(".", "।")


def german(text):
    for latin, other in (("oo", "ö"), ("ea", "ä"), ("ue", "ü"), ("ss", "ß"), ("ou", "ü"), ("ai", "ä")):
        text = text.replace(latin, other)
    return text


ALPHABETS = {"russian": [russian], "hindi": [hindi], "german": [german],
             "mixed": [russian, hindi, german]}


def main():
    alphabet, megabytes, books = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    text = ""
    for book in books:
        with open(book, encoding="utf-8", errors="ignore") as file:
            text += "".join(char for char in file.read() if char < "\x80")
    makers = ALPHABETS[alphabet]
    size = megabytes * 1_000_000 // len(makers)
    for make in makers:
        data = make(text).encode()
        lines = (data * (size // len(data) + 1))[:size]
        sys.stdout.buffer.write(lines[:lines.rfind(b"\n") + 1])


if __name__ == "__main__":
    main()
