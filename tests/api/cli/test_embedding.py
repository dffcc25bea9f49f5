"""`ringfence embed`: vectors of numbers by a model that is learnt once and used again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from gnn import extra
from gnn.embeddings import Embeddings
from tests.api.cli.commands import answered, command, done

QUICK = "gnn:\n  epochs: 3\n  dims: 4\n"


@pytest.fixture
def place(run_home: Path, tmp_path: Path) -> Path:
    """A home of this test's own, with a run in front, that learns quickly."""
    home = tmp_path / "home"
    shutil.copytree(run_home, home)
    (home / "settings.yaml").write_text(QUICK)
    return home


def test_a_model_is_learnt_once_and_used_again(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "vectors.parquet"
    first = done("embed", "--home", str(place), "--out", str(out))
    assert first["trained"]["epochs"] == 3
    assert first["file"] == str(out)
    table = pyarrow.parquet.read_table(out)
    assert table.column_names == ["operator", "number", "emb_00", "emb_01", "emb_02", "emb_03"]
    assert len(table) == first["numbers"] == len(Embeddings(Path(first["folder"])).table)
    again = done("embed", "--home", str(place))
    assert again["trained"] is None
    assert again["file"] is None
    assert {key: again[key] for key in ("model", "folder")} == {key: first[key] for key in ("model", "folder")}
    anew = done("embed", "--train", "--home", str(place))
    assert anew["model"] == first["model"], "the same is learnt from the same"
    by_name = done("embed", "--model", str(first["model"]), "--window", "2d", "--home", str(place))
    assert by_name["model"] == first["model"]
    assert by_name["snapshot"] != first["snapshot"]


def test_people_are_told_where_the_vectors_are(place: Path, tmp_path: Path) -> None:
    out = tmp_path / "vectors.csv"
    told = command("embed", "--home", str(place), "--out", str(out))
    assert told.returncode == 0, told.stderr
    assert "Learnt in 3 epochs" in told.stdout
    assert f"numbers are in {out}" in told.stdout
    assert pyarrow.csv.read_csv(out).num_columns == 6


def test_a_model_that_is_not_there_is_named(place: Path) -> None:
    refused = answered("embed", "--model", "nothing", "--home", str(place), code=1)
    assert refused["error"]["kind"] == "CheckpointError"
    assert "embed --train" in refused["error"]["message"]


def test_wrong_usage_is_refused(place: Path) -> None:
    assert command("embed", "--model", "m", "--train", "--home", str(place)).returncode == 2
    assert command("embed", "--out", "vectors.xls", "--home", str(place)).returncode == 2


def test_without_the_extra_the_way_to_get_it_is_told(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "PACKAGES", ("no_such_library",))
    refused = answered("embed", "--home", str(place), code=1)
    assert refused["error"]["kind"] == "GnnMissingError"
    assert "make setup" in refused["error"]["message"]


def test_a_run_says_why_there_are_none(place: Path) -> None:
    assert done("run", "--home", str(place))["embeddings"].startswith("not used: they did not help")
    (place / "settings.yaml").write_text("gnn:\n  enabled: off\n")
    assert done("run", "--home", str(place))["embeddings"] == "not used: gnn.enabled is off"


def test_a_run_makes_them_where_asked_and_they_go_with_their_snapshot(place: Path) -> None:
    (place / "settings.yaml").write_text(QUICK + "  enabled: on\n")
    ran = done("run", "--home", str(place))
    assert ran["embeddings"].startswith("4 columns by model ")
    assert ran["seconds"]["gnn"] > 0
    made = [Embeddings(folder) for folder in (place / "embeddings").iterdir()]
    assert [len(one.table) for one in made] == [ran["numbers"]]
    assert ran["embeddings"].split()[4].strip(";") == made[0].manifest["model"]
    what_if = done("run", "--as-of", "2026-05-03", "--home", str(place))
    assert what_if["embeddings"] == "not used: a what-if writes nothing"
    other = done("embed", "--window", "1d", "--home", str(place))
    assert len(list((place / "embeddings").iterdir())) == 2
    done("run", "--home", str(place))
    assert [folder.name for folder in (place / "embeddings").iterdir()] == [made[0].folder.name]
    assert not Path(other["folder"]).exists()
