#!/bin/sh
# The tags of real words are found where mawk finds them.
cd "$DATA/v2" 2>/dev/null || { echo "skipped: no real data"; exit 77; }
tab=$(printf '\t')
tags='NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|\.'
mawk -F "$tab" "{ pos = \$1 ~ /._($tags)\$/ ? \"tagged\" : \"untagged\"; word = \$1; n[pos FS word] += \$3
        if (sub(/_($tags)\$/, \"\", word) && pos == \"tagged\") n[\"stripped\" FS word] += \$3 }
    END { for (key in n) print key FS n[key] >ENVIRON[\"TMPDIR\"] \"/all\" }" ./*.head10000.tsv
cd "$TMPDIR" || exit
for kind in tagged untagged stripped; do
    options="--pos $kind"
    [ $kind = stripped ] && options=--strip-pos
    sed -n "s/^$kind$tab//p" all | sort -t "$tab" -k 1,1 >expected
    wc -l <expected
    "$WORDMILL" count $options "$DATA"/v2/*.head10000.tsv | cmp - expected
done
rm all expected
