"""Whether what stands in the graph database is the run that was published: sums over all of it, and a sample whole.

Every column takes part in a count or a sum, texts by their length and times and reals as whole numbers, so a row that
is missing, doubled or wrong is found unless another error makes up for it exactly. What such sums cannot see, values
under the wrong key, the sample does: of rows of which a share p is wrong it misses all with probability (1 - p)^500.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

import cypher
from graph.store import rows
from graph.store.changes import EXACT, RISK_STEP, risk_steps
from graph.store.neo4j_driver import Neo4j
from graph.store.shown import Shown

VERIFY_S = 600.0  # a count of everything may take longer than a question
SAMPLE = 500
TIME_MODULUS = 1_000_003  # a prime; sums of whole µs of ten million rows would not fit into 64 bits
TEXT_WEIGHTS = {
    "operator": 2,
    "number": 3,
    "kind": 5,
    "country": 7,
    "line_type": 11,
    "carrier": 13,
    "role": 17,
    "fraud_type": 19,
    "campaign": 23,
}


def differences(neo4j: Neo4j, shown: Shown, seed: int) -> list[str]:
    """Give in words what is not as the run has it, nothing where all agrees; `seed` draws the sample."""
    ((found,),) = neo4j.read(cypher.text("published"), {"risk_step": RISK_STEP}, VERIFY_S)
    wanted = expected(shown)
    differing = [f"{name} {found[name]} instead of {wanted[name]}" for name in wanted if found[name] != wanted[name]]
    return differing or _of_sample(neo4j, shown, np.random.default_rng(seed))


def expected(shown: Shown) -> Mapping[str, int]:
    """Give the counts and sums that the statement `published` must find."""
    numbers, edges, links = shown.numbers, shown.snapshot.edges, shown.links
    return {
        "numbers": len(numbers),
        **{name: _sum(numbers, name) for name in ("out_calls", "in_calls", "callees", "callers")},
        "number_times": _times(numbers),
        "risks": int(np.sum(risk_steps(numbers["risk"].to_numpy()) * _lengths(numbers, "verdict"))),
        "number_texts": _number_texts(shown),
        "edges": len(edges),
        **{name: _sum(edges, name) for name in ("calls", "answered", "talk_ms", "night_calls")},
        "call_times": _times(edges),
        "campaigns": len(shown.campaigns),
        "campaign_members": _sum(shown.campaigns, "members"),
        "campaign_victims": _sum(shown.campaigns, "victims"),
        "members": len(shown.members),
        "member_risks": _whole(shown.members, "risk", 1_000),
        "victims": len(shown.victims),
        "victim_callers": _sum(shown.victims, "callers"),
        "victim_calls": _sum(shown.victims, "calls"),
        "links": len(links),
        "shared": _sum(links, "shared"),
        "weights": _whole(links, "weight", 1_000_000),
    }


def _sum(table: pa.Table, column: str) -> int:
    return int(pc.sum(table[column]).as_py() or 0)


def _times(table: pa.Table) -> int:
    first, last = (table[name].to_numpy() % TIME_MODULUS for name in ("first_seen", "last_seen"))
    return int(np.sum(first + 2 * last))


def _whole(table: pa.Table, column: str, factor: int) -> int:
    return int(np.sum((table[column].to_numpy() * factor).astype(np.int64)))


def _number_texts(shown: Shown) -> int:
    keys = int(pc.sum(pc.utf8_length(rows.key_texts(shown))).as_py() or 0)
    return keys + sum(weight * int(np.sum(_lengths(shown.numbers, name))) for name, weight in TEXT_WEIGHTS.items())


def _lengths(table: pa.Table, column: str) -> npt.NDArray[np.int32]:
    lengths: npt.NDArray[np.int32] = pc.fill_null(pc.utf8_length(table[column]), 0).to_numpy()
    return lengths


def _of_sample(neo4j: Neo4j, shown: Shown, rng: np.random.Generator) -> list[str]:
    """Compare some numbers and some pairs whole."""
    keys = rows.key_texts(shown)
    numbers = rows.number_rows(shown, keys, _drawn(rng, len(shown.snapshot.numbers)))
    calls = rows.call_rows(shown, keys, _drawn(rng, len(shown.snapshot.edges)))
    return [
        *_unlike(neo4j, "numbers", numbers, ["key"], EXACT),
        *_unlike(neo4j, "calls", calls, ["caller", "callee"], rows.OF_A_CALL),
    ]


def _drawn(rng: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    return np.sort(rng.choice(count, min(SAMPLE, count), replace=False))


def _unlike(neo4j: Neo4j, what: str, sample: pa.Table, by: Sequence[str], names: Sequence[str]) -> list[str]:
    parameters = {name: sample[name].to_pylist() for name in by} | {"names": list(names)}
    found = [tuple(row[0]) for row in neo4j.read(cypher.text(f"sampled_{what}"), parameters, VERIFY_S)]
    wanted = list(zip(*(sample[name].to_pylist() for name in names), strict=True))
    if found == wanted:
        return []
    wrong = len(set(wanted) - set(found)) or abs(len(wanted) - len(found))
    return [f"{wrong} of a sample of {len(wanted)} {what} stand otherwise"]
