"""Alerts in words: from the number's facts, its module and its campaign."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from detectors.campaigns.report import Campaign
from detectors.registry import fraud_modules

FACTS_TOLD = 3


class AlertTexts:
    """Words the alerts of one run."""

    def __init__(self, evidence: pa.Table, campaigns: Iterable[Campaign]) -> None:
        self._titles = {module.name: module.text.title for module in fraud_modules()}
        self._campaigns = {campaign.identity.id: campaign.identity.name for campaign in campaigns}
        self._facts: dict[int, list[str]] = {}
        for node, text in zip(evidence["node"].to_pylist(), evidence["text"].to_pylist(), strict=True):
            self._facts.setdefault(node, []).append(text)

    def title(self, fraud_type: str | None, campaign: str | None, exposure: int) -> str:
        """Say what it is about: the fraud type, how many were reached, and the campaign."""
        what = self._titles.get(fraud_type or "", "Unusual calling")
        within = f" in campaign {self._campaigns[campaign]}" if campaign else ""
        return f"{what}: {exposure:,} numbers reached{within}"

    def description(self, node: int) -> str:
        """Give the number's strongest facts."""
        return " ".join(self._facts.get(node, [])[:FACTS_TOLD])
