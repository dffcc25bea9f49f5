"""Files of many kinds, from the sample to the calls: what is guessed reads back what was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from configs import load_settings
from ingest.guessing.guess import Wishes
from ingest.guessing.head import read_head
from ingest.guessing.mapping import GuessedMapping, guess_mapping
from ingest.guessing.trial import Trial, try_guess
from ingest.guessing.yaml_text import mapping_text
from tests.ingest.guessing.invented import KINDS, OPAQUE, Kind, calls


def guessed(kind: Kind, folder: Path, wishes: Wishes | None = None) -> tuple[Path, GuessedMapping]:
    file = folder / kind.file
    file.write_bytes(kind.made_of(calls()))
    return file, guess_mapping(read_head(file), wishes or kind.wishes)


def tried(file: Path, found: GuessedMapping) -> Trial:
    text = mapping_text("tried", file.name, found)
    return try_guess("tried", text, read_head(file), found.table, load_settings())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_call_is_read_as_it_was_written(kind: Kind, tmp_path: Path) -> None:
    file, found = guessed(kind, tmp_path)
    assert found.doubts == []
    trial = tried(file, found)
    rows = trial.calls.select(["caller", "callee", "started", "talk_ms"]).to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == sorted(call.truth for call in calls())
    assert trial.report.status == "COMPLETED"
    assert set(kind.maps) <= set(found.keys["fields"])  # type: ignore[call-overload]  # a mapping by name


def test_opaque_ids_stay_as_they_are(tmp_path: Path) -> None:
    file, found = guessed(OPAQUE, tmp_path)
    assert found.keys["numbers"] == "opaque"
    assert tried(file, found).report.accepted == len(calls())


def test_the_format_is_written_only_where_the_name_does_not_say_it(tmp_path: Path) -> None:
    by_name = {kind.name: kind for kind in KINDS}
    assert guessed(by_name["no suffix"], tmp_path)[1].keys["format"] == "csv"
    assert "format" not in guessed(by_name["semicolons"], tmp_path)[1].keys


@pytest.mark.parametrize("name", ["no header", "no suffix", "two callees", "fixed"])
def test_what_no_value_can_tell_is_said_to_be_unsure(name: str, tmp_path: Path) -> None:
    kind = next(kind for kind in KINDS if kind.name == name)
    found = guessed(kind, tmp_path, Wishes(country="IN"))[1]
    assert {"caller", "callee"} & {doubt.what for doubt in found.doubts}


def test_national_numbers_of_many_countries_need_a_word(tmp_path: Path) -> None:
    kind = next(kind for kind in KINDS if kind.name == "epochs")
    country = next(g for g in guessed(kind, tmp_path, Wishes())[1].guesses if g.what == "country")
    assert country.guess == "IN" or not country.sure
