"""Tables in markdown and a chart in SVG, out of what compare.py has measured."""
import json
import math
import os
import re
import statistics
from html import escape

from questions import LINES

TITLES = {"polars": "Polars", "duckdb": "DuckDB", "mawk": "mawk, sort"}
COLORS = {"polars": "#3b82c4", "duckdb": "#c98a00", "mawk": "#7a8794"}


def titles(data):
    """With versions."""
    return {name: title + (" " + ".".join(data["how"]["versions"][name].split(".")[:2])
                           if name in data["how"]["versions"] else "")
            for name, title in TITLES.items()}


def number(value):
    """Three digits that say something."""
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}" if 0 < value < 100 else (
        f"{value:.0f}")


def find(row, name):
    return next((p for p in row["programs"] if p["name"] == name and p["seconds"]), None)


def seconds(row, name):
    program = find(row, name)
    return statistics.median(program["seconds"]) if program else None


def times(row, name):
    """How many times as long as wordmill it took; None if one of them has no time."""
    own, other = seconds(row, "wordmill"), seconds(row, name)
    return other / own if own and other else None


def against_best(row):
    return min(filter(None, (times(row, "polars"), times(row, "duckdb"))), default=None)


def print_row(row):
    if "why" in row:
        print(f"  not asked: {row['why']}")
    else:
        print(f"  {row['bytes']:,} bytes, {row['lines']:,} lines")
    for program in row["programs"]:
        name = program["name"]
        if program["seconds"]:
            cpu = statistics.median(program["cpu"])
            ratio = times(row, name)
            print(f"  {name:<10}{number(seconds(row, name)):>8} s "
                  f"({number(min(program['seconds']))} to {number(max(program['seconds']))}, "
                  f"{len(program['seconds'])} runs), CPU {number(cpu)} s, "
                  f"{program['peak_mb']:.0f} MB" + (f", {ratio:.2f} times" if ratio else ""))
        if program["why"]:
            print(f"  {name:<10}{program['why']}")


def cell(row, name, rounds):
    program = find(row, name)
    if not program:
        whys = [p["why"] for p in row["programs"] if p["name"] == name]
        return (whys[0] if whys and whys[0] not in (None, "not asked") else "").replace("|", "/")
    cpu, n_runs = statistics.median(program["cpu"]), len(program["seconds"])
    return (f"{number(seconds(row, name))} ({number(cpu)}, {program['peak_mb']:.0f})"
            + (f" ×{n_runs}" if n_runs < rounds else ""))


def target(row):
    ratio = against_best(row)
    if ratio is None:
        return ""
    return f"**{ratio:.1f}**" + (f" of {row['target']}" if row["target"] else "")


def floor(row):
    return number(seconds(row, "floor")) if seconds(row, "floor") else ""


def table(data):
    names, rounds = titles(data), data["how"]["rounds"]
    lines = ["| question | MB | wordmill | " + " | ".join(names.values()) +
             " | floor | times the better of the two |", "|" + "---|" * (len(names) + 5)]
    for row in data["questions"]:
        if "why" in row:
            lines.append(f"| {row['heading']} | | not asked: {row['why']} |"
                         + " |" * (len(names) + 2))
            continue
        cells = " | ".join(cell(row, name, rounds) for name in ("wordmill", *names))
        lines.append(f"| {row['heading']} | {row['bytes'] / 1e6:,.0f} | {cells} | {floor(row)} | "
                     f"{target(row)} |")
    return "\n".join(lines)


def machine(data):
    how, names = data["how"], titles(data)
    start = ", ".join(f"{names.get(name, name)} {number(value)} s"
                      for name, value in data["start"].items() if name != "floor")
    host = how["machine"]
    text = (f"{host['cpu']}, {host['cores']} cores, {host['memory_mb'] / 1024:.0f} GB, Linux "
            f"{host['kernel']}. {how['workers']} workers or threads. Medians of "
            f"{how['rounds']} runs, or of as many as ×1, ×2 and so on say.")
    if how["lines"] != LINES:
        text += f" All files are {LINES / how['lines']:.1f} times smaller than the questions say."
    if start:
        text += f" In each time is the start of the program: {start}."
    return text


