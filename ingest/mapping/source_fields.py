"""Where a canonical column comes from: sources in the file, and what is done with their texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BeforeValidator, Field, field_validator, model_validator

from configs import Section
from ingest.mapping.dialects import SourceName
from ingest.values.durations import Unit
from ingest.values.timestamps import ISO_8601, LayoutError, layouts
from ingest.values.zones import ZoneError, load_zone


def _listed(given: object) -> object:
    return (given,) if isinstance(given, str | int) else given


Sources = Annotated[tuple[SourceName, ...], BeforeValidator(_listed)]


def known_zone(name: str) -> str:
    """Give the name of an IANA zone back; raises ValueError."""
    try:
        load_zone(name)
    except ZoneError as error:
        raise ValueError(str(error)) from None
    return name


def known_country(country: str) -> str:
    """Give an ISO 3166 code back; raises ValueError for what libphonenumber does not know."""
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"{country!r} is no country of libphonenumber; write two capital letters, as IN")
    return country


def known_layout(format_: str) -> str:
    """Give a time format back; raises ValueError."""
    try:
        layouts(format_)
    except LayoutError as error:
        raise ValueError(str(error)) from None
    return format_


def _expression(pattern: str) -> str:
    try:
        pc.match_substring_regex(pa.array([""]), pattern)  # RE2, which the rows are read with
    except pa.ArrowInvalid as error:
        raise ValueError(f"no regular expression of RE2: {error}") from None
    return pattern


class SourceField(Section):
    """One canonical column: `from` names its sources, the other keys say what is done with them, in this order.

    Several sources: joined by `join`, else the first that is not empty. Then `split`/`part`, `regex` (its first
    group), `lookup`. `minus` and `until` give lengths of time from two sources. `else` stands where a lookup, a
    regex or an `until` finds nothing.
    """

    sources: Sources = Field(default=(), alias="from")
    constant: str | None = None
    optional: bool = False
    join: str | None = None
    split: str | None = Field(default=None, min_length=1)
    part: int = Field(default=0, ge=0)
    regex: str | None = None
    lookup: dict[str, str] | None = None
    otherwise: str | None = Field(default=None, alias="else")
    minus: Sources = ()
    until: Sources = ()
    format: Annotated[tuple[str, ...], BeforeValidator(_listed)] = (ISO_8601,)  # of a time; tried in this order
    zone: str | None = None  # of a time without an offset; default: the mapping's
    unit: Unit = "s"  # of a length of time
    country: str | None = None  # of a number without a country code; default: the mapping's

    @field_validator("regex")
    @classmethod
    def _one_group(cls, pattern: str | None) -> str | None:
        if pattern is None:
            return None
        try:
            pc.replace_substring_regex(pa.array([""]), f"(?:{_expression(pattern)})", r"\1")
        except pa.ArrowInvalid:
            raise ValueError("the expression must have a group: what stands in it is taken") from None
        return pattern

    @field_validator("format")
    @classmethod
    def _known_layout(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(known_layout(format_) for format_ in formats)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        return None if zone is None else known_zone(zone)

    @field_validator("country")
    @classmethod
    def _known_country(cls, country: str | None) -> str | None:
        return None if country is None else known_country(country)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.constant is None) == (not self.sources):
            raise ValueError("write either `from` or `constant`")
        if self.minus and self.until:
            raise ValueError("write either `minus` or `until`")
        if self.join is not None and len(self.sources) < 2:
            raise ValueError("`join` needs more than one source under `from`")
        return self

    @property
    def all_sources(self) -> tuple[str, ...]:
        """Every source that is looked at."""
        return (*self.sources, *self.minus, *self.until)

    @property
    def is_plain(self) -> bool:
        """Whether the column is one source as it stands, so that typed values stay typed."""
        changed = (self.join, self.split, self.regex, self.lookup)
        return len(self.all_sources) == 1 and all(value is None for value in changed)

    @property
    def mapped_unit(self) -> Unit:
        """The unit in which a length of time stands once the field is mapped."""
        return "ms" if self.minus or self.until else self.unit

    def missing(self, names: frozenset[str]) -> Iterator[str]:
        """Give the sources without which the field cannot be made of a file with these names."""
        for group in (self.sources, self.minus, self.until):
            lacking = [name for name in group if name not in names]
            alternatives = self.join is None or group is not self.sources
            if not alternatives or len(lacking) == len(group):  # one of several is enough
                yield from lacking


class Filter(Section):
    """A condition that rows must meet to be calls: texts, trimmed, `in` a list, `not_in` it, or `matches` a regex."""

    source: SourceName = Field(alias="from")
    among: tuple[str, ...] | None = Field(default=None, alias="in")
    not_in: tuple[str, ...] | None = None
    matches: str | None = None

    @field_validator("matches")
    @classmethod
    def _expression(cls, pattern: str | None) -> str | None:
        return None if pattern is None else _expression(pattern)

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if sum(value is not None for value in (self.among, self.not_in, self.matches)) != 1:
            raise ValueError("write exactly one of `in`, `not_in`, `matches`")
        return self


class Pairs(Section):
    """Records of which two make a call: `begin` and `end`, tied by the columns of `dialog`.

    The first of `dialog` names the call, the other two are its ends' tags, which may be swapped.
    """

    dialog: tuple[SourceName, SourceName, SourceName]
    begin: Filter
    end: Filter
    failed: Filter | None = None  # begins that never were answered: calls of their own
    within_h: int = Field(default=24, ge=1, le=24)

    @property
    def all_sources(self) -> tuple[str, ...]:
        """Every source that is looked at."""
        filters = (self.begin, self.end, *([self.failed] if self.failed else []))
        return (*self.dialog, *(condition.source for condition in filters))


NumberScheme = Literal["e164", "opaque"]
