#!/bin/sh
# --report: one page that needs nothing else. What others wrote is escaped.
command -v gnuplot >/dev/null || exit 77
"$GENERATE" --lines 20000 >'<b>&"in'
"$WORDMILL" bench -q -p 16K,64K -j 1,2 --runs 6 --report page.html --markdown page.md '<b>&"in' >text
echo "exit $?"
head -n 1 page.html
grep -c '^</html>' page.html
grep -o '<h[12]>[^<]*' page.html | grep -v 'law'
grep -c '<b>' page.html
grep -o '&lt;b&gt;&amp;&quot;in' page.html | head -n 1
# Nothing is fetched; a table has as many rows as there are configurations, and titles.
grep -Eo '(src|href)="[a-z]*:[a-z/+]*' page.html | sort -u
grep -Eo '(url|import|fetch)\(' page.html
grep -c '<tr class=' page.html
grep '<pre>' page.html
grep -c '^| ' page.md
# Without gnuplot it has no pictures, and that is said.
PATH=/nowhere "$WORDMILL" bench -q -j 0 --runs 1 --report page.html '<b>&"in' >text
echo "exit $?"
grep -c '<img' page.html
rm '<b>&"in' page.html page.md text
