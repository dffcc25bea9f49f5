"""Who is in a window: every number of every operator is a node, in the order of operator and number."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from graph.reading.digits import said_by_digits
from graph.reading.kinds import Kinds
from graph.reading.seen import Seen
from graph.reading.segments import Vocabulary
from graph.reading.texts import Texts

Codes = npt.NDArray[np.int32]
OPAQUE = "opaque"
WRITTEN = ("e164", "service")
NUMBERS = pa.schema(
    [
        pa.field("node", pa.int32(), False),
        pa.field("operator", pa.string(), False),
        pa.field("number", pa.string(), False),
        pa.field("kind", pa.string(), False),
        pa.field("first_seen", pa.int64(), False),  # µs
        pa.field("last_seen", pa.int64(), False),
        pa.field("digits", pa.int64()),  # of E.164 numbers alone, as code and locality are
        pa.field("code", pa.int64()),  # country calling code
        pa.field("locality", pa.int64()),
    ]
)


class Population:
    """The numbers met so far, by code of operator."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._of: dict[int, Seen] = {}

    def add(self, records: pa.Table, kinds: Kinds) -> None:
        """Count coded records: both sides of calls and messages, and who sends calls on to whom."""
        operator = records["operator"].to_numpy()
        for code in np.flatnonzero(np.bincount(operator)).tolist():
            seen = self._of.setdefault(code, Seen())
            seen.grow(len(self._vocabulary.numbers.known))
            own = operator == code
            _count(seen, records, (kinds.voice | kinds.message) & own, kinds.forwarded & own)

    def numbers(self) -> tuple[pa.Table, Nodes]:
        """Give NUMBERS, row = node, and the nodes by operator and code."""
        operators, kinds = (self._vocabulary.by_column[name] for name in ("operator", "caller_kind"))
        numbers = self._vocabulary.numbers.known
        nodes, tables, count = Nodes(len(operators.known), len(numbers)), [NUMBERS.empty_table()], 0
        for code in np.argsort(operators.ranks()).tolist():
            if code in self._of:
                codes, table = _of_operator(self._of[code], operators.known[code], numbers, kinds, count)
                nodes.set(code, codes, count)
                tables.append(table)
                count += len(table)
        return pa.concat_tables(tables), nodes


class Nodes:
    """The node of every number of every operator, -1 of who is none."""

    def __init__(self, operators: int, numbers: int) -> None:
        self._numbers = numbers
        self._nodes = np.full(operators * numbers, -1, dtype=np.int32)

    def set(self, operator: int, codes: Codes, first: int) -> None:
        """Number `codes`, in this order, from `first` on."""
        self._nodes[operator * self._numbers + codes.astype(np.int64)] = np.arange(
            first, first + len(codes), dtype=np.int32
        )

    def of(self, operator: Codes, numbers: Codes) -> Codes:
        """Give the nodes of `numbers` [rows] of the operators [rows]."""
        nodes: Codes = self._nodes[operator.astype(np.int64) * self._numbers + numbers]
        return nodes


def _count(seen: Seen, records: pa.Table, talks: npt.NDArray[np.bool_], sent_on: npt.NDArray[np.bool_]) -> None:
    started, kind = records["started"].to_numpy(), records["caller_kind"].to_numpy()
    caller, callee = records["caller"].to_numpy(), records["callee"].to_numpy()
    seen.add(caller[talks], started[talks])
    seen.add(callee[talks], started[talks])
    seen.state(caller[talks], kind[talks])
    if sent_on.any():
        to = records["forwarded_to"].fill_null(-1).to_numpy()
        seen.add(callee[sent_on], started[sent_on])
        seen.add(to[sent_on], started[sent_on])
    seen.note_kinds(kind[talks | sent_on])


def _of_operator(
    seen: Seen, operator: pa.Scalar, numbers: pa.Array, kinds: Texts, first: int
) -> tuple[Codes, pa.Table]:
    codes = seen.codes()
    texts = numbers.take(pa.array(codes))
    order = pc.sort_indices(texts)
    codes, texts = codes[order.to_numpy()], texts.take(order)
    kind = _kinds(seen, codes, texts, kinds)
    first_seen, last_seen = seen.span(codes)
    return codes, pa.table(
        {
            "node": pa.array(np.arange(first, first + len(codes), dtype=np.int32)),
            "operator": pa.repeat(operator, len(codes)),
            "number": texts,
            "kind": kind,
            "first_seen": pa.array(first_seen),
            "last_seen": pa.array(last_seen),
            **said_by_digits(texts, pc.is_in(kind, value_set=pa.array(WRITTEN))),
        },
        schema=NUMBERS,
    )


def _kinds(seen: Seen, codes: Codes, texts: pa.Array, kinds: Texts) -> pa.Array:
    """Give the kind that records state, of several the last by name; it is stated of callers alone."""
    opaque = seen.has_kind(kinds.code(OPAQUE))
    other = OPAQUE if opaque else "short"
    found = pc.if_else(pc.starts_with(texts, "+"), OPAQUE if opaque else "e164", other)
    stated = seen.kinds(codes)
    for code in np.argsort(kinds.ranks()).tolist():
        is_stated = pa.array((stated >> code) & 1 == 1)
        found = pc.if_else(is_stated, kinds.known[code], found)
    return found
