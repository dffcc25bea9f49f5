"""Operator mappings: how one operator's files become canonical calls."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, Self

import phonenumbers
from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from configs import Section, operator_yaml, validated
from ingest.cdr import CALL_SCHEMA
from ingest.timestamps import ISO_8601, LayoutError, layouts
from ingest.zones import ZoneError, load_zone

REQUIRED = ("caller", "callee", "started", "talk_ms")
DERIVED = ("operator", "caller_kind", "call_key")  # made here, never read
READABLE = tuple(name for name in CALL_SCHEMA.names if name not in DERIVED)

OneCharacter = Annotated[str, StringConstraints(pattern=r"^[\x09\x20-\x7e]$")]
HeaderName = Annotated[str, BeforeValidator(lambda name: fold(str(name))), StringConstraints(min_length=1)]


class CsvDialect(Section):
    """How rows are written in a CSV file; never guessed."""

    delimiter: OneCharacter = ","
    quote: OneCharacter = '"'

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.delimiter == self.quote:
            raise ValueError("delimiter and quote must differ")
        return self


class SourceField(Section):
    """Where one canonical column comes from."""

    source: HeaderName = Field(alias="from")
    optional: bool = False
    format: str | None = None  # of `started`: iso8601 or a fixed layout as %Y%m%d %H%M
    unit: Literal["s", "ms"] = "s"  # of `talk_ms`


class Operator(Section):
    """The mapping of one operator."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
    country: str  # ISO 3166 alpha-2, for numbers without a country code
    zone: str  # IANA, of times without an offset
    numbers: Literal["e164", "opaque"]
    csv: CsvDialect = CsvDialect()
    fields: dict[str, SourceField]
    own_names: bool = False  # whether canonical columns may follow under their own names
    left_out: tuple[str, ...] = ()  # patterns of file names in a folder that are no CDR files

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str) -> str:
        if country not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError(f"{country!r} is no country of libphonenumber; write two capital letters, as IN")
        return country

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            load_zone(zone)
        except ZoneError as error:
            raise ValueError(str(error)) from None
        return zone

    @field_validator("fields")
    @classmethod
    def _whole(cls, fields: dict[str, SourceField]) -> dict[str, SourceField]:
        faults = [f"{name} is missing" for name in REQUIRED if name not in fields or fields[name].optional]
        faults += [f"{name} is no column that is read" for name in fields if name not in READABLE]
        sources = [field.source for field in fields.values()]
        faults += [f"{source} is used twice" for source in sorted({s for s in sources if sources.count(s) > 1})]
        if faults:
            raise ValueError("; ".join(faults))
        return fields

    @field_validator("fields")
    @classmethod
    def _layout(cls, fields: dict[str, SourceField]) -> dict[str, SourceField]:
        try:
            layouts(fields["started"].format or ISO_8601 if "started" in fields else ISO_8601)
        except LayoutError as error:
            raise ValueError(str(error)) from None
        return fields

    @property
    def digest(self) -> str:
        """SHA-256 of the mapping, hex: another mapping reads the same file anew."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_operator(name: str) -> Operator:
    """Give the mapping of `configs/operators/NAME.yaml`; raises ConfigError with every fault at once."""
    return validated(Operator, {"name": name, **operator_yaml(name)}, f"configs/operators/{name}.yaml")


def fold(name: str) -> str:
    """Give a header name as it is compared: trimmed and case-folded."""
    return name.strip().casefold()
