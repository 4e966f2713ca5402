#!/bin/sh
# --pos keeps words by their part-of-speech tags, --strip-pos takes the tags away.
tab=$(printf '\t')
for word in run run_VERB run_NOUN Run_VERB _NOUN_ W_hat AFFECTS_ SC_CLOSE . ._. _._ it\"s 'a\b_X' \
    'run_VERB fast_ADV' 'run fast' 'to run_VERB' '_NOUN_ run_VERB' 'run_VERB=>fast_ADV' '_ROOT_=>run_VERB' _START_; do
    printf '%s\t2000\t1\t1\n%s\t2001\t2\t1\n' "$word" "$word"
done >f
for options in "--pos untagged" "--pos tagged" "--pos NOUN" "--pos VERB,ADV" "--pos X,." "--strip-pos" \
    "--strip-pos --pos all" "--strip-pos --pos untagged" "--strip-pos --pos NOUN,VERB -s count" \
    "--strip-pos -w run -w run_VERB" "--strip-pos --match ^.u --min-count 4" "--pos ROOT,VERB" \
    "--pos verb" "--pos _Verb_,adv" "--pos START" "--pos ROOT"; do
    echo "$options"
    "$WORDMILL" count $options f
done
for pos in 'VERB ADV' 'noun verb,VERB ADV' 'ROOT VERB'; do
    echo "--pos '$pos'"
    "$WORDMILL" count --pos "$pos" f
done
"$WORDMILL" count f >f.all
"$WORDMILL" count --pos all f | cmp - f.all

for pos in verbs NOUN,none ',' 'ADJ nouns'; do
    "$WORDMILL" count --pos "$pos" f
    echo "exit $?" >&2
done

echo "every subset of tags is an entry"
for entry in 'red hen' 'red_ADJ hen' 'red hen_NOUN' 'red_ADJ hen_NOUN' '_ADJ_ hen' '_ADJ_ _NOUN_' '_ADJ_ hen_NOUN'; do
    printf '%s\t2000\t100\t9\n' "$entry"
done >f
for options in --strip-pos "--pos untagged" "--pos ADJ,NOUN" "--pos NOUN" "-n 1" "--rank -q"; do
    "$WORDMILL" count $options f
done
printf 'red hen\t2000\t100\t9\n' >f
for options in --strip-pos "--pos untagged" "--pos NOUN" "--pos all" "--rank" "-w red --strip-pos -q"; do
    "$WORDMILL" count $options f
done
"$WORDMILL" count --rank --stats figures "$SAMPLE" >/dev/null 2>&1
grep warnings figures

# Against mawk: all words of the sample have one token.
tags='NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|\.'
"$WORDMILL" count "$SAMPLE" >words
mawk -F "$tab" "\$1 !~ /._($tags)\$/" words >untagged
mawk -F "$tab" "\$1 ~ /._($tags)\$/" words >tagged
mawk -F "$tab" "\$1 ~ /._(NOUN|X)\$/" words >some
mawk -F "$tab" "{ sub(/_($tags)\$/, \"\", \$1); n[\$1] += \$2 } END { for (w in n) print w FS n[w] }" tagged |
    LC_ALL=C sort -t "$tab" -k 1,1 >stripped
wc -l <untagged
wc -l <stripped
for options in "-j 0" "-j 1 -p 1K" "-j 2 -p 3K" "-j 3 --partition-lines 100"; do
    "$WORDMILL" count $options --pos untagged "$SAMPLE" | cmp - untagged
    "$WORDMILL" count $options --pos tagged "$SAMPLE" | cmp - tagged
    "$WORDMILL" count $options --pos NOUN,X "$SAMPLE" | cmp - some
    "$WORDMILL" count $options --strip-pos "$SAMPLE" | cmp - stripped
done
rm figures f f.all words untagged tagged some stripped
