"""What the name of a file says: its format and how it is packed."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePath

from ingest.mapping.operators import Operator

GZIP, ZSTD, ZIP = "gzip", "zstd", "zip"
_FORMAT_OF = {
    **{f".{name}": name for name in ("csv", "tsv", "json", "xml", "parquet", "ber")},
    ".jsonl": "json",
    ".ndjson": "json",
    ".asn1": "ber",
    ".fix": "fixed",
    ".fwf": "fixed",
}
_PACKING_OF = {".gz": GZIP, ".zst": ZSTD, ".zip": ZIP}
_MAGICS = {b"\x1f\x8b": GZIP, b"\x28\xb5\x2f\xfd": ZSTD, b"PK\3\4": ZIP, b"PK\5\6": ZIP}
_MAGICS |= {bytes([first]) + b"\x2a\x4d\x18": ZSTD for first in range(0x50, 0x60)}  # frames that are skipped
MAGIC_BYTES = 4
_SAY_NOTHING = ("", ".log", ".cdr", ".dat", ".out", ".txt")  # in folders, for mappings that name a format
KNOWN = "csv, tsv, json, jsonl, ndjson, xml, parquet, ber, fwf; plain, .gz or .zst; or a .zip of such files"


@dataclass(frozen=True)
class Kind:
    """What a file is by its name; each is None where the name does not say it."""

    format: str | None  # one of ingest.mapping.dialects.Format
    packing: str | None  # GZIP, ZSTD or ZIP


@dataclass(frozen=True)
class Naming:
    """How one operator's files are named."""

    fallback: str | None = None  # format of files whose name does not say it
    fixed: bool = False  # whether .txt is fixed width
    left_out: tuple[str, ...] = ()  # patterns of names in folders that are no CDR files

    def kind(self, name: str) -> Kind:
        """Give what the name of a file, its folders left out, says."""
        inner, suffix = _split(name)
        packing = _PACKING_OF.get(suffix)
        if packing is not None:
            inner, suffix = _split(inner)
        return Kind(self._format(suffix), packing)

    def belongs(self, name: str) -> bool:
        """Whether a file of a folder or an archive is taken: what is named outright is always taken."""
        if name.startswith(".") or any(fnmatchcase(name, pattern) for pattern in self.left_out):
            return False
        kind = self.kind(name)
        return kind.packing == ZIP or kind.format is not None or (self.fallback is not None and _says_nothing(name))

    def _format(self, suffix: str) -> str | None:
        return "fixed" if suffix == ".txt" and self.fixed else _FORMAT_OF.get(suffix)


def naming(operator: Operator, chosen: str | None = None) -> Naming:
    """Give how an operator's files are named; `chosen` comes before the mapping's own format."""
    return Naming(chosen or operator.format, operator.fixed is not None, operator.left_out)


def packing_of(begin: bytes) -> str | None:
    """Give the packing that the first MAGIC_BYTES of a file show, None for a plain one."""
    return _MAGICS.get(begin[:4]) or _MAGICS.get(begin[:2])


def suffix_of(packing: str) -> str:
    """Give the suffix of files that are packed so."""
    return next(suffix for suffix, name in _PACKING_OF.items() if name == packing)


def _says_nothing(name: str) -> bool:
    """Whether a name leaves open what the file is, as switches and their log rotation name them."""
    inner, suffix = _split(name)
    if suffix in _PACKING_OF:
        inner, suffix = _split(inner)
    return suffix in _SAY_NOTHING or suffix[1:].isdigit()


def _split(name: str) -> tuple[str, str]:
    path = PurePath(name)
    return path.stem, path.suffix.lower()
