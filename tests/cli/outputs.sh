#!/bin/sh
# Every option that names a file, to everything that a name can stand for.
printf 'a\t2000\t1\t1\nbad\nb\t2000\t2\t1\n' >in
printf 'in\t2\t11\ttoo few fields\tbad\n' >rejects.expected
printf 'a\t1\nb\t2\n' >output.expected

# run OPTION TARGET: what else it writes goes nowhere; descriptors 5 to 7 are the caller's.
run() {
    case $1 in
    --output) "$WORDMILL" count -q --on-bad-line skip "$1" "$2" in ;;
    --rejects | --stats) "$WORDMILL" count -q --on-bad-line skip -o /dev/null "$1" "$2" in ;;
    *) "$WORDMILL" bench -q --runs 1 --warmup 0 -j 0 -p 1M "$1" "$2" good ;;
    esac
}
# is OPTION FILE: whether the file is all of what the option writes.
is() {
    case $1 in
    --output) cmp "$2" output.expected ;;
    --rejects) cmp "$2" rejects.expected ;;
    --stats) head -n 1 "$2" | grep -qx '{' && tail -n 1 "$2" | grep -qx '}' ;;
    --csv) head -n 1 "$2" | grep -q '^configuration,' && [ "$(wc -l <"$2")" -eq 2 ] ;;
    --json) head -c 1 "$2" | grep -q '{' && tail -n 1 "$2" | grep -qx '}' ;;
    esac || echo "$option, $kind: $2 is not what it should be"
}
middle() { sed '1d;$d' "$1" >middle; }
sed 2d in >good

for option in --output --rejects --stats --csv --json; do
    kind="a file"
    run "$option" f >/dev/null
    is "$option" f
    kind="one that is there"
    echo "{ old, and longer than what comes, which is seen by its end }" >f
    head -c 20000 /dev/zero >>f
    chmod 640 f
    run "$option" f >/dev/null
    is "$option" f
    [ "$(stat -c %a f)" = 640 ] || echo "$option: mode $(stat -c %a f)"
    kind="a link"
    mkdir folder
    : >folder/f
    ln -s folder/f link
    run "$option" link >/dev/null
    is "$option" folder/f
    kind="a dangling link"
    rm folder/f
    run "$option" link >/dev/null
    is "$option" folder/f
    [ -L link ] || echo "$option: no link any more"
    rm -r folder link

    kind="standard output"
    for name in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        { echo head; run "$option" "$name"; echo foot; } >got
        middle got
        case $option in
        --csv | --json) [ "$name" = - ] && is "$option" middle ;;
        *) is "$option" middle ;;
        esac
    done
    kind="a link to it"
    ln -s /proc/self/fd/5 link
    { echo head >&5; run "$option" link; echo foot >&5; } 5>got >/dev/null
    middle got
    is "$option" middle
    [ -L link ] || echo "$option: no link any more"
    rm link
    kind="a descriptor"
    { echo head >&6; run "$option" /dev/fd/6; echo foot >&6; } 6>got >/dev/null
    middle got
    is "$option" middle
    kind="standard error, appended"
    echo head >log
    run "$option" /dev/stderr 2>>log >/dev/null
    echo foot >>log
    middle log
    is "$option" middle
    kind="a pipe"
    { run "$option" /dev/fd/7 >/dev/null; } 7>&1 | cat >got
    is "$option" got
    kind="a FIFO"
    mkfifo fifo
    cat fifo >got &
    run "$option" fifo >/dev/null
    wait $!
    is "$option" got
    [ -p fifo ] || echo "$option: no FIFO any more"
    rm fifo

    kind="what cannot be written"
    for target in /dev/full folder/f . good/f; do
        run "$option" "$target" >/dev/null 2>message
        status=$?
        [ "$status" -eq 1 ] || echo "$option $target: exit $status"
        grep -q "^wordmill: cannot write '$target': " message || cat message
    done
    rm -f f got middle log message
done
ls -A
rm in good output.expected rejects.expected
