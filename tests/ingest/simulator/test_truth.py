"""The truth files say what the files of calls hold."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.simulator import WorldReport, WorldSettings
from ingest.simulator.census import ring_sizes
from ingest.simulator.randomness import generator
from ingest.simulator.settings import LARGEST_RING, SMALLEST_RING, most_rings


def text_table(report: WorldReport, name: str) -> pa.Table:
    columns = ("number", "caller_id", "receiver_id", "timestamp")
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=True)
    return pyarrow.csv.read_csv(report.out / name, convert_options=options)


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
        "truth_events.csv": "at,campaign,kind,others",
    }
    schema = pq.read_schema(written.out / "truth_calls.parquet")
    assert schema.names == ["call_key", "campaign"]
    assert schema.field("call_key").type == pa.binary(16)


def test_every_caller_stands_in_the_truth_once(calls: pa.Table, numbers: pa.Table) -> None:
    assert len(numbers) == 3_000
    assert pc.count_distinct(numbers["number"]).as_py() == 3_000
    assert pc.all(pc.is_in(calls["caller_id"], value_set=numbers["number"])).as_py()


def test_at_most_one_percent_of_the_callers_are_fraudulent(calls: pa.Table, numbers: pa.Table) -> None:
    fraud = numbers.filter(pc.equal(numbers["label"], "fraud"))["number"]
    callers = pc.unique(calls["caller_id"])
    assert 0 < pc.sum(pc.is_in(callers, value_set=fraud)).as_py() <= 0.01 * len(callers)


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
    kinds = pc.value_counts(numbers["look_alike"].drop_null()).to_pylist()
    assert {kind["values"]: kind["counts"] for kind in kinds} == {"call_centre": 18, "courier": 30}


def test_victims_answered_a_ring_or_rang_it_back(calls: pa.Table, numbers: pa.Table) -> None:
    def with_label(label: str) -> pa.ChunkedArray:
        return numbers.filter(pc.equal(numbers["label"], label))["number"]

    fraud = with_label("fraud")
    answered = pc.and_(pc.is_in(calls["caller_id"], value_set=fraud), calls["answered"])
    rang_back = pc.is_in(calls["receiver_id"], value_set=fraud)
    touched = pa.concat_arrays(
        [calls.filter(answered)["receiver_id"].combine_chunks(), calls.filter(rang_back)["caller_id"].combine_chunks()]
    )
    victims = with_label("victim")
    assert len(victims) > 50
    assert pc.all(pc.is_in(victims, value_set=touched)).as_py()


def test_campaigns_are_born_with_their_first_call(written: WorldReport, numbers: pa.Table) -> None:
    campaigns, events = text_table(written, "truth_campaigns.csv"), text_table(written, "truth_events.csv")
    born = dict(zip(campaigns["campaign"].to_pylist(), campaigns["born"].to_pylist(), strict=True))
    assert events["kind"].to_pylist() == ["BORN"] * 3
    assert dict(zip(events["campaign"].to_pylist(), events["at"].to_pylist(), strict=True)) == born
    fraud = numbers.filter(pc.equal(numbers["label"], "fraud"))
    assert all(
        born[c] == since for c, since in zip(fraud["campaign"].to_pylist(), fraud["from"].to_pylist(), strict=True)
    )


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
    }
    assert (world["calls"], world["operator"], world["zone"]) == (written.calls, "generic", "Asia/Kolkata")


@given(st.integers(700, 300_000), st.integers(0, 1_000), st.data())
def test_rings_never_exceed_one_percent(callers: int, seed: int, data: st.DataObject) -> None:
    rings = data.draw(st.integers(0, min(most_rings(callers), 60)))
    sizes = ring_sizes(generator(seed, "sizes"), WorldSettings(callers=callers, rings=rings))
    assert len(sizes) == rings
    assert all(SMALLEST_RING <= size <= LARGEST_RING for size in sizes)
    assert np.sum(sizes) <= 0.01 * callers
