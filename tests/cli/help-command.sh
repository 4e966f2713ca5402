#!/bin/sh
# 'wordmill help COMMAND' has man show the page that is beside the command, wherever that is; without
# a page, or without man, it prints what COMMAND --help prints.
folder=$(dirname "$WORDMILL")/engine/man
[ -e "$folder/man1/wordmill-count.1" ] || exit 77
shown() {
    cmp "$1" - && echo "$2"
}
for command in count sum query bench; do
    "$WORDMILL" "$command" --help >"$command.help"
done
"$WORDMILL" --help >all.help

mkdir -p bin none
# A man that says what it is to show.
cat >bin/man <<'END'
#!/bin/sh
echo "man $*"
for file in "${MANPATH%%:*}/man$1/$2.$1"*; do
    case $file in
    *.gz) gzip -dc "$file" ;;
    *) cat "$file" ;;
    esac
done | sed -n 's,^\.TH,page,p'
echo "then ${MANPATH#*:}"
END
chmod +x bin/man
for command in count sum query bench; do
    PATH=$PWD/bin:$PATH "$WORDMILL" help "$command" | sed 's/ "2.*//'
    PATH=$PWD/none "$WORDMILL" help "$command" | shown "$command.help" "no man, $command"
done
MANPATH=/elsewhere PATH=$PWD/bin:$PATH "$WORDMILL" help sum | tail -n 1

cp "$WORDMILL" bin/wordmill
PATH=$PWD/bin:$PATH bin/wordmill help count | shown count.help "no page"
mkdir -p share/man/man1
gzip -nc "$folder/man1/wordmill-count.1" >share/man/man1/wordmill-count.1.gz
PATH=$PWD/bin:$PATH bin/wordmill help count | sed 's/ "2.*//'

for arguments in help 'help --help' 'help -h'; do
    # shellcheck disable=SC2086
    "$WORDMILL" $arguments | shown all.help "$arguments"
done
"$WORDMILL" help cuont
echo "exit $?" >&2
"$WORDMILL" help count sum
echo "exit $?" >&2
rm -r bin none share ./*.help
