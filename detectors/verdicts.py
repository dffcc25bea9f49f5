"""What is said of each number once rings are known: the SCORES of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from configs import VerdictSettings
from detectors.campaigns.report import Campaign
from detectors.fusion import Fused, verdict_of
from detectors.judgement import FloatArray
from detectors.results import SCORES

SUSPECTED, VICTIM, NONE = "suspected", "victim", "none"
RING = "ring"
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Verdicts:
    """Final columns, [n]."""

    risk: FloatArray
    basis: Texts
    verdict: Texts
    role: Texts
    fraud_type: Texts
    campaign: Texts

    def table(self, base: FloatArray) -> pa.Table:
        """Give SCORES; NaN in `base` is null."""
        columns = (
            pa.array(base, mask=np.isnan(base)),
            pa.array(self.risk),
            *(pa.array(texts, pa.string()) for texts in (self.basis, self.verdict, self.role)),
            *(pa.array(texts, pa.string()) for texts in (self.fraud_type, self.campaign)),
        )
        return pa.table(columns, schema=SCORES)


def final_verdicts(fused: Fused, campaigns: Sequence[Campaign], settings: VerdictSettings) -> Verdicts:
    """Lay what campaigns say over what behaviour says: members are suspected, those rung by two of them victims."""
    risk, basis, fraud_type = fused.risk.copy(), fused.basis.copy(), fused.fraud_type.copy()
    campaign = np.full(len(risk), None, dtype=object)
    role = np.full(len(risk), NONE, dtype=object)
    for found in campaigns:
        role[found.reach.victims[found.reach.callers > 1]] = VICTIM
    role[fused.holds] = SUSPECTED
    for found in campaigns:
        members = found.ring.members
        lifted = members[found.risk > risk[members]]
        risk[members], basis[lifted] = found.risk, RING
        campaign[members], role[members] = found.identity.id, SUSPECTED
        fraud_type[members] = np.where(fused.holds[members], fraud_type[members], found.ring.fraud_type)
    return Verdicts(risk, basis, verdict_of(risk, settings), role, fraud_type, campaign)
