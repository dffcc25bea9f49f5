"""How an operator's files are written, one section a format; nothing of it is ever guessed from a file."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from configs import Section

Format = Literal["csv", "tsv", "fixed", "json", "xml", "parquet", "ber"]
OneCharacter = Annotated[str, StringConstraints(pattern=r"^[\x09\x20-\x7e]$")]
_TAB = "\t"


def fold(name: str) -> str:
    """Give a header name as it is compared: trimmed and case-folded."""
    return name.strip().casefold()


SourceName = Annotated[str, BeforeValidator(lambda name: fold(str(name))), StringConstraints(min_length=1)]


class CsvDialect(Section):
    """CSV: quotes follow RFC 4180. `header` is true, or the columns in their order where the file has none."""

    delimiter: OneCharacter = ","
    quote: OneCharacter = '"'
    header: Literal[True] | tuple[SourceName, ...] = True
    least_fields: int | None = Field(
        default=None, ge=1
    )  # of a file without a header: a row may leave out the last ones

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.delimiter == self.quote:
            raise ValueError("delimiter and quote must differ")
        if self.least_fields and (self.header is True or self.least_fields > len(self.header)):
            raise ValueError("least_fields needs a list of columns under header, at least as long")
        return self

    @property
    def tabbed(self) -> CsvDialect:
        """The same with tabs, for .tsv files."""
        return self.model_copy(update={"delimiter": _TAB})


class FixedColumn(Section):
    """Bytes [from, to) of a line, counted from 0."""

    name: SourceName
    start: int = Field(alias="from", ge=0)
    end: int = Field(alias="to", ge=1)

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        if self.end <= self.start:
            raise ValueError("`to` must be greater than `from`")
        return self


class FixedDialect(Section):
    """Columns of fixed width; `skip` lines at the beginning are no records."""

    columns: tuple[FixedColumn, ...] = Field(min_length=1)
    skip: int = Field(default=0, ge=0)


class JsonDialect(Section):
    """JSON: objects, one a line or in an array; `records` is the dotted path of that array in the document."""

    records: str | None = None


class XmlDialect(Section):
    """XML: `record` is the local name of the element that is a record."""

    record: Annotated[str, StringConstraints(min_length=1)]


class BerDialect(Section):
    """ASN.1 BER: records of `type` as `module`, a file beside the mapping, describes them."""

    module: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+\.asn1?$")]
    type: Annotated[str, StringConstraints(min_length=1)]
