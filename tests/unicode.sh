#!/bin/sh
# The committed tables are what the script makes of the database, if that is of their version.
cd "$(dirname "$0")/.." || exit 1
database=/usr/share/unicode
[ -r $database/auxiliary/WordBreakProperty.txt ] && command -v python3 >/dev/null || exit 77
version=$(sed -n 's/.*unicode_version\[\] = "\(.*\)";/\1/p' common/text/unicode_tables.c)
head -n 1 $database/auxiliary/WordBreakProperty.txt | grep -qF -- "-$version.txt" || exit 77
python3 common/text/unicode_tables.py $database | cmp - common/text/unicode_tables.c
