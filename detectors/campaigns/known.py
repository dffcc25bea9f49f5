"""The campaigns of the registry, each as the newest run that reported it saw it.

What a campaign consisted of is kept in the work database, not read from old results: those go after a few runs, and a
campaign must be known again however long it was away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from detectors.campaigns.matching import Profile
from detectors.cut import Cut
from detectors.judgement import BoolArray
from detectors.results_tables import campaign_profiles, campaigns
from detectors.work import Row
from graph.snapshot import NodeArray, Snapshot, node_key, operator_and_number
from ingest.ledger.database import open_database
from ingest.ledger.ledger import committed_runs


@dataclass(frozen=True)
class Known:
    """A campaign's profile."""

    profile: Profile
    version: int  # 1 for the one it was born with


@dataclass(frozen=True)
class KnownCampaigns:
    """The campaigns of a scope that were born by a cut, by id."""

    newest: Mapping[str, Known]
    earlier: Mapping[
        str, Known
    ]  # as the newest of the earlier cuts saw them: the same however often a cut is processed


def known_campaigns(cut: Cut) -> KnownCampaigns:
    """Give the campaigns of the scope that were born by the cut."""
    kept = campaign_profiles.c
    chosen = (
        select(kept.campaign, kept.version, kept.members, kept.victims, kept.run_id)
        .join(campaigns, campaigns.c.id == kept.campaign)
        .where(kept.scope == cut.scope, campaigns.c.born_at <= cut.as_of)
        .order_by(kept.campaign, kept.version)
    )
    before = {
        run.run_id for run in committed_runs(open_database(cut.home, "ledger"), cut.scope) if run.as_of < cut.as_of
    }
    with open_database(cut.home, "work").connect() as connection:
        rows = [
            (row.campaign, row.run_id, Known(Profile(_keys(row.members), _keys(row.victims)), row.version))
            for row in connection.execute(chosen)
        ]
    newest = {campaign: known for campaign, _, known in rows}
    return KnownCampaigns(newest, {campaign: known for campaign, run, known in rows if run in before})


def earlier_members(snapshot: Snapshot, known: KnownCampaigns) -> BoolArray:
    """Tell which nodes were members of a campaign at an earlier cut, [n]."""
    members = np.zeros(len(snapshot.numbers), dtype=bool)
    for campaign in known.earlier.values():
        nodes = (snapshot.node_of(*operator_and_number(key)) for key in campaign.profile.members)
        members[[node for node in nodes if node is not None]] = True
    return members


def needed_profiles(known: KnownCampaigns) -> dict[str, int]:
    """Give by campaign the oldest version that processing the cut again would ask for."""
    return {campaign: of.version for campaign, of in known.earlier.items()}


def profile_rows(scope: str, found: Iterable[tuple[str, Profile]], known: Mapping[str, Known]) -> list[Row]:
    """Give the rows, without the run, of those (campaign, profile) that are not known just so already."""
    return [
        {
            "campaign": campaign,
            "version": known[campaign].version + 1 if campaign in known else 1,
            "scope": scope,
            "members": _texts(profile.members),
            "victims": _texts(profile.victims),
        }
        for campaign, profile in found
        if campaign not in known or known[campaign].profile != profile
    ]


def keys_of(snapshot: Snapshot, nodes: NodeArray) -> frozenset[bytes]:
    """Give the node keys of `nodes`, by which they are known in every snapshot."""
    rows = snapshot.numbers.select(["operator", "number"]).take(nodes)
    return frozenset(map(node_key, rows["operator"].to_pylist(), rows["number"].to_pylist()))


def numbers_of(snapshot: Snapshot, nodes: NodeArray) -> list[str]:
    """Give the numbers of `nodes` as text."""
    return [str(number) for number in snapshot.numbers["number"].take(nodes).to_pylist()]


def _keys(texts: Sequence[str]) -> frozenset[bytes]:
    return frozenset(text.encode("ascii") for text in texts)


def _texts(keys: Iterable[bytes]) -> list[str]:
    return sorted(key.decode("ascii") for key in keys)
