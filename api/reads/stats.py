"""The run in front in a few figures."""

from __future__ import annotations

import pyarrow.compute as pc

from api.reads.answers import Stats
from api.reads.view import View


def stats(view: View, open_alerts: int) -> Stats:
    """Give the figures of the run in front.

    total_calls are all accepted records of the window, of whatever kind, calls to oneself among them. blocked_threats
    is 0 as long as there are no block lists to count calls against.
    """
    counts = view.snapshot.manifest["counts"]
    verdicts = view.results.scores["verdict"]
    return Stats(
        window_start=view.window.start,
        window_end=view.window.end,
        as_of=view.run.as_of,
        total_calls=int(view.snapshot.manifest["window_records"]),
        numbers=int(counts["numbers"]),
        edges=int(counts["edges"]),
        dangerous=_count(verdicts, "DANGEROUS"),
        suspicious=_count(verdicts, "SUSPICIOUS"),
        active_campaigns=sum(campaign.status == "ACTIVE" for campaign in view.campaigns.values()),
        alerts=open_alerts,
        alerts_counted=int(view.results.manifest["counts"]["alerts_counted"]),
        blocked_threats=0,
        answer_state_inferred=bool(view.snapshot.manifest["answer_state_inferred"]),
        store=view.store.name,
        stale_since=view.store.stale_since,  # after the name, which looks
        run=view.run.run_id,
    )


def _count(verdicts: object, verdict: str) -> int:
    return int(pc.sum(pc.equal(verdicts, verdict)).as_py() or 0)
