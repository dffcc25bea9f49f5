"""The tests of a mapping: a sample, the calls that it must give, and what the report must say; and how they are run.

A folder NAME holds samples, `expected.csv` (every canonical column but operator and key) and `rejected.json` (what
`ingest` reports of each file), as tests/operators/NAME does for the shipped mappings.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from configs import ConfigError, Settings
from ingest.cdr import CALL_SCHEMA
from ingest.guessing.trial import Trial, try_mapping

EXPECTED, REJECTED = "expected.csv", "rejected.json"
COLUMNS = [name for name in CALL_SCHEMA.names if name not in ("operator", "call_key")]
_REPORTED = ("status", "rows", "accepted", "dead_lettered", "duplicates", "reasons", "warnings")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_cases(folder: Path, name: str, mapping: str, sample: tuple[str, bytes], settings: Settings) -> Trial:
    """Write a mapping's tests into a folder: the sample (its name and content), and what is made of it now."""
    folder.mkdir(parents=True, exist_ok=True)
    file, content = sample
    (folder / file).write_bytes(content)
    trial = try_mapping(name, mapping, [folder / file], settings)
    (folder / EXPECTED).write_text(expected_text(trial), encoding="utf-8")
    (folder / REJECTED).write_text(rejected_text(trial), encoding="utf-8")
    return trial


def check_cases(folder: Path, name: str, mapping: str, settings: Settings) -> list[str]:
    """Take a mapping's samples in again and give what is not as it was written down, nothing where all is well.

    Raises ConfigError where the folder holds no tests, or for faults of the mapping.
    """
    if not all((folder / file).is_file() for file in (EXPECTED, REJECTED)):
        raise ConfigError(f"{folder} holds no {EXPECTED} and {REJECTED}; `ringfence add-operator` writes them")
    samples = sorted(path for path in folder.iterdir() if path.is_file() and path.name not in (EXPECTED, REJECTED))
    trial = try_mapping(name, mapping, samples, settings)
    return [*_other_reports(folder, trial), *_other_calls(folder, trial)]


def _other_reports(folder: Path, trial: Trial) -> Iterator[str]:
    wanted, found = json.loads((folder / REJECTED).read_text(encoding="utf-8")), json.loads(rejected_text(trial))
    for file in sorted({*wanted, *found}):
        if wanted.get(file) != found.get(file):
            was, now = json.dumps(wanted.get(file)), json.dumps(found.get(file))
            yield f"{file}: {REJECTED} says {was}, the mapping gives {now}"


def _other_calls(folder: Path, trial: Trial) -> Iterator[str]:
    wanted, found = (_rows(text) for text in ((folder / EXPECTED).read_text(encoding="utf-8"), expected_text(trial)))
    missing, more = [row for row in wanted if row not in found], [row for row in found if row not in wanted]
    if missing or more or len(wanted) != len(found):
        yield f"{EXPECTED} has {len(missing)} calls that the mapping does not give, and it gives {len(more)} others"
    for was, now in zip(missing, more, strict=False):
        names = [name for name, one, other in zip(COLUMNS, was, now, strict=False) if one != other]
        yield f"a call differs in {', '.join(names)}"
        return


def _rows(text: str) -> list[list[str]]:
    return sorted(list(csv.reader(io.StringIO(text)))[1:])


def expected_text(trial: Trial) -> str:
    """Give the calls as expected.csv has them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(written_calls(trial, COLUMNS))
    return out.getvalue()


def written_calls(trial: Trial, columns: Sequence[str]) -> list[list[str]]:
    """Give columns of the calls as texts: times as ISO 8601 with Z, nothing where there is nothing."""
    rows = trial.calls.select(list(columns)).to_pylist()
    return [[_written(name, row[name]) for name in columns] for row in rows]


def _written(name: str, value: object) -> str:
    if value is None:
        return ""
    if name == "started" and isinstance(value, int):
        at = _EPOCH + timedelta(microseconds=value)
        return at.strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".") + "Z"
    return str(value).lower() if isinstance(value, bool) else str(value)


def rejected_text(trial: Trial) -> str:
    """Give the reports as rejected.json has them."""
    reports = {Path(report.file).name: {key: getattr(report, key) for key in _REPORTED} for report in trial.reports}
    return json.dumps(reports, indent=2, ensure_ascii=False) + "\n"
