#!/bin/sh
# Every option of the table is in --help, in getopt's tables, in the manual and in completions.
unset SLURM_ARRAY_TASK_ID
"$PAGES" list >list
wc -l <list | awk '{ print ($1 > 60) ? "many options" : $1 " options" }'
for kind in bash zsh fish; do
    "$PAGES" "$kind" >"$kind" || echo "no $kind"
done
for command in count sum query bench; do
    "$WORDMILL" "$command" --help >"$command.help"
    echo "@options $command@" | "$PAGES" manual >"$command.manual"
    sed -n "/^    $command:\\*)/p" bash | tr ' ' '\n' >"$command.bash"
    sed -n "/^    $command)/,/;;/p" zsh >"$command.zsh"
    grep "__fish_seen_subcommand_from $command'" fish >"$command.fish"
done

# has FILE PATTERN: a line of the file matches.
has() {
    grep -q -e "$2" "$1" || echo "$1: no $2"
}
while read -r command name letter argument; do
    has "$command.help" "^  \(-[a-zA-Z],\|   \) --$name\([[ ]\|$\)"
    has "$command.manual" "^\(\*-[a-zA-Z]\*, \)\{0,1\}\*--$name\*"
    has "$command.bash" "^--$name'\{0,1\}$"
    has "$command.zsh" "--${name}[=[}]"
    has "$command.fish" " -l $name "
    if [ "$letter" != - ]; then
        has "$command.help" "^  -$letter, --$name"
        has "$command.manual" "^\*-$letter\*, \*--$name\*"
        has "$command.bash" "^-$letter$"
        has "$command.zsh" "{-$letter+\{0,1\},--$name"
        has "$command.fish" " -l $name -s $letter "
    fi
    # What getopt thinks of it: alone, it needs a value, or it does not.
    case $argument in
    - | '['*) wanted="usage: wordmill $command" ;;
    *) wanted="wordmill: option '--$name' needs a value" ;;
    esac
    if [ "$name" = shard ]; then
        wanted="wordmill: --shard without"
    fi
    if [ "$argument" = - ] || [ "$name" = fold-case ] || [ "$name" = header ]; then
        "$WORDMILL" "$command" "--$name" --help >said 2>&1
    else
        "$WORDMILL" "$command" "--$name" >said 2>&1
    fi
    case $(cat said) in
    "$wanted"*) ;;
    *) echo "$command --$name: $(head -n 1 said)" ;;
    esac
done <list

# What users and scripts rely on.
promised() {
    command=$1
    shift
    for name in "$@"; do
        grep -q "^$command $name " list || echo "$command has no --$name"
    done
}
promised count workers partition-size partition-lines fan-in memory spill-dir format key-column \
    value-column delimiter value years by pos strip-pos fold-case match min-count word top sort \
    rank totals shard output output-format on-bad-line max-rejects rejects task-timeout progress \
    stats reporter quiet verbose help
promised sum sorted output output-format sort top word min-count rank workers memory help
promised query prefix output-format help
promised bench partition-sizes partition-lines workers fan-ins runs warmup cold csv json plot help
awk 'length($0) > 80 { print FILENAME ": " $0 }' ./*.help
rm list said bash zsh fish ./*.help ./*.manual ./*.bash ./*.zsh ./*.fish
