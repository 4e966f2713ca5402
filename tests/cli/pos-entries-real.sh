#!/bin/sh
# Real entries of one to five words: what mawk finds in them token by token is what counts.
cd "$DATA/entries" 2>/dev/null || { echo "skipped: no real data"; exit 77; }
tab=$(printf '\t')
for n in 1 2 3 4 5; do
    mawk -F "$tab" -v tags='NOUN|VERB|ADJ|ADV|PRON|DET|ADP|NUM|CONJ|PRT|X|[.]' '
        {
            m = split($1, token, " ")
            split($2, part, ",")
            plain = tagged = other = 0
            phrase = kinds = ""
            for (i = 1; i <= m; i++) {
                t = token[i]
                kind = ""
                if (t ~ "^_(START|END|ROOT)_$") kind = "-"
                else if (t ~ "^_(" tags ")_$") other++
                else if (match(t, "._(" tags ")$")) {
                    tagged++
                    kind = substr(t, RSTART + 2)
                    t = substr(t, 1, RSTART)
                } else plain++
                phrase = phrase (i > 1 ? " " : "") t
                if (kind != "-") kinds = kinds " " kind
            }
            if (!tagged && !other) sum["untagged" FS $1] += part[2]
            if (!plain && !other) sum["stripped" FS phrase] += part[2]
            if (kinds == " ADJ NOUN") sum["phrase" FS $1] += part[2]
        }
        END { for (key in sum) printf "%s\t%.0f\n", key, sum[key] }' english-$n.v3 >"$TMPDIR/all"
    for kind in untagged stripped phrase; do
        sed -n "s/^$kind$tab//p" "$TMPDIR/all" | LC_ALL=C sort -t "$tab" -k 1,1 >"$TMPDIR/expected"
        case $kind in
        untagged) set -- --pos untagged ;;
        stripped) set -- --strip-pos ;;
        phrase) set -- --pos 'adj noun' ;;
        esac
        for options in "-j 0" "-j 2 -p 10K" "-j 7 -p 1K"; do
            "$WORDMILL" count $options "$@" english-$n.v3 | cmp - "$TMPDIR/expected"
        done
        wc -l <"$TMPDIR/expected"
    done
done
echo "as published"
"$WORDMILL" count --strip-pos english-3.v3 | grep "^one of the$tab"
"$WORDMILL" count --pos untagged --rank --top 10 english-1.v3
"$WORDMILL" count --top 1 english-1.v3
rm "$TMPDIR/all" "$TMPDIR/expected"
