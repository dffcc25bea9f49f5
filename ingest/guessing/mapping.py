"""The whole guess: a sample becomes a mapping, as far as it can be told, and what each part of it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.guessing.countries import choose_country, choose_zone
from ingest.guessing.dialect import read_table, says_format
from ingest.guessing.draft import Draft
from ingest.guessing.extras import choose_extras
from ingest.guessing.guess import Guess, Wishes
from ingest.guessing.head import Head
from ingest.guessing.lengths import choose_lengths, take_empty_as_none
from ingest.guessing.moments import choose_start
from ingest.guessing.parties import choose_parties
from ingest.guessing.table import SampleTable
from ingest.mapping.operators import REQUIRED

# Guesses without which calls are other calls: none of them may be unsure when nobody looks.
_NEEDED = frozenset(
    ("delimiter", "header", "caller", "callee", "country", "started", "time format", "duration", "unit of the duration")
)


@dataclass(frozen=True)
class GuessedMapping:
    """What a sample looks like to be: keys of a mapping, guesses with their evidence, columns that mean nothing."""

    keys: dict[str, object]  # as a mapping's YAML has them
    guesses: tuple[Guess, ...]
    table: SampleTable
    left: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every column that calls cannot do without was found."""
        fields = self.keys["fields"]
        return isinstance(fields, dict) and all(name in fields for name in REQUIRED)

    @property
    def doubts(self) -> list[Guess]:
        """The guesses that must be sure, and are not."""
        return [guess for guess in self.guesses if guess.what in _NEEDED and not guess.sure]

    @property
    def questions(self) -> list[Guess]:
        """The guesses that are not sure and that a person can overrule, in the order in which one rests on another."""
        return [guess for guess in self.guesses if guess.option and not guess.sure]


def guess_mapping(head: Head, wishes: Wishes) -> GuessedMapping:
    """Guess the mapping of a sample; what a person wishes comes before every guess.

    Raises GuessError where nothing can be told, and for a wish that is none, as an unknown country.
    """
    draft = Draft(read_table(head, wishes), wishes)
    draft.guesses.extend(draft.table.guesses)
    choose_parties(draft)
    choose_country(draft)
    start = choose_start(draft)
    if start is not None:
        choose_lengths(draft)
    choose_zone(draft, start is not None and start.aware)
    choose_extras(draft)
    take_empty_as_none(draft)
    return GuessedMapping(_keys(draft, head), tuple(draft.guesses), draft.table, tuple(draft.free()))


def _keys(draft: Draft, head: Head) -> dict[str, object]:
    table = draft.table
    keys: dict[str, object] = {name: draft.top[name] for name in ("country", "zone")}
    keys["numbers"] = draft.top.get("numbers", "e164")
    if "withheld" in draft.top:
        keys["withheld"] = draft.top["withheld"]
    if not says_format(head):
        keys["format"] = table.format
    section = {key: value for key, value in table.section.items() if table.format != "tsv" or key != "delimiter"}
    if section:
        keys["csv" if table.format == "tsv" else table.format] = section
    if "only" in draft.top:
        keys["only"] = draft.top["only"]
    order = [*REQUIRED, *(name for name in draft.fields if name not in REQUIRED)]
    keys["fields"] = {name: draft.fields[name] for name in order if name in draft.fields}
    return keys
