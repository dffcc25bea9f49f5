"""`lookup`, `campaigns` and `alerts`: what was found."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli.asking import PAGE, asking, every
from api.cli.options import CommandError, HomeOption, JsonOption, OperatorFilter, StoreOption, guarded
from api.cli.output import print_json, print_table, say
from graph.windows import Window, iso

if TYPE_CHECKING:
    from api.cli.asking import Asking
    from api.reads import CampaignRecord, Page

NO_REPORTS = 0  # reports by users have no source yet (docs/api.md)
SHOWN_LINKS = 20


@guarded
def lookup(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER…", help="Numbers as people write them.")],
    home: HomeOption,
    operator: OperatorFilter = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is known of numbers: verdict, risk (0–100), evidence, campaign."""
    with asking(home, store) as ask:
        found = [_number(ask, number, operator) for number in numbers]
        window = _span(ask.view.window)
    if as_json:
        print_json({"window": window, "numbers": found})
        return
    for number in found:
        _show_number(number, window)


@guarded
def list_campaigns(home: HomeOption, as_json: JsonOption = False) -> None:
    """List campaigns, the riskiest first."""
    with asking(home) as ask:
        found = [_campaign(row) for row in every(lambda after: _campaign_page(ask, after))]
        window = _span(ask.view.window)
    if as_json:
        print_json({"window": window, "campaigns": found})
        return
    columns = ("id", "name", "type", "status", "risk (0–100)", "members", "victims", "victims/day", "last seen (UTC)")
    rows = [
        (
            *(c[name] for name in ("id", "name", "fraud_type", "status")),
            f"{c['risk']:.0f}",
            *(c[name] for name in ("members", "victims")),
            f"{c['velocity']:.1f}",
            c["last_seen"],
        )
        for c in found
    ]
    print_table(f"Campaigns, {window['from']} .. {window['to']}", columns, rows)
    say("Next: `ringfence campaigns show ID`." if found else "No campaign was found in this window.")


@guarded
def show_campaign(
    campaign: Annotated[str, typer.Argument(metavar="ID", help="Id as `ringfence campaigns list` shows it.")],
    home: HomeOption,
    as_json: JsonOption = False,
) -> None:
    """Show one campaign: members with roles, links with reasons, events."""
    from api.reads import NotFound

    with asking(home) as ask:
        record = ask.reads.campaign(ask.view, campaign)
        if isinstance(record, NotFound):
            raise CommandError(f"{record.message} `ringfence campaigns list` shows them.")
        found = {**_campaign(record), **_parts(ask, campaign), "window": _span(ask.view.window)}
    if as_json:
        print_json(found)
    else:
        _show_campaign(found)


