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
echo "== no blanks between words: ideographs one by one, runs of Katakana and Thai, which a digit ends"
printf '\346\274\242\345\255\227\343\202\253\343\203\212 \340\270\231\340\271\211\340\270\263 \355\225\234\352\265\255\354\226\264\n' >in
printf '\340\270\227\340\270\265\340\271\210\340\271\222x \340\270\227\342\200\213\340\270\231_\340\270\231\n' >>in
say
echo "== a line of six scripts has six words"
{
    printf '\330\266\331\216\331\205\331\216\331\221\330\251 '  # Arabic
    printf '\340\246\254\340\246\276\340\246\202\340\246\262\340\246\276 '  # Bengali
    printf '\340\256\244\340\256\256\340\256\277\340\256\264\340\257\215 '  # Tamil
    printf '\340\270\255\340\270\261\340\270\201\340\270\251\340\270\243\340\271\204\340\270\227\340\270\242 '  # Thai
    printf '\327\251\326\270\327\201\327\234\327\225\326\271\327\235 '  # Hebrew
    printf '\320\234\320\270\321\205\320\260\320\270\314\201\320\273\n'  # Russian
} >in
say
say --tokens letters
{
    printf '\340\272\236\340\272\262\340\272\252\340\272\262\340\272\245\340\272\262\340\272\247 '  # Lao
    printf '\341\236\227\341\236\266\341\236\237\341\236\266\341\236\201\341\237\222\341\236\230\341\237\202\341\236\232 '  # Khmer
    printf '\341\200\231\341\200\274\341\200\224\341\200\272\341\200\231\341\200\254\341\200\230\341\200\254\341\200\236\341\200\254\n'  # Burmese
} >in
say
echo "== apostrophes: two characters, two words"
printf "won't won\342\200\231t 'tis 10,000.5 x:y 1:2 U.S. a_b _ __ e-mail\n" >in
say
say --tokens letters
say --tokens blanks
rm in
