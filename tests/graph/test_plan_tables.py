"""Tables of ranges and tariffs: what is shipped, what an operator lays over it, and what numbers then are."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from configs import ConfigError
from configs.plan_tables import TABLES, load_plans
from graph.features.destinations import Destinations, destinations
from graph.snapshot import NUMBERS

TARIFFS = """
source: price list
date: 2026-05-01
currency: EUR
per_minute: {"+44": 0.5, "+447": 0.25, "+4470": null}
"""


def _own(folder: Path, name: str, text: str) -> Path:
    (folder / "plans").mkdir(exist_ok=True)
    (folder / "plans" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def _known(numbers: list[str], home: Path | None = None, line_type: str | None = "mobile") -> Destinations:
    kinds = ["e164" if number.startswith("+") else "short" for number in numbers]
    rows = [
        {"operator": "o", "number": n, "kind": k, "line_type": line_type, "first_seen": 0, "last_seen": 0}
        for n, k in zip(numbers, kinds, strict=True)
    ]
    return destinations(pa.Table.from_pylist(rows, schema=NUMBERS), load_plans(home))


def test_shipped_tables_name_source_and_date() -> None:
    plans = load_plans()
    assert plans.tariffs is None
    for table in (plans.high_risk, plans.unallocated):
        assert table.source
        assert table.date.year >= 2016
        assert table.ranges


def test_numbers_kept_for_fiction_are_nobodys() -> None:
    numbers = ["+12125550123", "+18005550150", "+18005550199", "+12125550223", "+447700900123", "+447700800123", "112"]
    assert _known(numbers).is_unallocated.tolist() == [True, False, True, False, True, False, False]


def test_what_fits_no_plan_is_nobodys() -> None:
    assert _known(["+999123", "112"], line_type=None).is_unallocated.tolist() == [True, False]


def test_premium_lines_and_global_codes_are_of_high_risk() -> None:
    assert _known(["+97912345678", "+88161234567", "+447712345678"]).is_high_risk.tolist() == [True, True, False]
    assert _known(["+447712345678"], line_type="premium_rate").is_high_risk.tolist() == [True]


def test_an_own_table_adds_and_takes_out(tmp_path: Path) -> None:
    home = _own(tmp_path, "high_risk", 'ranges: {"+224?8": hot last month, "+881": null, "+2249899": null}')
    found = _known(["+2249812345", "+2249899345", "+2249712345", "+88161234567", "+97912345678"], home)
    assert found.is_high_risk.tolist() == [True, False, False, False, True]
    assert load_plans(home).high_risk.source == load_plans().high_risk.source


def test_the_longest_tariff_counts(tmp_path: Path) -> None:
    found = _known(
        ["+441234567890", "+447123456789", "+447012345678", "+33123456789", "112"], _own(tmp_path, "tariffs", TARIFFS)
    )
    assert found.has_tariffs
    assert found.price.tolist() == [500_000, 250_000, 250_000, 0, 0]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("tariffs", "currency: EUR", "tariffs.yaml: source: Field required"),
        ("tariffs", TARIFFS.replace("EUR", "euro"), "tariffs.yaml: currency: "),
        ("tariffs", TARIFFS.replace("0.25", "-1"), r"per_minute.\+447: "),
        ("tariffs", TARIFFS.replace('"+44"', '"+44?"'), r"per_minute.\+44\?"),
        ("high_risk", "ranges: {'0044': no plus}", "high_risk.yaml: ranges.0044"),
        ("high_risk", "ranges: {+979: not in quotes}", "high_risk.yaml: ranges.979"),
        ("high_risk", "hot: {}", "high_risk.yaml: hot: Extra inputs"),
        ("hot", "ranges: {}", "no such table; there are: " + ", ".join(TABLES)),
    ],
)
def test_faults_are_named_with_file_and_key(tmp_path: Path, name: str, text: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault):
        load_plans(_own(tmp_path, name, text))
