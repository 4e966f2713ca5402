#!/bin/sh
# engine/examples/index.c beside awk and sort: files of several partitions, through a pipe, packed.
LC_ALL=C
export LC_ALL
awk 'BEGIN {
    for (file = 1; file <= 3; file++)
        for (line = 1; line <= 60000 / file; line++) {
            text = ""
            for (n = (line * 7 + file) % 9; n > 0; n--)
                text = text sprintf(" %c%c%d", 97 + (line * n * file) % 26, 65 + (line + n) % 26, (line * n) % 40)
            print text >("f" file)
        }
}'
awk '{
    for (i = 1; i <= NF; i++)
        if (!(($i, FILENAME, FNR) in seen)) {
            seen[$i, FILENAME, FNR]
            print $i "\t" FILENAME "\t" FNR
        }
}' f1 f2 f3 | sort -t "$(printf '\t')" -k 1,1 -k 2,2 -k 3,3n | awk -F '\t' '
    $1 == word && $2 == file { printf ",%s", $3; next }
    { printf "%s%s", (NR > 1 ? "\n" : ""), $0; word = $1; file = $2 }
    END { print "" }' >expected
"$EXAMPLES/index" f1 f2 f3 | cmp - expected && echo "files: the same"
mkfifo p
cat f1 >p &
"$EXAMPLES/index" p f2 f3 | sed 's/\tp\t/\tf1\t/' | cmp - expected && echo "a pipe: the same"
wait
gzip f2
"$EXAMPLES/index" f1 f2.gz f3 | sed 's/\.gz//' | cmp - expected && echo "packed: the same"
printf 'whale and whale\n\nthe whale\n' >g
"$EXAMPLES/index" g
"$EXAMPLES/index" || echo "status $?"
"$EXAMPLES/index" nothing || echo "status $?"
rm f1 f2.gz f3 p g expected