def short_table(data):
    """Of the first question, for README.md."""
    row, names = data["questions"][0], titles(data)
    lines = ["| | seconds | times wordmill |", "|---|---|---|",
             f"| wordmill | {number(seconds(row, 'wordmill'))} | |"]
    lines += [f"| {title.replace(', ', ' and ')} | {number(seconds(row, name))} | "
              f"{times(row, name):.0f} |" for name, title in names.items() if seconds(row, name)]
    return "\n".join(lines)


WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 760, 232, 64, 9, 12, 64


def chart(data):
    """Bars on a logarithmic axis: how many times as long as wordmill each program took. Without
    files so small that the start of a program is all there is."""
    names = titles(data)
    rows = [row for row in data["questions"]
            if row["bytes"] > 100_000 and any(times(row, name) for name in names)]
    largest = max((times(row, name) or 1 for row in rows for name in names), default=10)
    decades = math.ceil(math.log10(largest) * 4 + 0.2) / 4
    height = TOP + sum(3 * BAR + GAP for _ in rows) + 30

    def x(ratio):
        return LEFT + max(0, math.log10(ratio)) / decades * (WIDTH - LEFT - RIGHT)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
           'font-family="system-ui, sans-serif" font-size="12">',
           "<title>How many times as long as wordmill other programs take</title>",
           "<style>text{fill:#24292f}.m{fill:#57606a}.g{stroke:#d0d7de}"
           "@media (prefers-color-scheme:dark){text{fill:#e6edf3}.m{fill:#9198a1}"
           ".g{stroke:#3d444d}}</style>",
           f'<text x="{LEFT}" y="18" font-size="14" font-weight="600">'
           "How many times as long as wordmill</text>"]
    at = LEFT
    for name, title in names.items():
        out.append(f'<rect x="{at}" y="30" width="10" height="10" rx="2" fill="{COLORS[name]}"/>'
                   f'<text class="m" x="{at + 15}" y="39">{escape(title)}</text>')
        at += 24 + 8 * len(title)
    for tick in (t * 10 ** d for d in range(4) for t in (1, 2, 5) if t * 10 ** d <= 10 ** decades):
        out.append(f'<line class="g" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{TOP - 8}" '
                   f'y2="{height - 24}"/><text class="m" x="{x(tick):.1f}" y="{height - 8}" '
                   f'text-anchor="middle">{tick}</text>')
    y = TOP
    for row in rows:
        heading = row["heading"].replace("`", "")
        out.append(f'<text x="{LEFT - 10}" y="{y + 1.5 * BAR + 4:.1f}" text-anchor="end">'
                   f"{escape(heading)}</text>")
        for name in names:
            ratio = times(row, name)
            if ratio:
                out.append(f'<rect x="{LEFT}" y="{y}" width="{x(ratio) - LEFT:.1f}" '
                           f'height="{BAR - 1}" rx="1" fill="{COLORS[name]}"/>'
                           f'<text class="m" font-size="9" x="{x(ratio) + 4:.1f}" y="{y + 7}">'
                           f"{ratio:.1f}</text>")
            y += BAR
        y += GAP
    return "\n".join(out + ["</svg>"]) + "\n"


def renew(path, parts):
    """Puts each text between the lines <!-- NAME --> and <!-- /NAME -->, where path has them."""
    with open(path) as file:
        before = after = file.read()
    for name, text in parts.items():
        after = re.sub(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
                       lambda match, text=text: f"{match[1]}\n{text}\n\n{match[2]}", after,
                       flags=re.DOTALL)
    if after != before:
        with open(path, "w") as file:
            file.write(after)
        print(f"renewed {os.path.basename(path)}")


def renew_all(data, here, root):
    """Tables, chart, and the record that they are made of."""
    parts = {"compare machine": machine(data), "compare table": table(data),
             "compare short": short_table(data)}
    renew(os.path.join(here, "RESULTS.md"), parts)
    renew(os.path.join(root, "README.md"), parts)
    with open(os.path.join(here, "compare.svg"), "w") as file:
        file.write(chart(data))
    with open(os.path.join(here, "compare.json"), "w") as file:
        json.dump(data, file)
        file.write("\n")
