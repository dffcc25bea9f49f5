"""Which column of a file is which source of a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.mapping.dialects import fold
from ingest.mapping.operators import Operator
from ingest.rejection import RejectedError


@dataclass(frozen=True)
class Header:
    """Places of the columns that are read, by source name, and the names that mean nothing to the mapping."""

    places: dict[str, int]
    unknown: tuple[str, ...]


def resolve(names: Sequence[str], operator: Operator) -> Header:
    """Find the sources of a mapping among a file's column names, trimmed and case-folded.

    Raises RejectedError where a needed column is missing, a name is there twice, or two columns say the same. Columns
    without a name are no names.
    """
    folded = [fold(name) for name in names]
    check_needed(folded, operator)
    check_doubled(folded, operator)
    places = {name: place for place, name in enumerate(folded) if name in operator.sources}
    return Header(places, tuple(name for name in folded if name not in places))


def check_needed(folded: Sequence[str], operator: Operator) -> None:
    """Raise RejectedError where sources that calls cannot do without are not among a file's folded names."""
    missing = operator.missing(frozenset(folded))
    if missing and missing == operator.missing(frozenset()):
        raise RejectedError(
            "header_missing",
            f"the first line is no header of operator {operator.name}; it must name {', '.join(missing)}",
        )
    if missing:
        raise RejectedError(
            "column_missing",
            f"column {', '.join(missing)} of operator {operator.name} is missing; add it or name the right --operator",
        )


def check_doubled(folded: Sequence[str], operator: Operator) -> None:
    """Raise RejectedError where a folded name is there twice, or two names say the same."""
    doubled = sorted(name for name, count in Counter(folded).items() if name and count > 1)
    if doubled:
        raise RejectedError(
            "column_doubled", f"there is more than one column {', '.join(doubled[:5])}; leave one of each name"
        )
    if not operator.own_names:
        return
    sources = {source for field in operator.fields.values() for source in field.all_sources}
    own = set(folded) - sources
    twice = [
        f"{source} and {name}"
        for name, field in operator.fields.items()
        for source in field.sources
        if name in own and source in folded
    ]
    if twice:
        raise RejectedError("column_doubled", f"{', '.join(twice)} say the same; leave one column of each")
