#!/bin/sh
# The page of --report in a browser: tables sort, nothing is wider than a phone, pictures load.
for browser in chromium-headless-shell chromium; do
    command -v $browser >/dev/null && break
    browser=
done
if [ -z "$browser" ] || ! command -v gnuplot >/dev/null; then
    echo "skipped: no chromium, or no gnuplot"
    exit 77
fi
HOME=$PWD/home
TMPDIR=$PWD/home
export HOME TMPDIR
mkdir home
"$GENERATE" --lines 20000 >in
"$WORDMILL" bench -q -p 4K,16K,64K -j 1,2 --runs 3 --report page.html in >text
# What a reader would do, and what is seen then, as the title of the page.
cat >>page.html <<'END'
<script>
window.onload = () => {
  const table = document.querySelector('table');
  const column = name => [...table.querySelectorAll('th')].findIndex(th => th.textContent === name);
  const cells = i => [...table.tBodies[0].rows].map(row => parseFloat(row.cells[i].textContent));
  const is_up = list => list.every((x, i) => i === 0 || list[i - 1] <= x);
  const click = name => table.querySelectorAll('th')[column(name)].querySelector('button').click();
  const said = [];
  click('parts');
  said.push(is_up(cells(column('parts'))));
  click('parts');
  said.push(is_up(cells(column('parts')).reverse()));
  click('median');
  said.push(is_up(cells(column('median'))));
  said.push([...document.images].every(image => image.complete && image.naturalWidth > 0), document.images.length);
  said.push(document.documentElement.scrollWidth <= window.innerWidth);
  document.title = 'seen: ' + said.join(' ');
};
</script>
END
for size in 1000,800 390,800; do
    "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$PWD/home/data" \
        --window-size=$size --virtual-time-budget=5000 --dump-dom "file://$PWD/page.html" 2>/dev/null |
        grep -o '<title>seen[^<]*'
done
rm -r home in page.html text
