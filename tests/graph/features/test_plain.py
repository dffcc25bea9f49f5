"""Every feature beyond the first groups against the plainest possible code, on a world with everything on record."""

from __future__ import annotations

import random
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from configs.plan_tables import Plans, Tariffs, load_plans
from graph.features.catalogue import FEATURES
from graph.tables import SnapshotTables
from graph.windows import DAY, HOUR, MINUTE, iso
from tests.graph.calls import MAY, Row, call, features_of, tables_of
from tests.graph.features.plain import PLAIN, PREMIUM, PRICES, World

FIRST_GROUPS = ("traffic", "reach", "rhythm", "lines", "places", "pairs", "neighbours")  # test_values.py has these
BLOCK = [f"+9198123450{at:02}" for at in range(14)]
NUMBERS = [*BLOCK, f"{PREMIUM}000", f"{PREMIUM}001", "+441632960001", "+97912345678", "+912", "112"]
ROWS = 700


def plans() -> Plans:
    tariffs = Tariffs(source="made up", date=date(2026, 1, 1), currency="EUR", per_minute=dict(PRICES))
    return load_plans().model_copy(update={"tariffs": tariffs})


def rows(seed: int = 5) -> list[Row]:
    """Calls close together in a few evening hours of the last three days, so that they meet and follow each other."""
    chance = random.Random(seed)
    return [_row(chance, str(at)) for at in range(ROWS)]


def _row(chance: random.Random, record: str) -> Row:
    at = chance.randrange(10)
    caller = BLOCK[at]
    device = chance.choice(("d1", "d2", "d3", None))
    started = MAY.end - chance.choice((1, 2, 3)) * DAY + 21 * HOUR + chance.randrange(140, 320) * MINUTE // 4
    kind = chance.choices(("voice", "sms", "forward"), (8, 1, 1))[0]
    return call(
        caller,
        chance.choice((*NUMBERS[at % 3 :: 3], caller)),
        iso(started),
        0 if kind == "sms" else chance.choice((0, 0, 4, 40, 400)),
        ring=chance.choice((None, 0, 1, 7)),
        kind=kind,
        imei=device,
        imsi=device and chance.choice((f"s{device}", "s", None)),
        cell=chance.choice(("c1", "c2", "c2", None)),
        trunk_in=chance.choice(("t1", "t2", None)),
        trunk_out=chance.choice(("t3", "t1", None)),
        forwarded_to=chance.choice(BLOCK[8:]) if kind == "forward" or chance.random() < 0.05 else None,
        record_id=record,
    )


@cache
def _tables(folder: Path) -> SnapshotTables:
    return tables_of(rows(), folder, plans=plans())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("world")


def test_every_feature_of_the_other_groups_is_here() -> None:
    assert set(PLAIN) == {feature.name for feature in FEATURES if feature.group not in FIRST_GROUPS}


def test_everything_is_on_record(folder: Path) -> None:
    assert set(_tables(folder).facts["not_computable"]) <= {"origin_regions", "target_regions"} | {
        f"unique_{side}_regions" for side in ("origin", "target")
    }


@pytest.mark.parametrize("name", PLAIN)
def test_as_by_plain_code(name: str, folder: Path) -> None:
    found = {number: values[name] for number, values in features_of(_tables(folder)).items()}
    expected = World(rows(), MAY).values(name)
    assert found == pytest.approx(expected, abs=2e-6)
    assert len(set(found.values())) > 1  # the world tells numbers apart by it
