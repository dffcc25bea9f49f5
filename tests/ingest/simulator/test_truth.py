"""The truth files say what the files of calls hold."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from ingest.simulator import WorldReport
from ingest.simulator.land.services import COUNTS
from ingest.simulator.truth import Truth
from tests.ingest.simulator.worlds import Made

SERVICES = [f"service_{name}" for name in COUNTS]


def text_columns(path: Path) -> pa.Table:
    columns = ("number", "entity", "caller_id", "receiver_id", "timestamp")
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True)
    return pyarrow.csv.read_csv(path, convert_options=options)


def text_table(report: WorldReport, name: str) -> pa.Table:
    return text_columns(report.out / name)


def read_rows(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pyarrow.csv.read_csv(path).to_pylist()
    return rows


def truth_of(made: Made, folder: Path, name: str) -> list[dict[str, Any]]:
    truth = Truth(made.world, folder)
    for day in made.days:
        truth.hear(day)
    truth.write()
    return read_rows(folder / name)


@pytest.fixture(scope="module")
def calls(written: WorldReport) -> pa.Table:
    return pa.concat_tables([text_table(written, path.name) for path in written.files])


@pytest.fixture(scope="module")
def numbers(written: WorldReport) -> pa.Table:
    return text_table(written, "truth_numbers.csv")


def test_headers_are_as_promised(written: WorldReport) -> None:
    headers = {path.name: path.read_text().splitlines()[0] for path in written.truth if path.suffix == ".csv"}
    assert headers == {
        "truth_numbers.csv": "number,label,fraud_type,campaign,role,look_alike,from,to",
        "truth_campaigns.csv": "campaign,fraud_type,born,died,resurgence_of",
        "truth_events.csv": "at,campaign,kind,others,numbers",
        "truth_entities.csv": "entity_kind,entity,fraud_type,campaign,from,to",
    }
    schema = pq.read_schema(written.out / "truth_calls.parquet")
    assert schema.names == ["call_key", "campaign"]
    assert schema.field("call_key").type == pa.binary(16)


def test_every_caller_stands_in_the_truth(calls: pa.Table, numbers: pa.Table) -> None:
    assert pc.all(pc.is_in(calls["caller_id"], value_set=numbers["number"])).as_py()
    at_home = numbers.filter(pc.invert(pc.is_in(numbers["role"], pa.array(["abroad", *SERVICES]))))
    assert len(at_home) == 3_000
    assert 2_990 <= pc.count_distinct(at_home["number"]).as_py() <= 3_000  # a few are given out again


def test_times_of_a_number_do_not_overlap(numbers: pa.Table) -> None:
    rows = numbers.sort_by([("number", "ascending"), ("from", "ascending")]).to_pylist()
    assert all(row["from"] < row["to"] for row in rows)
    for before, after in pairwise(rows):
        assert before["number"] != after["number"] or before["to"] <= after["from"]


def test_fraudulent_numbers_have_type_campaign_and_role(numbers: pa.Table) -> None:
    fraud = numbers.filter(pc.equal(numbers["label"], "fraud"))
    assert set(fraud["campaign"].to_pylist()) == {"impersonation-01", "robocall-01", "wangiri-01"}
    assert set(fraud["role"].to_pylist()) == {"opener", "closer", "caller"}
    assert all(
        c.startswith(t) for c, t in zip(fraud["campaign"].to_pylist(), fraud["fraud_type"].to_pylist(), strict=True)
    )


def test_the_innocent_have_none_and_look_alikes_are_named(numbers: pa.Table) -> None:
    innocent = numbers.filter(pc.equal(numbers["label"], "innocent"))
    assert innocent["campaign"].null_count == innocent["fraud_type"].null_count == len(innocent)
    kinds = set(numbers["look_alike"].drop_null().to_pylist())
    assert kinds == {"call_centre", "courier"}
    fraud = pc.sum(pc.equal(numbers["label"], "fraud")).as_py()
    assert len(numbers) - numbers["look_alike"].null_count >= 10 * fraud


def test_victims_answered_a_ring_or_rang_it_back(calls: pa.Table, numbers: pa.Table) -> None:
    def with_label(label: str) -> pa.ChunkedArray:
        return numbers.filter(pc.equal(numbers["label"], label))["number"]

    fraud = with_label("fraud")
    answered = pc.and_(pc.is_in(calls["caller_id"], value_set=fraud), pc.equal(calls["answered"], True))
    rang_back = pc.is_in(calls["receiver_id"], value_set=fraud)
    touched = pa.concat_arrays(
        [calls.filter(answered)["receiver_id"].combine_chunks(), calls.filter(rang_back)["caller_id"].combine_chunks()]
    )
    victims = with_label("victim")
    assert len(victims) > 50
    assert pc.all(pc.is_in(victims, value_set=touched)).as_py()


def test_campaigns_are_born_with_their_first_call(written: WorldReport) -> None:
    campaigns, events = text_table(written, "truth_campaigns.csv"), text_table(written, "truth_events.csv")
    born = dict(zip(campaigns["campaign"].to_pylist(), campaigns["born"].to_pylist(), strict=True))
    births = events.filter(pc.equal(events["kind"], "BORN"))
    assert dict(zip(births["campaign"].to_pylist(), births["at"].to_pylist(), strict=True)) == born


def test_who_comes_of_another_is_not_born_but_resurged_or_split(eventful: Made, tmp_path: Path) -> None:
    rows = truth_of(eventful, tmp_path, "truth_events.csv")
    begun: dict[str, list[str]] = {"BORN": [], "RESURGED": [], "SPLIT": []}
    for row in rows:
        if row["kind"] in begun:
            begun[row["kind"]].extend((row["others"] if row["kind"] == "SPLIT" else row["campaign"]).split())
    assert all(begun.values())
    named = [name for names in begun.values() for name in names]
    campaigns = truth_of(eventful, tmp_path, "truth_campaigns.csv")
    assert sorted(named) == sorted(row["campaign"] for row in campaigns if row["born"])


def test_a_campaign_without_a_call_has_no_birth(eventful: Made, tmp_path: Path) -> None:
    truth = Truth(eventful.world, tmp_path)
    silent = eventful.days[0].calls.campaign.max()
    for day in eventful.days:
        kept = np.flatnonzero(day.calls.campaign != silent)
        truth.hear(replace(day, calls=day.calls.where(kept), origin=day.origin[kept], target=day.target[kept]))
    truth.write()
    name = eventful.world.campaigns[silent]
    rows = {row["campaign"]: row for row in read_rows(tmp_path / "truth_campaigns.csv")}
    assert not rows[name]["born"]
    assert all(row["born"] for other, row in rows.items() if other != name)
    assert name not in [row["campaign"] for row in read_rows(tmp_path / "truth_events.csv") if row["kind"] == "BORN"]


def test_calls_of_campaigns_are_listed_once_each(written: WorldReport) -> None:
    table = pq.read_table(written.out / "truth_calls.parquet")
    assert len(table) == written.campaign_calls == pc.count_distinct(table["call_key"]).as_py()


def test_the_world_says_what_it_was_made_from(written: WorldReport) -> None:
    world = json.loads((written.out / "world.json").read_text())
    assert world["settings"] == {
        "callers": 3_000,
        "days": 3,
        "seed": 3,
        "hardness": "normal",
        "start": "2026-05-01",
        "rings": 3,
        "format": "csv",
        "fraud_types": ["impersonation", "robocall", "wangiri"],
        "look_alikes": ["call_centre", "courier"],
        "label_share": 0.0,
        "label_delay": 7,
    }
    assert sum(day["calls"] for day in world["days"]) == written.calls
    assert (world["calls"], world["operator"], world["zone"]) == (written.calls, "generic", "Asia/Kolkata")


def test_a_mistake_and_the_rings_misfortunes_are_events(eventful: Made, tmp_path: Path) -> None:
    rows = truth_of(eventful, tmp_path, "truth_events.csv")
    kinds = {row["kind"] for row in rows}
    assert kinds == {"BORN", "ROTATED", "BLOCKED", "QUIET", "RESURGED", "MERGED", "SPLIT", "DIED"}
    back = next(row for row in rows if row["kind"] == "RESURGED")
    campaigns = {row["campaign"]: row for row in pyarrow.csv.read_csv(tmp_path / "truth_campaigns.csv").to_pylist()}
    assert campaigns[back["campaign"]]["resurgence_of"] == back["others"]
    assert campaigns[back["others"]]["died"]
    blocked = {number for row in rows if row["kind"] == "BLOCKED" for number in row["numbers"].split()}
    numbers = text_columns(tmp_path / "truth_numbers.csv")
    fraud = numbers.filter(pc.equal(numbers["label"], "fraud"))
    ended = fraud.filter(pc.is_in(fraud["number"], pa.array(sorted(blocked))))
    assert len(ended) >= len(blocked) > 10


def test_the_ranges_of_leased_blocks_are_entities(written: WorldReport, numbers: pa.Table) -> None:
    entities = text_columns(written.out / "truth_entities.csv").to_pylist()
    assert {row["entity_kind"] for row in entities} == {"range"}
    leased = numbers.filter(pc.is_in(numbers["fraud_type"], pa.array(["wangiri", "robocall"])))
    leased = leased.filter(pc.equal(leased["label"], "fraud"))
    assert all(any(number.startswith(row["entity"]) for row in entities) for number in leased["number"].to_pylist())
