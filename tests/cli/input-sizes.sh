#!/bin/sh
# Files whose size is not that of what they hold are read like pipes.
[ -r /proc/self/stat ] || exit 77
for file in /sys/kernel/mm/transparent_hugepage/enabled /sys/devices/system/cpu/online /sys/kernel/uevent_seqnum; do
    [ -r "$file" ] || continue
    cat "$file" >copy
    for input in "$file" -; do
        for option in "-j 0" "-j 2" "--partition-lines 1"; do
            "$WORDMILL" count -f text $option "$input" <"$file" >got
            "$WORDMILL" count -f text copy | cmp - got && echo "$file" >>equal
        done
    done
done
[ ! -e equal ] || [ $(($(wc -l <equal) % 6)) -eq 0 ] || cat equal
"$WORDMILL" count -f text /proc/version >got
"$WORDMILL" count -f text <<END | cmp - got
$(cat /proc/version)
END
rm -f copy got equal
