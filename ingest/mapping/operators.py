"""Operator mappings: how one operator's files become canonical calls.

The folder is the registry: `configs/operators/NAME.yaml`, or `HOME/operators/NAME.yaml` for a user's own. Beside it may
stand `NAME.py`, the way out where YAML does not reach (`ingest.mapping.hatch`), and an ASN.1 module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from configs import OperatorFiles, Section, operator_files, validated
from ingest.cdr import CALL_SCHEMA
from ingest.mapping.dialects import BerDialect, CsvDialect, FixedDialect, Format, JsonDialect, SourceName, XmlDialect
from ingest.mapping.hatch import Hatch, load_hatch
from ingest.mapping.source_fields import Filter, NumberScheme, Pairs, SourceField, known_country, known_zone

NAME_PATTERN = r"^[a-z][a-z0-9_-]{0,62}$"
REQUIRED = ("caller", "callee", "started", "talk_ms")
DERIVED = ("operator", "caller_kind", "call_key")  # made here, never read
READABLE = tuple(name for name in CALL_SCHEMA.names if name not in DERIVED)


class Operator(Section):
    """The mapping of one operator."""

    name: Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
    country: str  # ISO 3166 alpha-2, for numbers without a country code
    zone: str  # IANA, of times without an offset
    numbers: NumberScheme
    withheld: tuple[SourceName | Annotated[str, Field(max_length=0)], ...] = ()  # texts that mean: number withheld
    prefixes: dict[str, str] = Field(
        default_factory=dict
    )  # beginnings of numbers that are replaced before anything else
    format: Format | None = None  # of files whose name does not say it
    csv: CsvDialect = CsvDialect()
    fixed: FixedDialect | None = None
    json_: JsonDialect = Field(default=JsonDialect(), alias="json")
    xml: XmlDialect | None = None
    ber: BerDialect | None = None
    only: tuple[Filter, ...] = ()  # which rows are calls
    fields: dict[str, SourceField]
    pairs: Pairs | None = None
    own_names: bool = False  # whether canonical columns may follow under their own names
    left_out: tuple[str, ...] = ()  # patterns of file names in a folder that are no CDR files
    files: OperatorFiles = Field(default=OperatorFiles(), repr=False)  # what lies beside the mapping

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str) -> str:
        return known_country(country)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return known_zone(zone)

    @field_validator("fields")
    @classmethod
    def _whole(cls, fields: dict[str, SourceField]) -> dict[str, SourceField]:
        faults = [f"{name} is missing" for name in REQUIRED if name not in fields or fields[name].optional]
        faults += [f"{name} is no column that is read" for name in fields if name not in READABLE]
        if faults:
            raise ValueError("; ".join(faults))
        return fields

    @cached_property
    def sources(self) -> frozenset[str]:
        """Every name that is looked for in a file, canonical ones included where they may follow."""
        own = READABLE if self.own_names else ()
        made = self.hatch.makes if self.hatch else ()
        return frozenset({*self._named(), *own} - {*made})

    @cached_property
    def hatch(self) -> Hatch | None:
        """The mapping's own code, None where there is none."""
        return load_hatch(self.name, self.files.code) if self.files.code else None

    @property
    def countries(self) -> set[str]:
        """The countries in which numbers may be dialled."""
        return {self.country, *(field.country for field in self.fields.values() if field.country)}

    def country_of(self, name: str) -> str:
        """Give the country in which the numbers of a canonical column are dialled."""
        field = self.fields.get(name)
        return (field.country if field else None) or self.country

    @property
    def digest(self) -> str:
        """SHA-256 of the mapping and the files beside it, hex: another mapping reads the same file anew."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def missing(self, names: frozenset[str]) -> list[str]:
        """Give the sources that calls cannot do without and that are not among a file's names."""
        made = frozenset({*names, *(self.hatch.makes if self.hatch else ())})
        needed = [name for field in self.fields.values() if not field.optional for name in field.missing(made)]
        conditions = [condition.source for condition in self.only]
        others = [
            *conditions,
            *(self.pairs.all_sources if self.pairs else ()),
            *(self.hatch.needs if self.hatch else ()),
        ]
        return list(dict.fromkeys([*needed, *(name for name in others if name not in made)]))

    def _named(self) -> Iterator[str]:
        for field in self.fields.values():
            yield from field.all_sources
        yield from (condition.source for condition in self.only)
        yield from self.pairs.all_sources if self.pairs else ()
        yield from self.hatch.needs if self.hatch else ()


def load_operator(name: str, own: Path | None = None) -> Operator:
    """Give the mapping NAME of `own`, a folder of the user's, or of configs/operators.

    Raises ConfigError with every fault at once.
    """
    found = operator_files(name, own)
    operator = validated(Operator, {"name": name, **found.mapping, "files": found.beside}, found.where)
    _ = operator.sources  # code that cannot be used is told now, not at the first row
    return operator
