"""Which column of a file is which canonical column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.operators import READABLE, Operator, fold
from ingest.rejection import RejectedError


@dataclass(frozen=True)
class Header:
    """Places of the columns that are read, by canonical name, and the names that mean nothing to the mapping."""

    places: dict[str, int]
    unknown: tuple[str, ...]


def resolve(names: Sequence[str], operator: Operator) -> Header:
    """Find the columns of a mapping among a file's column names, trimmed and case-folded.

    Raises RejectedError where a needed column is missing, a name is there twice, or two columns say the same. Columns
    without a name are no names.
    """
    folded = [fold(name) for name in names]
    wanted = {name: field.source for name, field in operator.fields.items()}
    _check_needed(folded, operator)
    _check_doubled(folded, operator)
    own = {name: name for name in READABLE if operator.own_names and wanted.get(name) not in folded}
    own = {name: source for name, source in own.items() if name not in wanted or operator.fields[name].optional}
    sources = {name: source for name, source in {**wanted, **own}.items() if source in folded}
    known = set(sources.values())
    places = {name: folded.index(source) for name, source in sources.items()}
    return Header(places, tuple(name for name in folded if name not in known))


def _check_doubled(folded: Sequence[str], operator: Operator) -> None:
    doubled = sorted(name for name, count in Counter(folded).items() if name and count > 1)
    if doubled:
        raise RejectedError(
            "column_doubled", f"there is more than one column {', '.join(doubled[:5])}; leave one of each name"
        )
    sources = {field.source for field in operator.fields.values()}
    own = set(folded) - sources if operator.own_names else set()
    twice = [f"{f.source} and {name}" for name, f in operator.fields.items() if name in own and f.source in folded]
    if twice:
        raise RejectedError("column_doubled", f"{', '.join(twice)} say the same; leave one column of each")


def _check_needed(folded: Sequence[str], operator: Operator) -> None:
    needed = [field.source for field in operator.fields.values() if not field.optional]
    missing = [source for source in needed if source not in folded]
    if len(missing) == len(needed):
        raise RejectedError(
            "header_missing",
            f"the first line is no header of operator {operator.name}; it must name {', '.join(needed)}",
        )
    if missing:
        raise RejectedError(
            "column_missing",
            f"column {', '.join(missing)} of operator {operator.name} is missing; add it or name the right --operator",
        )
