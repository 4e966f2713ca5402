#!/bin/sh
# The total-count files of two editions have the sums that mawk finds.
cd "$DATA/totals" 2>/dev/null || { echo "skipped: no real data"; exit 77; }
printf 'the\t2000\t1000000000\t1\n' >"$TMPDIR/f"
for file in *; do
    echo "$file"
    tr '\t' '\n' <"$file" | mawk -F , 'NF == 4 { n += $2 } END { printf "%.0f %.6f\n", n, 1e15 / n }'
    "$WORDMILL" count --totals "$file" "$TMPDIR/f"
done
rm "$TMPDIR/f"
