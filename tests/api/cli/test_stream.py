"""`ringfence stream` as people and programs use it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.lake.lake import Lake
from ingest.live import live
from ingest.live.log import logs_of
from tests.api.cli.commands import answered, command, done
from tests.ingest.samples import HEADER, call_lines, text_of, write_csv

RINGFENCE = str(Path(sys.executable).with_name("ringfence"))
SOON = "live: {seal_after_s: 0.05}\n"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A home in which streams seal at once."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "settings.yaml").write_text(SOON)
    return folder


@contextmanager
def follower(source: Path, home: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A stream in a process of its own, which is stopped at the end whatever happens."""
    arguments = [RINGFENCE, "stream", "--source", f"file:{source}", "--home", str(home), "--json", *options]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def heard(running: subprocess.Popen[str], words: str) -> str:
    """Read what a stream says until it says `words`."""
    assert running.stderr is not None
    said: list[str] = []
    for line in running.stderr:
        said.append(line)
        if words in line:
            return line
    raise AssertionError("".join(said))


def ended(running: subprocess.Popen[str], number: signal.Signals, code: int = 0) -> dict[str, object]:
    """Stop a stream by a signal and give what it printed."""
    running.send_signal(number)
    out, error = running.communicate(timeout=60)
    assert running.returncode == code, error
    value = json.loads(out)
    assert isinstance(value, dict)
    return value


def plain_digest(path: Path, folder: Path) -> str:
    """The lake's digest after one ingest of a file."""
    done("ingest", str(path), "--home", str(folder))
    return Lake(Home(folder)).digest()


def test_a_file_to_its_end(place: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", [*call_lines(300), "bad", *call_lines(5)])
    report = done("stream", "--source", f"file:{path}", "--no-follow", "--home", str(place))
    counts = {"rows": 306, "accepted": 300, "dead_lettered": 1, "duplicates": 5, "sealed": 1}
    assert {name: report[name] for name in counts} == counts
    assert report["source"] == f"file:{path}"
    assert report["position"] == path.stat().st_size
    again = done("stream", "--source", f"file:{path}", "--no-follow", "--home", str(place))
    assert (again["rows"], again["position"]) == (0, path.stat().st_size)


def test_what_a_person_reads(place: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", [*call_lines(30), "bad"])
    finished = command("stream", "--source", f"file:{path}", "--idle-exit", "0", "--home", str(place))
    assert finished.returncode == 0
    assert "row_columns ×1" in finished.stdout
    assert "sealed 31 rows" in finished.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_well(number: signal.Signals, place: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(100))
    with follower(path, place) as running:
        heard(running, "sealed 100 rows")
        with path.open("a") as file:
            file.writelines(f"{line}\n" for line in [*call_lines(50, 100), "bad"])
        heard(running, "sealed 51 rows")
        report = ended(running, number)
    assert (report["rows"], report["accepted"], report["dead_lettered"], report["sealed"]) == (151, 150, 1, 2)
    assert Lake(Home(place)).digest() == plain_digest(path, tmp_path / "plain")


def test_goes_on_beside_ingest_and_after_a_rotation(place: Path, tmp_path: Path) -> None:
    path, other = write_csv(tmp_path / "calls.csv", call_lines(100)), write_csv(tmp_path / "o.csv", call_lines(9, 400))
    with follower(path, place) as running:
        heard(running, "sealed 100 rows")
        assert done("ingest", str(other), "--home", str(place))["accepted"] == 9
        path.rename(tmp_path / "calls.csv.1")
        path.write_text(text_of(call_lines(100, 200)))
        heard(running, "sealed 100 rows")
        report = ended(running, signal.SIGTERM)
    assert (report["rows"], report["position"]) == (200, path.stat().st_size)


def test_a_second_stream_is_told_who_holds_the_first(place: Path, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "calls.csv", call_lines(10))
    with follower(path, place) as running:
        heard(running, "sealed 10 rows")
        refused = answered("stream", "--source", f"file:{path}", "--home", str(place), code=1)
        assert f"process {running.pid} (stream file:{path})" in refused["error"]["message"]
        ended(running, signal.SIGTERM)


def test_what_a_killed_stream_left_is_sealed_by_the_next_run(place: Path, tmp_path: Path) -> None:
    (place / "settings.yaml").unlink()  # so that nothing is sealed before the kill
    path, home = write_csv(tmp_path / "calls.csv", call_lines(100)), Home(place)
    with follower(path, place) as running:
        heard(running, "stream")
        while not [log for log in logs_of(home, "generic") if log.stat().st_size]:
            with pytest.raises(subprocess.TimeoutExpired):  # it runs
                running.wait(0.02)
        running.kill()
    assert Lake(home).segments() == []
    assert done("run", "--home", str(place))["calls"] == 100


@pytest.mark.parametrize(
    "source", ["http://127.0.0.1/x", "redis://x", "kafka://x", "calls.csv", "file:", "file:calls.csv.gz"]
)
def test_other_sources_are_wrong_usage(source: str, place: Path) -> None:
    refused = answered("stream", "--source", source, "--home", str(place), code=2)
    assert "file" in refused["error"]["message"]


def test_a_file_of_something_else_is_refused(place: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("something,else\n1,2\n")
    report = answered("stream", "--source", f"file:{path}", "--no-follow", "--home", str(place), code=3)
    assert "no header" in report["refusal"]
    assert command("stream", "--source", f"file:{path}", "--no-follow", "--home", str(place)).returncode == 3


def test_a_file_that_turns_into_something_else_is_degraded(place: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(f"{HEADER}\n")
    with follower(path, place) as running:
        with path.open("a") as file:
            file.writelines(f"{line}\n" for line in call_lines(10))
        heard(running, "sealed 10 rows")
        path.rename(tmp_path / "calls.csv.1")
        path.write_text("something,else\n1,2\n")
        out, _ = running.communicate(timeout=60)
    assert running.returncode == 4
    assert json.loads(out)["rows"] == 10


def test_a_file_that_is_not_there(place: Path, tmp_path: Path) -> None:
    missing = f"file:{tmp_path / 'calls.csv'}"
    assert command("stream", "--source", missing, "--no-follow", "--home", str(place)).returncode == 1
    waited = command("stream", "--source", missing, "--idle-exit", "0", "--home", str(place))
    assert waited.returncode == 0
    assert "is not there yet" in waited.stderr


def test_what_could_not_be_sealed_is_told(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "END_WAIT_S", 0.0)
    path, home = write_csv(tmp_path / "calls.csv", call_lines(10)), Home(place)
    done("migrate", "--home", str(place))

    def stop_when_written() -> None:
        while not logs_of(home, "generic"):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    stopper = threading.Thread(target=stop_when_written)
    stopper.start()
    with home.writing("run"):
        report = answered("stream", "--source", f"file:{path}", "--home", str(place), code=4)
    stopper.join()
    assert (report["rows"], report["waiting"]) == (0, 1)
    finished = command("stream", "--source", f"file:{path}", "--no-follow", "--home", str(place))
    assert finished.returncode == 0
    assert "sealed 10 rows" in finished.stderr
