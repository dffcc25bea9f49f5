"""The features that need what only some records have: devices, SIMs, cells, trunks, messages, forwarded calls."""

from __future__ import annotations

from graph.features.feature import MESSAGES, Feature, Tier, count, of

_IMEI, _IMSI, _CELL = ("imei",), ("imsi",), ("cell",)


def _device(name: str, unit: str, definition: str, needs: tuple[str, ...] = _IMEI, tier: Tier = "additive") -> Feature:
    return Feature(name, "devices", unit, tier, definition, needs)


def _messages(name: str, unit: str, definition: str, tier: Tier = "additive") -> Feature:
    return count(name, "messages", unit, tier, definition, (MESSAGES,))


def _forwards(name: str, unit: str, definition: str) -> Feature:
    return count(name, "forwarding", unit, "additive", definition, ("forwarded_to",))


_DEVICES = (_device("devices", "devices", "different devices (IMEI) called from"),)
_SIMS = (_device("sims", "SIMs", "different SIMs (IMSI) called with", _IMSI),)
_SHARED = (
    _device(
        *("imei_per_sim", "devices", "most devices that one of the number's SIMs was in, whichever number called"),
        (*_IMEI, *_IMSI),
    ),
    _device(
        *("sims_per_imei", "SIMs", "most SIMs that one of the number's devices called with, whichever number called"),
        (*_IMEI, *_IMSI),
    ),
    _device("numbers_per_imei", "numbers", "most numbers that one of the number's devices called as"),
    _device(
        *("device_changes", "changes", "consecutive calls with a device on record that have different ones"),
        tier="sequence",
    ),
    _device(
        *("sim_changes", "changes", "consecutive calls with a SIM on record that have different ones", _IMSI),
        tier="sequence",
    ),
    _device(
        *("device_change_hours", "h", "from the first call of the newest change of device to the window's end"),
        tier="sequence",
    ),
    _device(
        *("sim_change_hours", "h", "from the first call of the newest change of SIM to the window's end", _IMSI),
        tier="sequence",
    ),
)
_CELLS = (
    Feature("cells", "cells", "cells", "additive", "different cells called from", _CELL),
    Feature("cell_entropy", "cells", "bits", "additive", "Shannon entropy of the cells of the attempts", _CELL),
    Feature(
        "top_cell_share", "cells", "share", "additive", "attempts from the commonest cell / attempts with one", _CELL
    ),
)
_TRUNKS = (
    Feature("trunks_in", "trunks", "trunks", "additive", "different trunks its calls came in by", ("trunk_in",)),
    Feature("trunks_out", "trunks", "trunks", "additive", "different trunks its calls left by", ("trunk_out",)),
    Feature(
        *("trunk_entropy", "trunks", "bits", "additive"),
        "Shannon entropy of the trunks its calls came in by (a spoofed number comes in by many)",
        ("trunk_in",),
    ),
    Feature(
        *("top_trunk_share", "trunks", "share", "additive"),
        "attempts that came in by the commonest trunk / attempts with one",
        ("trunk_in",),
    ),
)
_MESSAGES = (
    _messages("sms_sent", "messages", "messages sent to others"),
    _messages("sms_recipients", "numbers", "different others who were sent a message"),
    _messages("sms_peak_hour_recipients", "numbers", "most different others who were sent one in a UTC hour"),
    Feature(
        *("sms_reply_share", "messages", "share", "slow"),
        "recipients who sent a message to the number / recipients",
        (MESSAGES,),
    ),
    Feature(*("sms_share", "messages", "share", "additive"), "messages sent / messages sent and attempts", (MESSAGES,)),
)
_FORWARDING = (
    _forwards("forward_targets", "numbers", "different numbers that the line sends calls on to"),
    _forwards("forwarded_calls", "calls", "calls to the line that it sent on"),
    _forwards("forward_sources", "numbers", "different lines that send calls on to the number"),
    Feature(
        *("forwarded_in_share", "forwarding", "share", "additive"),
        "calls that other lines sent on to the number / those and the calls received from others",
        ("forwarded_to",),
    ),
)
EQUIPMENT: tuple[Feature, ...] = (
    *of(("range", "sim", "cell"), _DEVICES),
    *of(("range", "device", "cell"), _SIMS),
    *_SHARED,
    *of(("range", "device", "sim"), _CELLS),
    *of(("range",), _TRUNKS),
    *_MESSAGES,
    *_FORWARDING,
)
