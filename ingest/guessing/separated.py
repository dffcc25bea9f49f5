"""Separated values: which character stands between fields, which around them, and whether names come first."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.guessing.guess import Guess, GuessError, Wishes
from ingest.guessing.head import BOM, Head
from ingest.guessing.table import MOST_ROWS, SampleTable, share
from ingest.guessing.times import is_time
from ingest.guessing.values import is_clock, is_number, is_seconds
from ingest.guessing.words import meanings
from ingest.mapping.dialects import fold

_DELIMITERS = (",", ";", "\t", "|", "^", "~")
_LEAST_FIELDS = 4  # a call has four columns
_LEAST_SHARE = 0.8  # of the lines must have equally many fields
_TRIED_LINES = 500
SHOWN = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe", " ": "space"}


@dataclass(frozen=True)
class _Cut:
    """Rows as one delimiter and quote cut them."""

    delimiter: str
    quote: str
    width: int
    alike: float  # share of the rows that have `width` fields

    @property
    def fits(self) -> bool:
        return self.width >= _LEAST_FIELDS and self.alike >= _LEAST_SHARE


def read_separated(head: Head, wishes: Wishes) -> SampleTable | None:
    """Give a sample of separated values as a table; None where no delimiter cuts it into equal rows."""
    text = head.lines.removeprefix(BOM).decode("utf-8", "replace")
    lines = [line for line in text.splitlines()[:_TRIED_LINES] if line]
    cuts = _cuts(lines, _said(wishes.delimiter))
    if not cuts:
        return None
    cut = cuts[0]
    rows = rows_of(text, cut.delimiter, cut.quote)[:MOST_ROWS]
    has_header, header = _header(rows, wishes.header)
    names = _names(rows, cut.width, has_header)
    body = rows[1:] if has_header else rows
    section, width = _section(cut, names, has_header, body)
    whole_rows = [row + [""] * (len(names) - len(row)) for row in body if width <= len(row) <= len(names)]
    if not whole_rows:
        raise GuessError("the sample has a header but no rows; take a file with some hundred records")
    columns = {name: [row[place] for row in whole_rows] for place, name in enumerate(names) if name}
    return SampleTable(
        "tsv" if cut.delimiter == "\t" and head.suffix == ".tsv" else "csv",
        section, columns, head.lines, head.whole, has_header, (_delimiter(cuts, wishes), header),
    )  # fmt: skip


def _said(wish: str | None) -> str | None:
    """Give the delimiter that a person named by the character or by its name."""
    character = {name: mark for mark, name in SHOWN.items()}.get(wish or "", "\t" if wish == "\\t" else wish)
    if character is not None and not (len(character) == 1 and (character == "\t" or " " <= character <= "~")):
        raise GuessError(f"--delimiter: {wish!r} is no single character; write one, or {', '.join(SHOWN.values())}")
    return character


def rows_of(text: str, delimiter: str, quote: str) -> list[list[str]]:
    """Give the rows of separated values that are not empty."""
    csv.field_size_limit(max(len(text) + 1, csv.field_size_limit()))  # of the whole process: it may only grow
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quotechar=quote)
    return [row for row in reader if row]


def _cuts(lines: Sequence[str], delimiter: str | None) -> list[_Cut]:
    """Give the delimiters that cut lines into equal rows, those that give most fields first."""
    tried = [_cut(lines, mark, quote) for mark in ([delimiter] if delimiter else _DELIMITERS) for quote in "\"'"]
    fitting = [cut for cut in tried if cut.fits or delimiter]
    best = sorted(fitting, key=lambda cut: (-round(cut.width * cut.alike, 6), cut.quote != '"'))
    seen: dict[str, _Cut] = {}
    for cut in best:
        seen.setdefault(cut.delimiter, cut)
    return list(seen.values())


def _cut(lines: Sequence[str], delimiter: str, quote: str) -> _Cut:
    used = quote == '"' or sum(quote in line for line in lines) > len(lines) / 2
    counts = Counter(len(row) for row in rows_of("\n".join(lines), delimiter, quote)) if used else Counter[int]()
    width, times = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return _Cut(delimiter, quote, width, share(times, counts.total()))


def _delimiter(cuts: Sequence[_Cut], wishes: Wishes) -> Guess:
    cut = cuts[0]
    others = tuple(other.delimiter for other in cuts[1:] if other.width * 2 >= cut.width)
    evidence = f"{cut.alike:.0%} of the lines have {cut.width} fields"
    if wishes.delimiter:
        evidence = f"as you said; {evidence}"
    return Guess("delimiter", SHOWN.get(cut.delimiter, cut.delimiter), not others, evidence, "delimiter", others)


def _header(rows: Sequence[Sequence[str]], wished: bool | None) -> tuple[bool, Guess]:
    first = [name.strip() for name in rows[0]]
    known = sum(bool(meanings(name)) for name in first)
    values = sum(is_value(name) for name in first)
    if wished is not None:
        return wished, Guess("header", _yes(wished), True, "as you said", "header")
    if values:
        return False, Guess("header", "no", True, f"the first line holds {values} numbers or times", "header")
    below = sum(is_value(value) for value in rows[1]) if len(rows) > 1 else 0
    sure = known >= 2
    evidence = f"{known} names of the first line are known, and {below} values of the second are numbers or times"
    return sure or below > 0, Guess("header", _yes(sure or below > 0), sure or below > 1, evidence, "header")


def is_value(text: str) -> bool:
    """Whether a text is a number, a length of time or a time, and so no name of a column."""
    return is_number(text) or is_seconds(text) or is_clock(text) or is_time(text)


def _yes(truth: bool) -> str:
    return "yes" if truth else "no"


def _names(rows: Sequence[Sequence[str]], width: int, has_header: bool) -> list[str]:
    if not has_header:
        return [f"column{place}" for place in range(1, _widest(rows, width) + 1)]
    names = [fold(name) for name in rows[0]]
    doubled = sorted(name for name, count in Counter(names).items() if name and count > 1)
    if doubled:
        raise GuessError(f"more than one column is called {', '.join(doubled[:5])}; leave one of each name")
    return names


def _widest(rows: Sequence[Sequence[str]], width: int) -> int:
    counts = Counter(map(len, rows))
    return max(size for size, count in counts.items() if count >= max(2, len(rows) / 20) or size == width)


def _section(
    cut: _Cut, names: Sequence[str], has_header: bool, body: Sequence[Sequence[str]]
) -> tuple[dict[str, object], int]:
    """Give the section `csv` of the mapping, and how many fields a row has at least."""
    section: dict[str, object] = {}
    if cut.delimiter != ",":
        section["delimiter"] = cut.delimiter
    if cut.quote != '"':
        section["quote"] = cut.quote
    least = len(names)
    if not has_header:
        section["header"] = list(names)
        counts = Counter(map(len, body))
        least = min(size for size, count in counts.items() if count >= max(2, len(body) / 20) or size == cut.width)
        if least < len(names):
            section["least_fields"] = least
    return section, least
