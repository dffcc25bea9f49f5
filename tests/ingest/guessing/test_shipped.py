"""Samples of the shipped mappings: what is guessed of them without doubt is what their authors wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from configs import operator_names
from ingest.guessing.guess import GuessError, Wishes
from ingest.guessing.head import read_head
from ingest.guessing.mapping import GuessedMapping, guess_mapping
from ingest.mapping.operators import Operator, load_operator
from tests.repository import ROOT

SAMPLES = sorted(
    path
    for name in operator_names()
    for path in (ROOT / "tests" / "operators" / name).iterdir()
    if path.name not in ("expected.csv", "rejected.json")
)
WHAT = {"caller": "caller", "callee": "callee", "started": "started", "talk_ms": "duration"}


def guessed(path: Path) -> GuessedMapping | None:
    try:
        return guess_mapping(read_head(path), Wishes())
    except GuessError:
        return None


def column(found: GuessedMapping, shipped: Operator, name: str) -> list[str]:
    """The values of a column that the shipped mapping names, which lists the names where the file has none."""
    listed = shipped.csv.header
    if not found.table.named and listed is not True and name in listed:
        name = f"column{listed.index(name) + 1}"
    return list(found.table.columns.get(name, ()))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_is_sure_is_what_the_shipped_mapping_says(path: Path) -> None:
    found, shipped = guessed(path), load_operator(path.parent.name)
    if found is None or shipped.pairs is not None:  # records of which two make a call are never guessed
        assert found is None or not found.is_whole
        return
    fields = found.keys["fields"]
    assert isinstance(fields, dict)
    sure = {guess.what for guess in found.guesses if guess.sure and guess.guess}
    if path.suffix == ".json":
        sure.discard("started")  # a record of FreeSWITCH says its start as a text and as three counts since 1970
    for canonical, what in WHAT.items():
        if what in sure and "until" not in fields.get(canonical, {"until": ""}):
            sources = fields[canonical]["from"]
            meant = [column(found, shipped, name) for name in shipped.fields[canonical].all_sources]
            for source in [sources] if isinstance(sources, str) else sources:
                assert list(found.table.columns[source]) in meant


def test_most_samples_are_read() -> None:
    assert sum(guessed(path) is not None for path in SAMPLES) >= 10
