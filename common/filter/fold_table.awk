# Makes fold_table.h of Unicode's CaseFolding.txt, in Debian's package unicode-data:
#
#     mawk -f common/filter/fold_table.awk /usr/share/unicode/CaseFolding.txt >common/filter/fold_table.h
#
# Takes the lines of the simple folding, C and S. Code points that go by the same difference, one
# after the other or every second one, are one row.
function number(hex,    i, n) {
    n = 0
    for (i = 1; i <= length(hex); i++)
        n = 16 * n + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
    return n
}

function row() {
    if (n > 0)
        printf "    {0x%X, 0x%X, %d, %d},\n", first, last, (step > 0 ? step : 1), difference
}

NR == 1 {
    version = $0
    gsub(/^# CaseFolding-|\.txt$/, "", version)
    print "/* Made by fold_table.awk. {first, last, step, difference}: the simple case folding. */"
    print "/* Of Unicode " version ". */"
    print ""
    print "/* clang-format off */"
    print "static const struct fold_row fold_rows[] = {"
}

/; [CS]; / {
    split($0, field, "; ")
    at = number(field[1])
    by = number(field[3]) - at
    apart = at - last
    if (n > 0 && by == difference && (apart == step || (step == 0 && apart <= 2))) {
        step = apart
        last = at
        next
    }
    row()
    n = 1
    first = last = at
    difference = by
    step = 0
}

END {
    row()
    print "};"
    print "/* clang-format on */"
}
