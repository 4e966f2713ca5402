#!/bin/sh
# A year without a total is an error that lists the years, whatever lines are added up by; and
# total-count files may be packed, or have a header, a byte order mark, CRs or commas.
printf 'selfie\t2008,4,2\t2013,900,80\t2019,90,8\ncat\t2008,1,1\n' >v3
printf 'selfie\t2008\t4\t2\nselfie\t2013\t900\t80\nselfie\t2019\t90\t8\ncat\t2008\t1\t1\n' >v2
printf ' \t2007,1000000,900,30\t2008,2000000,1000,40\t' >short
for file in v3 v2; do
    for by in word year decade; do
        "$WORDMILL" count --by $by --totals short $file
        "$WORDMILL" count --by $by --totals short --years 2000-2010 $file
    done
    cat $file | "$WORDMILL" count -j 0 --totals short
    "$WORDMILL" count --by year --totals short -w cat $file
done
printf 'w\t%d,1,1\n' 1500 1501 1502 2009 12000 | "$WORDMILL" count --totals short
awk 'BEGIN { for (y = 1000; y < 2000; y += 2) printf "w\t%d\t1\t1\n", y }' | "$WORDMILL" count --totals short

echo "other forms of the file"
printf 'year,match_count,page_count,volume_count\r\n2007,1000000,900,30\r\n2008,2000000,1000,40\r\n' >commas
printf 'year\tmatches\tpages\tvolumes\n2007\t1000000\t900\t30\n2008\t2000000\t1000\t40\n' >lines
printf '\357\273\277' | cat - commas >marked
gzip -c commas >commas.gz
gzip -c short >short.gz
"$WORDMILL" count --years 2000-2010 --by year --totals short v3 >expected
cat expected
for file in commas lines marked commas.gz short.gz; do
    "$WORDMILL" count --years 2000-2010 --by year --totals $file v3 | cmp - expected
done
head -c 30 short.gz >damaged
"$WORDMILL" count --totals damaged v3
head -c 3000000 /dev/zero | gzip -c >bomb
"$WORDMILL" count --totals bomb v3
"$WORDMILL" count --by decade --years 2007-2008 --totals short v3
"$WORDMILL" count --by decade --years 2008-2008 --totals short v3
rm -- *
