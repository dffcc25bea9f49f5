"""What an ASN.1 module says of an element: its parts by dotted path, every one of them, or none of the record.

The module is compiled by asn1tools, which also reads the single values. Its own reading of sequences is not used: it
passes over elements that the module does not describe, and over what follows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, NamedTuple

import asn1tools
from asn1tools.codecs import ber

from ingest.records.ber_tlv import Element, LengthError, content_end, element_at

Value = str | int | bool | bytes | None
_DEEPEST = 64  # elements within elements
_MOST = 1_000  # elements in one
_Type = Any  # asn1tools publishes no types
# asn1tools reads an empty number as 0, and takes its time for one without bounds.
_NUMBERS = (ber.Boolean, ber.Integer, ber.Enumerated, ber.Real, ber.ObjectIdentifier)
_NUMBER_BYTES = 128
_VALUE_FAULTS = (
    asn1tools.DecodeError,
    IndexError,
    KeyError,
    NotImplementedError,
    OverflowError,
    TypeError,
    ValueError,
)  # what asn1tools raises for values that are none; seen, and read in its source


class ModuleError(ValueError):
    """A module cannot be compiled, or has no such type."""


class UndescribedError(ValueError):
    """An element is not what the module describes."""


class _Part(NamedTuple):
    """An element and where it is: [at, after) with its head, and where its content ends."""

    element: Element
    at: int
    content_end: int
    after: int


class RecordType:
    """A type of a module, ready to read records; tags: those that a record may begin with, as written."""

    def __init__(self, module: str, name: str) -> None:
        try:
            self._type = resolved(asn1tools.compile_string(module, "ber").types[name].type)
        except (asn1tools.ParseError, asn1tools.CompileError) as error:
            raise ModuleError(str(error).partition("\n")[0]) from None
        except KeyError:
            raise ModuleError(f"it has no type {name}") from None
        self.tags = frozenset(_tags(self._type))

    def read(self, data: bytes) -> dict[str, Value]:
        """Give the values of a record by dotted path; raises UndescribedError."""
        found: dict[str, Value] = {}
        try:
            for path, value in _values(self._type, data, _part(data, 0), "", 0):
                if path in found:
                    raise UndescribedError(f"{path} is there twice")
                found[path] = value
        except LengthError as error:
            raise UndescribedError(str(error)) from None
        return found


@lru_cache(maxsize=8)
def record_type(module: str, name: str) -> RecordType:
    """Compile a type of a module, which takes a moment; raises ModuleError."""
    return RecordType(module, name)


def resolved(type_: _Type) -> _Type:
    """Give the type that a recursive mention stands for."""
    while isinstance(type_, ber.Recursive):
        type_ = type_.inner
    return type_


def _tags(type_: _Type) -> Iterator[bytes]:
    """Give the tags that an element of a type may have, none for ANY, which may have any."""
    if isinstance(type_, ber.Choice):
        yield from type_.tag_to_member
        return
    for tag in (type_.tag, getattr(type_, "constructed_tag", None)):
        if tag is not None:
            yield bytes(tag)


@lru_cache(maxsize=1024)
def _members(type_: _Type) -> dict[bytes, _Type]:
    """Give the parts of a sequence or set by tag; extensions included."""
    members = [*type_.root_members, *ber.flatten(type_.additions or [])]
    return {tag: member for member in members for tag in _tags(resolved(member))}


def _values(type_: _Type, data: bytes, part: _Part, path: str, depth: int) -> Iterator[tuple[str, Value]]:
    """Give the values of one element."""
    if depth > _DEEPEST:
        raise UndescribedError("elements within elements without end")
    type_ = resolved(type_)
    if isinstance(type_, ber.Choice):
        member = type_.tag_to_member.get(part.element.tag)
        if member is None:
            raise UndescribedError(f"{path} is no choice that is described")
        yield from _values(member, data, part, _joined(path, member.name), depth + 1)
    elif isinstance(type_, ber.ExplicitTag | ber.MembersType | ber.ArrayType):
        if part.element.tag != bytes(type_.tag):
            raise UndescribedError(f"{path} has the tag {part.element.tag.hex()}")
        for inner, name, piece in _parts(type_, list(_children(data, part)), path):
            yield from _values(inner, data, piece, name, depth + 1)
    else:
        yield path, _value(type_, data, part)


def _children(data: bytes, part: _Part) -> Iterator[_Part]:
    at = part.element.start
    for _ in range(_MOST):
        if at >= part.content_end:
            return
        child = _part(data, at)
        if child.after > part.content_end:
            raise UndescribedError("an element is longer than the one that it is in")
        yield child
        at = child.after
    raise UndescribedError(f"more than {_MOST} elements in one")


def _part(data: bytes, at: int) -> _Part:
    element = element_at(data, at)
    ends = content_end(data, element)
    if ends is None:
        raise UndescribedError("an element is cut off")
    return _Part(element, at, *ends)


def _parts(type_: _Type, children: list[_Part], path: str) -> Iterator[tuple[_Type, str, _Part]]:
    """Give what an element is made of, with the type and the path of each."""
    if isinstance(type_, ber.MembersType):
        for child in children:
            member = _members(type_).get(child.element.tag)
            if member is not None:
                yield member, _joined(path, member.name), child
            elif type_.additions is None:
                raise UndescribedError(f"{path}: an element with the tag {child.element.tag.hex()}")
    elif isinstance(type_, ber.ArrayType):
        for place, child in enumerate(children):
            yield type_.element_type, _joined(path, str(place)), child
    elif len(children) == 1:
        yield type_.inner, path, children[0]
    else:
        raise UndescribedError(f"{path}: not one element where one must be")


def _value(type_: _Type, data: bytes, part: _Part) -> Value:
    written = bytearray(data[part.at : part.after])
    size = part.content_end - part.element.start
    least = 0 if isinstance(type_, ber.Real) else 1  # a real zero has no octets
    if isinstance(type_, _NUMBERS) and not least <= size <= _NUMBER_BYTES:
        raise UndescribedError(f"{type_.name} is a number of {size} octets")
    try:
        value, end = type_.decode(written, 0)
    except _VALUE_FAULTS as error:
        raise UndescribedError(f"{type_.name}: {error}") from None
    if value is ber.TAG_MISMATCH or end != len(written):
        raise UndescribedError(f"{type_.name} has another tag or length")
    return _plain(value)


def _plain(value: object) -> Value:
    """Give a value as one of a few kinds: bits and octets as bytes, times as ISO 8601, real numbers as they print."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, tuple):  # a bit string and its number of bits
        return bytes(value[0])
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    return str(value)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
