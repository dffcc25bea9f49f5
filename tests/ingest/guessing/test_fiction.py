"""Samples in tests hold nobody's numbers, and still mean the same calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import load_settings
from ingest.guessing.cases import check_cases, write_cases
from ingest.guessing.fiction import Fiction
from ingest.guessing.head import read_head
from ingest.guessing.mapping import guess_mapping
from ingest.guessing.sample_file import MOST_ROWS, fictional_sample, sample_name
from ingest.guessing.trial import try_guess
from ingest.guessing.yaml_text import mapping_text
from ingest.values.numbers import normalise
from tests.ingest.guessing.invented import KINDS, OPAQUE, Kind, calls

NUMBERS = st.from_regex(r"\A(\+91|0)?[6-9][0-9]{9}\Z")


@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_numbers_keep_shape_prefix_and_who_is_who(texts: list[str]) -> None:
    fiction = Fiction("IN", opaque=False)
    changed = [fiction.value("caller", text) for text in texts]
    assert [len(text) for text in changed] == [len(text) for text in texts]
    assert [text[:-6] for text in changed] == [text[:-6] for text in texts]
    people = [normalise(text, "IN").text for text in texts]
    others = [normalise(text, "IN").text for text in changed]
    assert len(set(zip(people, others, strict=True))) == len(set(people))


@pytest.mark.parametrize("text", ["", "anonymous", "100", "000000000", "12345"])
def test_what_is_nobody_stays(text: str) -> None:
    assert Fiction("IN", opaque=False).value("callee", text) == text


def test_what_is_not_read_is_emptied() -> None:
    assert Fiction("IN", opaque=False).value(None, "Alice, 12 Main Street") == ""


def test_addresses_lose_their_hosts() -> None:
    changed = Fiction("IN", opaque=False).value("caller", '"Alice" <sip:+919876543210@198.51.100.7;user=phone>')
    assert changed.startswith("sip:+91987")
    assert "Alice" not in changed
    assert "198.51" not in changed


@pytest.mark.parametrize("kind", [*KINDS, OPAQUE], ids=lambda kind: kind.name)
def test_the_tests_of_a_mapping_hold_no_number_of_the_sample(kind: Kind, tmp_path: Path) -> None:
    given_calls = calls(MOST_ROWS + 20)
    file = tmp_path / kind.file
    file.write_bytes(kind.made_of(given_calls))
    found = guess_mapping(read_head(file), kind.wishes)
    text = mapping_text("mine", file.name, found)
    content = fictional_sample(found)
    trial = write_cases(tmp_path / "mine", "mine", text, (sample_name(found), content), load_settings())
    assert trial.report.accepted == MOST_ROWS
    written = {number for column in ("caller", "callee") for number in trial.calls[column].to_pylist()}
    assert not written & {number for call in given_calls for number in (call.caller, call.callee)}
    assert try_guess("mine", text, read_head(file), found.table, load_settings()).report.accepted == len(given_calls)
    assert check_cases(tmp_path / "mine", "mine", text, load_settings()) == []


def test_a_mapping_that_reads_otherwise_is_found_out(tmp_path: Path) -> None:
    kind = next(kind for kind in KINDS if kind.name == "month first")
    file = tmp_path / kind.file
    file.write_bytes(kind.made_of(calls()))
    found = guess_mapping(read_head(file), kind.wishes)
    text = mapping_text("mine", file.name, found)
    write_cases(tmp_path / "mine", "mine", text, (sample_name(found), fictional_sample(found)), load_settings())
    told = check_cases(tmp_path / "mine", "mine", text.replace("unit: ms", "unit: us"), load_settings())
    assert any("talk_ms" in line for line in told)
    other = check_cases(tmp_path / "mine", "mine", text.replace("%m/%d", "%d/%m"), load_settings())
    assert any("started_malformed" in line for line in other)
