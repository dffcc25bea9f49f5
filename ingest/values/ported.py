"""Ported prefixes: numbers that changed their network, as a table beside the numbering plans.

A CSV file with the header `prefix,carrier`: a prefix is + and the first digits of numbers in E.164, up to all of them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from configs import ConfigError

FILE = "ported.csv"  # in the home
_HEADER = ["prefix", "carrier"]
_PREFIX = re.compile(r"\+[1-9][0-9]{0,14}")
_MOST_SHOWN = 20
_MOST_CHARACTERS = 64


class Ported:
    """Carriers by prefix; the longest prefix of a number wins."""

    def __init__(self, carriers: Mapping[str, str]) -> None:
        self._carriers = carriers
        self._lengths = sorted({len(prefix) for prefix in carriers}, reverse=True)

    def carrier(self, number: str) -> str | None:
        """Give the carrier that the table says for a number in E.164, None where it says nothing."""
        prefixes = (number[:length] for length in self._lengths if length <= len(number))
        return next((self._carriers[prefix] for prefix in prefixes if prefix in self._carriers), None)


def read_ported(path: Path) -> Ported:
    """Read a table of ported prefixes; one that is not there says nothing. Raises ConfigError with every fault."""
    if not path.exists():
        return Ported({})
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    return Ported(_carriers(text, path))


def _carriers(text: str, path: Path) -> dict[str, str]:
    carriers: dict[str, str] = {}
    faults: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _fields(next(reader, []))
        if [name.casefold() for name in header] != _HEADER:
            faults.append(f"line 1: the header is {','.join(header)!r}, not {','.join(_HEADER)!r}")
        for row in filter(any, map(_fields, reader)):
            fault = _fault(row, carriers)
            if fault:
                faults.append(f"line {reader.line_num}: {fault}")
            else:
                carriers[row[0]] = row[1]
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: {error}")
    if faults:
        raise ConfigError("\n".join(_shown(faults, path)))
    return carriers


def _shown(faults: list[str], path: Path) -> list[str]:
    lines = [f"{path}, {fault}" for fault in faults[:_MOST_SHOWN]]
    return [*lines, f"and {len(faults) - _MOST_SHOWN} more"] if len(faults) > _MOST_SHOWN else lines


def _fields(row: list[str]) -> list[str]:
    return [field.strip() for field in row]


def _fault(row: list[str], carriers: Mapping[str, str]) -> str | None:
    if len(row) != len(_HEADER):
        return f"{len(row)} fields, not a prefix and a carrier"
    prefix, carrier = row
    if not _PREFIX.fullmatch(prefix):
        return f"{prefix!r} is no prefix: write + and up to 15 digits, as +9477"
    if prefix in carriers:
        return f"the prefix {prefix} stands there twice"
    if not carrier or not carrier.isprintable() or len(carrier) > _MOST_CHARACTERS:
        return f"the carrier must be 1 to {_MOST_CHARACTERS} printable characters"
    return None