@guarded
def list_alerts(
    home: HomeOption,
    severity: Annotated[Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"] | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List alerts: the numbers to look at first, within the daily budget."""
    with asking(home) as ask:
        found = [
            {**asdict(alert), "as_of": iso(alert.as_of), "created_at": iso(alert.created_at)}
            for alert in ask.reads.alerts(severity, None, limit)
        ]
        counted = ask.reads.stats(ask.view).alerts_counted
    if as_json:
        print_json({"alerts": found, "counted_beyond_budget": counted})
        return
    columns = ("severity", "number", "type", "risk (0–100)", "campaign", "what")
    rows = [(a["severity"], a["number"], a["fraud_type"], f"{a['risk']:.0f}", a["campaign"], a["title"]) for a in found]
    print_table("Alerts", columns, rows)
    say(f"{counted} more numbers qualify beyond the alert budget.")


def _number(ask: Asking, text: str, operator: str | None) -> dict[str, Any]:
    from api.reads import InvalidNumber, NoData

    record = ask.reads.lookup(ask.view, text, operator)
    if isinstance(record, NoData | InvalidNumber):
        return {**NOTHING_KNOWN, "number": record.number, "message": record.message}
    node, carrier = record.node, ask.reads.carrier(ask.view, record)
    return {
        "number": node.key.number,
        "operator": node.key.operator,
        "verdict": node.verdict,
        "risk": node.risk,
        "risk_basis": record.risk_basis,
        "role": node.role,
        "fraud_type": node.fraud_type,
        "campaign": node.campaign,
        "evidence": [asdict(fact) for fact in ask.reads.evidence(ask.view, record)],
        "carrier": carrier.name,
        "carrier_source": carrier.source,
        "region": ask.reads.region(record),
        "country": node.country,
        "line_type": node.line_type,
        "first_seen": iso(node.first_seen),
        "last_seen": iso(node.last_seen),
        "reports": NO_REPORTS,
    }


NOTHING_KNOWN: dict[str, Any] = {
    "number": "",
    "verdict": "NO_DATA",
    "risk": 0.0,
    "risk_basis": "none",
    "role": "none",
    "fraud_type": None,
    "campaign": None,
    "evidence": [],
    "carrier": None,
    "carrier_source": None,
    "region": None,
    "country": None,
    "line_type": None,
    "first_seen": None,
    "last_seen": None,
    "reports": NO_REPORTS,
}


def _campaign_page(ask: Asking, after: str | None) -> Page[CampaignRecord]:
    from api.reads import CampaignFilter

    return ask.reads.campaigns(ask.view, CampaignFilter(), PAGE, after)


def _campaign(record: CampaignRecord) -> dict[str, Any]:
    return {**asdict(record), "first_seen": iso(record.first_seen), "last_seen": iso(record.last_seen)}


def _parts(ask: Asking, campaign: str) -> dict[str, Any]:
    members = every(lambda after: ask.reads.members(ask.view, campaign, PAGE, after))
    links = every(lambda after: ask.reads.links(ask.view, campaign, PAGE, after))
    return {
        "members_count": len(rows := list(members)),
        "members": [
            {"number": m.number.node.key.number, "role": m.role, "risk": m.risk, "since": iso(m.since)} for m in rows
        ],
        "links": [
            {"a": li.a.node.key.number, "b": li.b.node.key.number, "reason": li.reason, "weight": li.weight}
            | {"shared": li.shared}
            for li in links
        ],
        "events": [
            {"at": iso(e.at), "kind": e.kind, "added": e.added, "removed": e.removed, "others": e.others}
            for e in ask.reads.campaign_events(campaign)
        ],
    }


def _show_number(number: dict[str, Any], window: dict[str, str]) -> None:
    if number["verdict"] == "NO_DATA":
        say(f"{number['number']}: NO_DATA. {number['message']}")
        return
    say(f"{number['number']}: {number['verdict']}, risk {number['risk']:.0f} of 100 (basis: {number['risk_basis']})")
    plan = ("country", "region", "line_type", "carrier", "carrier_source")
    known = ("operator", "role", "fraud_type", "campaign", *plan, "first_seen", "last_seen")
    print_table(f"{window['from']} .. {window['to']}", ("what", "value"), [(name, number[name]) for name in known])
    if number["evidence"]:
        print_table(
            "Evidence",
            ("fact", "share of the score"),
            [(f["text"], f"{f['contribution']:.0%}") for f in number["evidence"]],
        )


def _show_campaign(found: dict[str, Any]) -> None:
    head = (
        "name",
        "fraud_type",
        "status",
        "risk",
        "victims",
        "affected",
        "density",
        "velocity",
        "first_seen",
        "last_seen",
    )
    print_table(f"Campaign {found['id']}", ("what", "value"), [(name, found[name]) for name in head])
    rows = [(m["number"], m["role"], f"{m['risk']:.0f}", m["since"]) for m in found["members"]]
    print_table("Members", ("number", "role", "risk (0–100)", "since (UTC)"), rows)
    links = [
        (li["a"], li["b"], li["reason"], f"{li['weight']:.2f}", li["shared"]) for li in found["links"][:SHOWN_LINKS]
    ]
    print_table(
        f"Strongest links ({len(links)} of {len(found['links'])})",
        ("a", "b", "reason", "weight (0–1)", "shared"),
        links,
    )
    events = [(e["at"], e["kind"], len(e["added"]), len(e["removed"])) for e in found["events"]]
    print_table("Events", ("at (UTC)", "kind", "added", "removed"), events)


def _span(window: Window) -> dict[str, str]:
    return {"from": iso(window.start), "to": iso(window.end)}
