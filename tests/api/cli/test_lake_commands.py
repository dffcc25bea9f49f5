"""Commands that look after the calls: damage is told, given up or mended, and small files become large ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.home import Home
from ingest.lake.lake import Lake
from tests.api.cli.commands import answered, command, done
from tests.ingest.lake.test_checksums import flip
from tests.ingest.samples import call_lines, settings_with, take, write_csv


@pytest.fixture
def filled(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home").create()
    done("migrate", "--home", str(home.root))
    for i in range(4):
        path = write_csv(tmp_path / f"{i}.csv", call_lines(20, start=20 * i))
        take(home, path, settings=settings_with(compact_segments=1000))
    return home


def checks(home: Home, *options: str, code: int) -> dict[str, str]:
    found = answered("doctor", "--home", str(home.root), *options, code=code)["checks"]
    return {check["name"]: check["text"] for check in found if not check["ok"]}


def test_small_files_are_made_into_one(filled: Home) -> None:
    (filled.root / "settings.yaml").write_text("ingest: {compact_segments: 4}\n")
    digest = Lake(filled).digest()
    told = done("compact", "--home", str(filled.root))
    assert told == {"segments_before": 4, "segments": 1, "calls": 80}
    assert Lake(filled).digest() == digest
    finished = command("compact", "--home", str(filled.root))
    assert finished.stdout.strip() == "80 calls lie in 1 segments (before: 1)"


def test_damage_is_told_refused_and_given_up(filled: Home, tmp_path: Path) -> None:
    home = str(filled.root)
    segment = Lake(filled).segments()[0]
    flip(segment.path, 200)
    assert checks(filled, code=0) == {}
    assert segment.id in checks(filled, "--deep", code=1)["quarantine"]
    refused = answered("run", "--home", home, code=1)
    assert refused["error"]["kind"] == "DamagedLakeError"
    assert "--accept-loss" in refused["error"]["message"]
    assert checks(filled, "--accept-loss", segment.id, code=0) == {}
    assert done("compact", "--home", home)["calls"] == 60
    unknown = answered("doctor", "--home", home, "--accept-loss", segment.id, code=1)
    assert "lists them" in unknown["error"]["message"]


def test_bringing_the_files_again_mends(filled: Home, tmp_path: Path) -> None:
    home = str(filled.root)
    flip(Lake(filled).segments()[0].path, 200)
    checks(filled, "--deep", code=1)
    report = done("ingest", "--home", home, *(str(tmp_path / f"{i}.csv") for i in range(4)))
    assert (report["accepted"], report["duplicates"]) == (20, 60)
    assert checks(filled, "--deep", code=0) == {}
    assert done("compact", "--home", home)["calls"] == 80
