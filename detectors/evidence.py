"""Why a number has its risk: a few facts, each a measured value beside what is typical of its peers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from detectors.cut import Cut
from detectors.judgement import BoolArray, Columns, FloatArray, Judgement
from detectors.peers import Peers, compared_features, deviations, peers_of
from detectors.results import EVIDENCE
from detectors.scoring import Scored
from detectors.sentences import SHARED_VICTIMS, Measured, sentence, unit_of
from detectors.verdicts import Verdicts
from graph.snapshot import Snapshot
from graph.windows import Window

MAX_FACTS = 8
MODULE_SHARE = 0.75  # of the explanation where a module's facts hold; what is merely odd gets the rest
RING_SHARE = 0.3  # of the explanation of a number that is tied to a ring
ODD_FROM, ODD_TO = 2.0, 10.0  # spreads from the median: less is nothing to tell, more tells no more
LEAST_CONTRIBUTION = 0.01

NodeIds = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Grounds:
    """What the risk of the explained numbers rests on."""

    judgements: Mapping[str, Judgement]
    fraud_type: npt.NDArray[np.object_]  # [n] module that holds, or None
    shared_victims: Mapping[int, int]  # node → victims it shares with others of its ring
    window: Window


def explain(cut: Cut, scored: Scored, verdicts: Verdicts, shared_victims: Mapping[int, int]) -> pa.Table:
    """Give EVIDENCE; every number is compared with the ranked numbers of its own kind."""
    suspicious = verdicts.risk >= cut.settings.verdicts.suspicious
    grounds = Grounds(scored.judgements, scored.fused.fraud_type, shared_victims, cut.snapshot.window)
    names = compared_features(scored.columns)
    tables = []
    for of_kind in _kinds(cut.snapshot):
        peers = peers_of(scored.columns, names, of_kind & ~np.isnan(scored.base))
        tables.append(_evidence(scored.columns, peers, np.flatnonzero(suspicious & of_kind), grounds))
    whole = pa.concat_tables([EVIDENCE.empty_table(), *tables])
    return whole.sort_by([("node", "ascending"), ("contribution", "descending"), ("feature", "ascending")])


def _kinds(snapshot: Snapshot) -> list[BoolArray]:
    codes = snapshot.numbers["kind"].combine_chunks().dictionary_encode().indices.to_numpy()
    return [codes == code for code in np.unique(codes)]


def _evidence(columns: Columns, peers: Peers, nodes: NodeIds, grounds: Grounds) -> pa.Table:
    weights = _weights(columns, peers, nodes, grounds)
    rows = [
        _fact(int(node), measured, grounds.window)
        for at, node in enumerate(nodes)
        for measured in _best(columns, peers, int(node), weights[at], grounds)
    ]
    return pa.Table.from_pylist(rows, EVIDENCE)


def _weights(columns: Columns, peers: Peers, nodes: NodeIds, grounds: Grounds) -> FloatArray:
    """Give what each feature explains of each number, [nodes, features + 1]; the last column is the ring."""
    odd = deviations(columns, peers, nodes)
    strength = np.clip(odd, 0.0, ODD_TO)
    by_oddity = _normalised(np.where(odd >= ODD_FROM, strength, 0.0))
    by_module = _normalised(_module_weights(peers, nodes, grounds) * (1.0 + strength))
    held = by_module.any(axis=1, keepdims=True)
    behaviour = np.where(held, MODULE_SHARE * by_module + (1.0 - MODULE_SHARE) * by_oddity, by_oddity)
    is_tied = np.array([bool(grounds.shared_victims.get(int(node))) for node in nodes], dtype=bool)
    tied = np.where(is_tied, RING_SHARE, 0.0)[:, None]
    return np.concatenate([behaviour * (1.0 - tied), tied], axis=1)


def _module_weights(peers: Peers, nodes: NodeIds, grounds: Grounds) -> FloatArray:
    weights = np.zeros((len(nodes), len(peers.names)))
    for module, judgement in grounds.judgements.items():
        mine = grounds.fraud_type[nodes] == module
        for feature, contribution in judgement.facts:
            weights[mine, peers.names.index(feature)] += contribution[nodes[mine]]
    return weights


def _normalised(weights: FloatArray) -> FloatArray:
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0), dtype=np.float64)


def _best(columns: Columns, peers: Peers, node: int, weights: FloatArray, grounds: Grounds) -> list[Measured]:
    """Give the heaviest known facts of one number, at most MAX_FACTS, their contributions scaled to 1 in all."""
    names = [*peers.names, SHARED_VICTIMS]
    values = np.array([*(columns[name][node] for name in peers.names), grounds.shared_victims.get(node, 0)])
    told = np.flatnonzero((weights >= LEAST_CONTRIBUTION) & ~np.isnan(values))
    best = sorted(told, key=lambda at: (-weights[at], names[at]))[:MAX_FACTS]
    typical = [*peers.typical, 0.0]
    total = float(np.sum(weights[best]))
    return [Measured(names[at], float(values[at]), float(typical[at]), float(weights[at]) / total) for at in best]


def _fact(node: int, measured: Measured, window: Window) -> dict[str, object]:
    return {
        "node": node,
        "feature": measured.feature,
        "value": measured.value,
        "unit": unit_of(measured.feature),
        "typical": None if np.isnan(measured.typical) else measured.typical,
        "contribution": round(measured.contribution, 6),
        "text": sentence(measured, window),
    }
