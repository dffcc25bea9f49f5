"""Who lives in a world: how much fraud of which types, and how many that look like it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from detectors.evaluation.ranking import rounded


def who_lives_there(folder: Path, callers: pa.Table, people: pa.Table, days: pa.Table) -> dict[str, Any]:
    """Give the section `population` from what WorldCalls counted and from truth_entities.csv, where there is one."""
    alike = people.filter(pc.is_valid(people["look_alike"]))
    fraud = len(fraudulent(people))
    return {
        "callers": len(callers),
        "unknown_callers": callers["fraud"].null_count,
        "fraud_callers": len(fraudulent(callers)),
        "fraud_share_by_day": _by_day(days),
        "rings": len(campaigns(people)),
        "fraud_types": _by_type(folder, callers, people),
        "look_alikes": _counts(alike, "look_alike"),
        "look_alikes_per_fraud_number": rounded(len(alike) / fraud) if fraud else None,
    }


def fraudulent(people: pa.Table) -> pa.Table:
    """Give the rows of those who were fraudulent at any time."""
    return people.filter(people["fraud"])


def campaigns(people: pa.Table) -> list[str]:
    """Name all campaigns that have a number, sorted."""
    return sorted(fraudulent(people)["campaign"].unique().to_pylist())


def _by_type(folder: Path, callers: pa.Table, people: pa.Table) -> dict[str, dict[str, Any]]:
    fraud = fraudulent(people)
    rings = _counts(fraud.group_by(["fraud_type", "campaign"]).aggregate([]), "fraud_type")
    numbers, calling = _counts(fraud, "fraud_type"), _counts(fraudulent(callers), "fraud_type")
    entities = _entities(folder)
    return {
        name: {
            "rings": rings.get(name, 0),
            "numbers": numbers.get(name, 0),
            "callers": calling.get(name, 0),
            "entities": _counts(entities.filter(pc.equal(entities["fraud_type"], name)), "entity_kind"),
        }
        for name in sorted({*numbers, *entities["fraud_type"].unique().to_pylist()})
    }


def _entities(folder: Path) -> pa.Table:
    """Give each ring's devices, cells, trunks and ranges once: fraud_type, entity_kind, entity."""
    columns = ["fraud_type", "entity_kind", "entity"]
    path = folder / "truth_entities.csv"
    if not path.is_file():
        return pa.schema([(name, pa.string()) for name in columns]).empty_table()
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(columns, pa.string()), include_columns=columns)
    return pyarrow.csv.read_csv(path, convert_options=options).group_by(columns).aggregate([])


def _counts(rows: pa.Table, column: str) -> dict[str, int]:
    counted = pc.value_counts(rows[column]).to_pylist()
    return dict(sorted((row["values"], row["counts"]) for row in counted))


def _by_day(days: pa.Table) -> dict[str, float]:
    shares = days["fraud"].to_numpy() / days["callers"].to_numpy()
    return {
        "mean": rounded(shares.mean()),
        "min": rounded(shares.min()),
        "max": rounded(shares.max()),
        "days": len(shares),
    }
