#!/bin/sh
# Marks and format characters stay in their words, composed and decomposed spellings are one word,
# and soft hyphens are none of them.
say() {
    echo "== $*"
    "$WORDMILL" count -f text "$@" in
}
{
    printf '\340\244\227\340\245\200\340\244\244 \340\244\227\340\245\200\340\244\244 '  # Hindi
    printf '\327\251\327\201\326\270\327\234\327\225\326\271\327\235 '  # Hebrew, pointed
    printf '\327\246\327\224"\327\234 '  # and an abbreviation
    printf '\331\205\331\216\330\257\331\222\330\261\331\216\330\263\330\251 '  # Arabic
    printf '\331\205\333\214\342\200\214\330\261\331\210\331\205 '  # Persian, with a non-joiner
    printf '\320\267\320\260\314\201\320\274\320\276\320\272\n'  # Russian, with stress
} >in
say
say --tokens letters
printf 'r\303\251sum\303\251 re\314\201sume\314\201 r\303\251su\302\255m\303\251 R\303\251sum\303\251\n' >in
printf '\341\204\200\341\205\241\341\206\250 \352\260\201 a\314\243\314\201 a\314\201\314\243 \341\272\241\314\201\n' >>in
say
say --normalize none
say --fold-case
say --fold-case=dominant
say -w "$(printf 're\314\201sume\314\201')" -w "$(printf 'co\302\255op')"
say --tokens blanks
echo "== no blanks between words: ideographs one by one, Thai by letters and their marks"
printf '\346\274\242\345\255\227\343\202\253\343\203\212 \340\270\231\340\271\211\340\270\263 \355\225\234\352\265\255\354\226\264\n' >in
say
echo "== apostrophes: two characters, two words"
printf "won't won\342\200\231t 'tis 10,000.5 x:y 1:2 U.S. a_b _ __ e-mail\n" >in
say
say --tokens letters
say --tokens blanks
rm in
