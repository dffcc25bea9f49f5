"""The stage: snapshots are found again, made whole or not at all, and windows that miss the calls say so."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from configs import load_settings
from graph.as_of import default_as_of
from graph.run import build_snapshot
from graph.snapshot import Snapshot
from graph.windows import EmptyWindowError, Window, parse_instant
from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.progress import Silent
from tests.graph.calls import MAY, Row, call, withheld_calls
from tests.graph.lakes import lake_of

SETTINGS = load_settings()
ROWS = [
    call("+911", "+912", "10:00:00", 5),
    call("+912", "+911", "2026-05-05T10:00:00Z", 5),
    call("+913", "+914", "2026-05-05T11:00:00Z", 5, operator="other"),
]


class Heard(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def _build(home: Home, lake: Lake, window: Window = MAY, operators: Sequence[str] | None = None) -> Snapshot:
    return build_snapshot(home, lake, window, operators, SETTINGS, Silent())


def test_manifest_says_what_the_snapshot_is(home: Home) -> None:
    manifest = _build(home, lake_of(home, ROWS)).manifest
    assert manifest["operators"] == ["generic", "other"]
    assert manifest["window"] == {"start": MAY.start, "end": MAY.end}
    assert manifest["counts"] == {"numbers": 4, "edges": 3, "calls": 3}
    assert (manifest["window_calls"], manifest["self_calls"], manifest["other_kinds"]) == (3, 0, {})
    assert manifest["window_records"] == 3
    assert manifest["answer_state_inferred"] is False
    assert manifest["not_computable"]["ring3_share"] == "needs ring_ms"
    assert manifest["warnings"] == []


def test_a_standing_snapshot_is_used_again(home: Home) -> None:
    lake = lake_of(home, ROWS)
    folder = _build(home, lake).folder
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert _build(home, lake).folder == folder
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert _build(home, lake, operators=["other", "generic"]).folder == folder


def test_an_unfinished_folder_is_made_anew(home: Home) -> None:
    lake = lake_of(home, ROWS)
    folder = _build(home, lake).folder
    (folder / "manifest.json").unlink()
    (folder / "edges.arrow").write_bytes(b"half")
    assert len(_build(home, lake).edges) == 3


def test_two_homes_make_the_same_bytes(home: Home) -> None:
    other = Home(home.root.parent / "other").create()
    one, two = _build(home, lake_of(home, ROWS)), _build(other, lake_of(other, ROWS[::-1]))
    assert one.id == two.id
    names = sorted(path.name for path in one.folder.iterdir())
    assert names == sorted(path.name for path in two.folder.iterdir())
    assert all((one.folder / name).read_bytes() == (two.folder / name).read_bytes() for name in names)


def test_id_depends_on_calls_window_operators_and_settings(home: Home) -> None:
    lake = lake_of(home, ROWS)
    night = SETTINGS.features.model_copy(update={"night_local_h": (21, 6)})
    changed = SETTINGS.model_copy(update={"features": night})
    verdicts = SETTINGS.model_copy(update={"alerts": SETTINGS.alerts.model_copy(update={"per_day": 1})})
    shorter = Window(MAY.start, MAY.end - 1)
    ids = {
        _build(home, lake).id,
        _build(home, lake, shorter).id,
        _build(home, lake, operators=["generic"]).id,
        build_snapshot(home, lake, MAY, None, changed, Silent()).id,
    }
    assert len(ids) == 4
    assert build_snapshot(home, lake, MAY, None, verdicts, Silent()).id == _build(home, lake).id


def test_own_tables_of_ranges_give_another_snapshot(home: Home) -> None:
    rows = [*ROWS, call("+911", "+97912345678", "10:00:00", 60)]
    lake = lake_of(home, rows)
    plain = _build(home, lake)
    (home.root / "plans").mkdir()
    (home.root / "plans" / "tariffs.yaml").write_text(
        "{source: ours, date: 2026-01-01, currency: EUR, per_minute: {'+979': 2.5}}", encoding="utf-8"
    )
    priced = _build(home, lake)
    assert priced.id != plain.id
    assert "cost_rate" in plain.manifest["not_computable"]
    assert "cost_rate" not in priced.manifest["not_computable"]
    node = priced.node_of("generic", "+911")
    assert node is not None
    assert priced.features["cost_rate"][node].as_py() == 2.5


def test_entities_are_in_the_snapshot(home: Home) -> None:
    ends = {"imei": "d1"}
    rows = [
        call("+919812345001", "+919812345002", "10:00:00", 5, **ends),
        call("+919812345003", "+919812345002", "11:00:00", 5, **ends),
    ]
    snapshot = _build(home, lake_of(home, rows))
    assert [(row["kind"], row["key"], row["numbers"]) for row in snapshot.entities.to_pylist()] == [
        ("device", "d1", 2),
        ("range", "+919812345", 3),
    ]
    assert snapshot.entity_features["callees"].to_pylist() == [1, 1]
    assert snapshot.entity_features["callers"].to_pylist() == [None, 2]
    assert snapshot.memberships.to_pydict() == {
        "entity": [0, 0, 1, 1, 1],
        "node": [0, 2, 0, 1, 2],
        "calls": [1, 1, 1, 2, 1],
    }


def test_only_the_operators_asked_for(home: Home) -> None:
    numbers = _build(home, lake_of(home, ROWS), operators=["other"]).numbers
    assert numbers["number"].to_pylist() == ["+913", "+914"]


def test_nothing_is_left_in_staging(home: Home) -> None:
    _build(home, lake_of(home, ROWS))
    assert list(home.staging.iterdir()) == []


def test_manifest_is_plain_json(home: Home) -> None:
    snapshot = _build(home, lake_of(home, ROWS))
    assert json.loads((snapshot.folder / "manifest.json").read_text(encoding="utf-8")) == snapshot.manifest


def test_a_window_without_calls_names_the_span_of_the_lake(home: Home) -> None:
    lake = lake_of(home, ROWS)
    june = Window(MAY.end, MAY.end + 1)
    with pytest.raises(EmptyWindowError, match=r"2026-05-04T10:00:00Z \.\. 2026-05-05T11:00:00Z"):
        _build(home, lake, june)
    hole = Window(parse_instant("2026-05-04T11:00:00Z"), parse_instant("2026-05-05T09:00:00Z"))
    with pytest.raises(EmptyWindowError, match="no call"):
        _build(home, lake, hole)
    assert list(home.snapshots.iterdir()) == []


def test_a_lake_of_other_kinds_says_that_no_voice_call_is_there(home: Home) -> None:
    lake = lake_of(home, [call("+911", "+912", "10:00:00", kind="sms"), call("+911", "+912", "11:00:00", kind="sms")])
    with pytest.raises(EmptyWindowError, match="no voice call of these operators, only 2 sms, in the window"):
        _build(home, lake)
    assert list(home.snapshots.iterdir()) == []
    assert list(home.staging.iterdir()) == []


def test_a_lake_of_withheld_callers_says_so(home: Home) -> None:
    lake = lake_of(home, withheld_calls(3))
    with pytest.raises(EmptyWindowError, match="no voice call of these operators, only 3 withheld, in the window"):
        _build(home, lake)


def test_only_the_operators_asked_for_are_spoken_of(home: Home) -> None:
    lake = lake_of(home, ROWS)
    june = Window(MAY.end, MAY.end + 1)
    with pytest.raises(EmptyWindowError, match=r"span 2026-05-05T11:00:00Z \.\. 2026-05-05T11:00:00Z"):
        _build(home, lake, june, ["other"])
    with pytest.raises(EmptyWindowError, match="no calls of these operators: ingest some first"):
        _build(home, lake, MAY, ["third"])


def test_an_empty_lake_says_what_to_do(home: Home) -> None:
    lake = lake_of(home, [])
    with pytest.raises(EmptyWindowError, match="ingest some first"):
        _build(home, lake)
    with pytest.raises(EmptyWindowError, match="ingest some first"):
        default_as_of(lake)


def test_a_window_that_misses_nearly_all_calls_warns(home: Home) -> None:
    many: list[Row] = [call("+911", "+912", f"2026-04-01T10:{i // 60:02}:{i % 60:02}Z", 5) for i in range(200)]
    lake, heard = lake_of(home, [*ROWS[:1], *many]), Heard()
    snapshot = build_snapshot(home, lake, MAY, None, SETTINGS, heard)
    assert len(heard.notes) == 1
    assert "less than 1 % of the lake's 201 calls" in heard.notes[0]
    assert snapshot.manifest["warnings"] == heard.notes


def test_the_warning_counts_calls_in_the_window_and_not_what_lies_beside_them_in_a_day(home: Home) -> None:
    day = [call("+911", "+912", f"2026-05-04T10:{i // 60:02}:{i % 60:02}Z", 5) for i in range(200)]
    window = Window(parse_instant("2026-05-04T10:03:19Z"), MAY.end)
    snapshot = _build(home, lake_of(home, day), window)
    assert snapshot.manifest["window_records"] == 1
    assert len(snapshot.manifest["warnings"]) == 1
    heard = Heard()
    assert build_snapshot(home, Lake(home), window, None, SETTINGS, heard).folder == snapshot.folder
    assert heard.notes == snapshot.manifest["warnings"]


def test_a_window_that_reaches_below_1970_holds_what_there_is(home: Home) -> None:
    window = Window.before(MAY.end, "99999d")
    assert (window.start, window.end) == (0, MAY.end)
    assert len(_build(home, lake_of(home, ROWS), window).edges) == 3


def test_as_of_is_just_after_the_newest_call(home: Home) -> None:
    lake = lake_of(home, ROWS)
    assert default_as_of(lake) == parse_instant("2026-05-05T11:00:00Z") + 1
    assert default_as_of(lake, ["generic"]) == parse_instant("2026-05-05T10:00:00Z") + 1


def test_what_a_killed_run_left_goes_with_the_next(home: Home) -> None:
    left = home.staging / "spill-of-before"
    left.mkdir()
    (left / "calls.arrow").write_bytes(b"calls")
    build_snapshot(home, lake_of(home, [call("+911", "+912", "10:00:00", 5)]), MAY, None, load_settings(), Silent())
    assert not left.exists()
