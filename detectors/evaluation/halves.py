"""Two halves of a world's fraud without an organisation in both, so that nothing is learnt of those that judge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

BoolArray = npt.NDArray[np.bool_]
_NAME = re.compile(r"[\w.-]+")


def ring_half(types: Mapping[str, str], family: Mapping[str, int], seed: int) -> frozenset[str]:
    """Give the half of the campaigns to learn from; of every fraud type about half, of each family all or none.

    `types` gives the fraud type by campaign. Types with an odd number of families give one more and one less by turns.
    """
    random = np.random.default_rng(seed)
    first = {family[campaign]: types[campaign] for campaign in sorted(types, reverse=True)}
    chosen: set[int] = set()
    extra = int(random.integers(2))
    for fraud_type in random.permutation(sorted(set(first.values()))):
        mine = sorted(code for code, of in first.items() if of == fraud_type)
        chosen.update(random.permutation(mine)[: (len(mine) + extra) // 2].tolist())
        extra = (extra + len(mine)) % 2
    return frozenset(campaign for campaign in types if family[campaign] in chosen)


def drawn_half(count: int, seed: int) -> BoolArray:
    """Give half of `count` rows, drawn by the seed."""
    half = np.zeros(count, dtype=np.bool_)
    half[np.random.default_rng(seed).permutation(count)[: count // 2]] = True
    return half


def families(folder: Path, campaigns: Sequence[str]) -> dict[str, int]:
    """Give each campaign the code of its organisation: those that came of each other share one.

    A campaign comes of another by `resurgence_of` in truth_campaigns.csv and by the `others` of an event in
    truth_events.csv; a file that is not there ties nobody.
    """
    code = {campaign: row for row, campaign in enumerate(campaigns)}
    tied = [
        (code[one], code[other])
        for file, column in (("truth_campaigns.csv", "resurgence_of"), ("truth_events.csv", "others"))
        for one, others in _ties(folder / file, column)
        for other in others
        if one in code and other in code
    ]
    ends = np.array(tied, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(code), len(code)))
    _, part = connected_components(graph, directed=False)
    return {campaign: int(part[row]) for campaign, row in code.items()}


def _ties(path: Path, column: str) -> Iterable[tuple[str, list[str]]]:
    """Give each campaign with those that a column names, however they are separated."""
    if not path.is_file():
        return []
    wanted = dict.fromkeys(("campaign", column), pa.string())
    table = pyarrow.csv.read_csv(path, convert_options=pyarrow.csv.ConvertOptions(column_types=wanted))
    rows = zip(table["campaign"].to_pylist(), table[column].to_pylist(), strict=True)
    return [(campaign, _NAME.findall(others or "")) for campaign, others in rows]
