"""What values look like: telephone numbers, devices, SIM cards, lengths of time, words for how a call went."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingest.guessing.table import filled, share

MOST = 0.9  # of the values that are not empty must be of a kind
_NUMBER = re.compile(r"[(\[ ]*\+?[0-9()\[\] -]+")
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_CLOCK = re.compile(r"([0-9]{1,3}:)?[0-9]{1,3}:[0-5][0-9](\.[0-9]{1,9})?")
_GO = re.compile(r"(?=.)([0-9]+h)?([0-9]+m(?!s))?([0-9]+(\.[0-9]+)?(s|ms|us|µs|ns))?")
_ADDRESS = re.compile(r"(?i)^[^:<]{0,80}<?(sips?|tel):")
_DIGITS_15 = re.compile(r"[0-9]{15}")
URI = r"(?i)^(?:[^:<]{0,80}<?(?:sips?|tel):)?([^@;>?]+)"  # the user part of a SIP or tel address, or the text itself

WITHHELD = frozenset(
    {"anonymous", "restricted", "private", "unknown", "unavailable", "unavail", "withheld", "blocked", "hidden"}
    | {"suppressed", "nocallerid", "payphone", "coinline"}
)
ANSWERED = {
    **dict.fromkeys(("answered", "answer", "completed", "connected", "success", "successful", "ok"), "true"),
    **dict.fromkeys(("200", "yes", "y", "true", "t", "complete", "talked", "contestada"), "true"),
    **dict.fromkeys(("no answer", "noanswer", "no_answer", "no-answer", "busy", "failed", "fail", "failure"), "false"),
    **dict.fromkeys(("cancel", "cancelled", "canceled", "congestion", "missed", "unanswered", "rejected"), "false"),
    **dict.fromkeys(("declined", "not answered", "unreachable", "no", "n", "false", "f", "abandoned"), "false"),
    **dict.fromkeys(("chanunavail", "unavailable", "unallocated", "error", "timeout", "480", "486", "487"), "false"),
    **dict.fromkeys(("404", "403", "408", "603", "503", "500", "ocupado", "no contestada", "user busy"), "false"),
}
_FLAGS = {"1": "true", "0": "false"}  # only beside each other
KINDS = {
    **dict.fromkeys(("voice", "call", "voicecall", "voice call", "moc", "mtc", "mo", "mt", "tel"), "voice"),
    **dict.fromkeys(("*voice", "speech", "telephony", "voz", "phone", "audio", "video", "voice_call"), "voice"),
    **dict.fromkeys(("sms", "smsmo", "smsmt", "sms-mo", "sms-mt", "sms_mo", "sms_mt", "mo-sms", "*sms"), "sms"),
    **dict.fromkeys(("text", "message", "sms mo", "sms mt", "mosms", "mtsms", "mms", "short message"), "sms"),
    **dict.fromkeys(("forward", "forwarded", "cf", "cfu", "callforward", "call forward", "diverted"), "forward"),
}
NOT_CALLS = frozenset(("data", "gprs", "internet", "pdp", "packet", "ussd", "*data", "location"))


def held(texts: Sequence[str], fits: Callable[[str], object]) -> float:
    """Give the share of the texts that fit, of those that are not empty."""
    given = filled(texts)
    return share(sum(bool(fits(text)) for text in given), len(given))


def is_number(text: str) -> bool:
    """Whether a text is spelt as a telephone number or a short code."""
    return bool(_NUMBER.fullmatch(text)) and 3 <= sum(c.isdigit() for c in text) <= 15


def is_long_number(text: str) -> bool:
    """Whether a text is spelt as a telephone number that is no short code."""
    return is_number(text) and sum(c.isdigit() for c in text) >= 7


def is_seconds(text: str) -> bool:
    """Whether a text may be a length of time in plain digits."""
    return bool(_DECIMAL.fullmatch(text))


def is_clock(text: str) -> bool:
    """Whether a text may be a length of time as 1:02:03."""
    return bool(_CLOCK.fullmatch(text))


def is_go(text: str) -> bool:
    """Whether a text may be a length of time as 1m3.5s; `0` stands beside such lengths."""
    return bool(_GO.fullmatch(text)) or text == "0"


def is_device(text: str) -> bool:
    """Whether a text is an IMEI: 15 digits of which the last is the check digit."""
    return bool(_DIGITS_15.fullmatch(text)) and _luhn(text)


def is_sim(text: str) -> bool:
    """Whether a text may be an IMSI: 15 digits that begin with a country's code, 2 to 7."""
    return bool(_DIGITS_15.fullmatch(text)) and text[0] in "234567"


def is_address(text: str) -> bool:
    """Whether a text is a SIP or tel address."""
    return bool(_ADDRESS.match(text))


def is_withheld(text: str) -> bool:
    """Whether a text stands for a number that is not shown."""
    return re.sub(r"[\W_]", "", text.casefold()) in WITHHELD


def answers(texts: Sequence[str]) -> dict[str, str]:
    """Give what each distinct text says about the answer, nothing where they are words for something else."""
    return _looked_up(texts, {**ANSWERED, **_FLAGS})


def kinds(texts: Sequence[str]) -> dict[str, str]:
    """Give which kind of call each distinct text says, "" for what is no call; nothing for other words."""
    return _looked_up(texts, {**KINDS, **dict.fromkeys(NOT_CALLS, "")})


def _looked_up(texts: Sequence[str], table: dict[str, str]) -> dict[str, str]:
    distinct = sorted(set(filled(texts)))
    known = {text: table[text.casefold()] for text in distinct if text.casefold() in table}
    enough = sum(text in known for text in filled(texts)) >= MOST * len(filled(texts))
    return known if distinct and enough and len(distinct) <= 40 else {}


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
