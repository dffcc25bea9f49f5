"""Mappings say all their faults at once, and the shipped ones are whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from configs import ConfigError, operator_names, validated
from ingest.mapping.operators import Operator, load_operator

WHOLE: dict[str, Any] = {
    "name": "test",
    "country": "IN",
    "zone": "Asia/Kolkata",
    "numbers": "e164",
    "fields": {
        "caller": {"from": "A"},
        "callee": {"from": "B"},
        "started": {"from": "T"},
        "talk_ms": {"from": "D", "unit": "ms"},
    },
}


def faults_of(**changes: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        validated(Operator, {**WHOLE, **changes}, "operators/test.yaml")
    return str(caught.value)


@pytest.mark.parametrize("name", operator_names())
def test_shipped_mappings_are_whole(name: str) -> None:
    operator = load_operator(name)
    assert operator.name == name
    assert len(operator.digest) == 64


def test_another_mapping_has_another_digest() -> None:
    first = validated(Operator, WHOLE, "test")
    assert first.digest == validated(Operator, WHOLE, "test").digest
    assert first.digest != validated(Operator, {**WHOLE, "zone": "UTC"}, "test").digest


def test_source_names_are_folded() -> None:
    assert validated(Operator, WHOLE, "test").fields["caller"].sources == ("a",)


def test_all_faults_are_told_at_once() -> None:
    told = faults_of(country="XX", zone="Mars/Olympus", numbers="guess", csv={"delimiter": ";;"}, colour="red")
    for key in ("country", "zone", "numbers", "csv.delimiter", "colour"):
        assert f"operators/test.yaml: {key}:" in told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"caller": {"from": "A"}}, "callee is missing; started is missing; talk_ms is missing"),
        ({**WHOLE["fields"], "call_key": {"from": "K"}}, "call_key is no column that is read"),
        ({**WHOLE["fields"], "cell": {"from": "a", "constant": "b"}}, "either `from` or `constant`"),
        ({**WHOLE["fields"], "cell": {"from": "a", "regex": "x("}}, "no regular expression"),
        ({**WHOLE["fields"], "cell": {"from": "a", "regex": "x"}}, "must have a group"),
        ({**WHOLE["fields"], "cell": {"from": "a", "regex": "[(]x"}}, "must have a group"),
        ({**WHOLE["fields"], "cell": {"from": "a", "join": "-"}}, "needs more than one source"),
        ({**WHOLE["fields"], "talk_ms": {"from": "a", "minus": "b", "until": "c"}}, "either `minus` or `until`"),
        ({**WHOLE["fields"], "caller": {"from": "A", "country": "XX"}}, "no country"),
        ({**WHOLE["fields"], "started": {"from": "T", "zone": "Mars/Olympus"}}, "no IANA time zone"),
        ({**WHOLE["fields"], "caller": {"from": "A", "optional": True}}, "caller is missing"),
        ({**WHOLE["fields"], "started": {"from": "T", "format": "%Y"}}, "time format"),
        ({**WHOLE["fields"], "caller": {"from": ""}}, "caller.from"),
    ],
)
def test_faults_of_fields(fields: dict[str, Any], told: str) -> None:
    assert told in faults_of(fields=fields)


def test_delimiter_and_quote_differ() -> None:
    assert "must differ" in faults_of(csv={"delimiter": '"'})


def test_an_unknown_operator_is_told_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"generic.*vast2008"):
        load_operator("nobody")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"country: IN\nzone: UTC\ncountry: LK\n", "key country is there twice"),
        (b"fields: {caller: {from: a, from: b}}", "key from is there twice"),
        ("country: Ä".encode("latin-1"), r"mine\.yaml: not UTF-8"),
        (b"[" * 5000, "not YAML"),
        (b"a: [1", "not YAML"),
        (b"- a", "keys and values"),
    ],
)
def test_what_is_no_mapping_at_all(tmp_path: Path, written: bytes, told: str) -> None:
    (tmp_path / "mine.yaml").write_bytes(written)
    with pytest.raises(ConfigError, match=told):
        load_operator("mine", tmp_path)
