"""ASN.1 BER: records one after the other, read as the module beside the mapping describes them and not otherwise.

A field's name is its dotted path: elements of a list by their number, the alternative of a choice as part of the path.
Octet strings are hex; an ending of the name reads them as mobile networks write them: `.tbcd` (digits, two an octet,
swapped), `.address` (the first octet says what kind of number it is) and `.time` (nine octets of 3GPP TS 32.298).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO

from configs import IngestSettings
from ingest.mapping.dialects import fold
from ingest.mapping.operators import Operator
from ingest.records.ber_tlv import Elements, LengthError, element_at
from ingest.records.ber_types import ModuleError, RecordType, UndescribedError, Value, record_type
from ingest.records.chunk import RAW_BYTES, Content
from ingest.records.records import Names, Record, content_of
from ingest.rejection import RejectedError

_FIELD_BYTES = 200  # that a field takes up beside its text
_DIGITS = "0123456789*#abc"  # 3GPP TS 29.002; 15 fills the last octet
_INTERNATIONAL = 0x10  # of the three bits that say what kind of number it is


def read(stream: IO[bytes], operator: Operator, limits: IngestSettings) -> Content:
    """Read unpacked BER; raises RejectedError now for what its beginning says, later for what follows."""
    names = Names(operator)
    return content_of(_records(stream, _Fields(_type(operator), names), limits), names, limits)


def _type(operator: Operator) -> RecordType:
    if operator.ber is None or operator.files.module is None:
        raise RejectedError(
            "ber_undescribed",
            f"BER says nothing without its ASN.1 module; put it beside mapping {operator.name} and name it in `ber:`",
        )
    try:
        return record_type(operator.files.module, operator.ber.type)
    except ModuleError as error:
        raise RejectedError(
            "ber_undescribed", f"ASN.1 module {operator.ber.module} cannot be used ({error}); mend it"
        ) from None


def _records(stream: IO[bytes], fields: _Fields, limits: IngestSettings) -> Iterator[Record]:
    empty = True
    try:
        for data in Elements(stream, limits.max_row_bytes):
            empty = False
            yield fields.record(data, limits.max_row_bytes)
    except LengthError as error:
        raise _damaged(str(error)) from None
    if empty:
        raise RejectedError("header_missing", "the file is empty; export it anew")


class _Fields:
    """Reads elements into records."""

    def __init__(self, type_: RecordType, names: Names) -> None:
        self._type, self._names = type_, names
        self._endings: dict[str, list[str]] = {}  # path, folded → endings under which it is wanted
        for name in names.wanted:
            path, _, ending = name.rpartition(".")
            if ending in _OCTETS:
                self._endings.setdefault(path, []).append(ending)
        self._read_otherwise = self._endings.keys() - {*names.wanted}

    def record(self, data: bytes, most_bytes: int) -> Record:
        """Give an element as a record; raises RejectedError for one of a kind that the module does not know."""
        tag = element_at(data, 0).tag
        if tag not in self._type.tags:
            raise _damaged(f"an element with the tag {tag.hex()} stands where a record should begin")
        if len(data) > most_bytes:
            return self._dead(data, "row_too_long")
        try:
            values = self._type.read(data)
        except UndescribedError:
            return self._dead(data, "row_ber")
        return self._read(values, len(data))

    def _read(self, values: dict[str, Value], size: int) -> Record:
        written: dict[str, str | None] = {}
        for path, value in values.items():
            written[path] = _text(value)
            for ending in self._endings.get(fold(path), ()):
                written[f"{path}.{ending}"] = _OCTETS[ending](value) if isinstance(value, bytes) else None
        texts: list[str | None] = [None] * len(self._names.wanted)
        for name, text in written.items():
            place = None if fold(name) in self._read_otherwise else self._names.place(name)
            if place is not None:
                texts[place] = text
        fault = "row_nul" if any("\0" in text for text in texts if text) else ""
        return Record(() if fault else texts, written, size + _FIELD_BYTES * len(written), fault)

    def _dead(self, data: bytes, fault: str) -> Record:
        return Record((), {"ber": data[: RAW_BYTES // 2].hex()}, min(2 * len(data), RAW_BYTES), fault)


def _text(value: Value) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else str(value)


def _tbcd(octets: bytes) -> str:
    """Give digits, two an octet, the first in the lower half; what is no digit stays a letter, which is refused."""
    halves = [half for octet in octets for half in (octet & 0xF, octet >> 4)]
    if halves and halves[-1] == 0xF:
        halves.pop()
    return "".join(_DIGITS[half] if half < len(_DIGITS) else "f" for half in halves)


def _address(octets: bytes) -> str:
    """Give a number whose first octet says of what kind it is; an international one begins with +."""
    sign = "+" if octets[:1] and octets[0] & 0x70 == _INTERNATIONAL else ""
    return sign + _tbcd(octets[1:])


def _time(octets: bytes) -> str:
    """Give YYMMDDhhmmss, a sign and hhmm, the digits two an octet, as ISO 8601; as hex where they are not that."""
    digits, sign = octets.hex(), octets[6:7].decode("latin-1")
    if len(octets) != 9 or sign not in ("+", "-"):
        return digits
    year, month, day, hour, minute, second = (digits[place : place + 2] for place in range(0, 12, 2))
    return f"20{year}-{month}-{day}T{hour}:{minute}:{second}{sign}{digits[14:16]}:{digits[16:18]}"


_OCTETS: dict[str, Callable[[bytes], str]] = {"tbcd": _tbcd, "address": _address, "time": _time}


def _damaged(detail: str) -> RejectedError:
    return RejectedError("ber_damaged", f"not a whole BER file ({detail}); fetch it again from its source")
