"""The number table: every number of the window with what its calls and the numbering plans say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.calls import CallTables
from graph.query_engine import QueryEngine
from graph.reading.numbers import WRITTEN
from graph.snapshot import NUMBERS
from ingest.values.number_plans import plan_entry

PLAN_DIGITS = 7  # numbering plans assign blocks by no more leading digits than these, country code included
_SERVICE_LINES = ("toll_free", "premium_rate", "shared_cost", "uan")


def number_table(engine: QueryEngine, tables: CallTables) -> pa.Table:
    """Give NUMBERS, row = node.

    Country, line type and carrier are those of the number's block, which is looked up once. The record states the kind
    of callers alone; a number that only received has the kind that its digits show.
    """
    numbers = tables.numbers
    found = engine.fetch(
        numbers.select("node", "operator", "number", "kind", "first_seen", "last_seen").order_by("node")
    )
    described = _described(found["number"].combine_chunks(), found["kind"].combine_chunks())
    is_service = pc.and_(pc.equal(found["kind"], "e164"), pc.is_in(described["line_type"], pa.array(_SERVICE_LINES)))
    columns = {**{name: found[name] for name in found.column_names}, **described}
    columns["kind"] = pc.if_else(is_service, "service", found["kind"])
    return pa.table({name: columns[name] for name in NUMBERS.names}).cast(NUMBERS)


def _described(numbers: pa.Array, kinds: pa.Array) -> dict[str, pa.Array]:
    """Give country, line_type and carrier, null for what is not written in E.164."""
    blocks = pc.if_else(pc.is_in(kinds, pa.array(WRITTEN)), _block(numbers), None).dictionary_encode()
    _, first = np.unique(blocks.indices.drop_null().to_numpy(), return_index=True)
    of_block = numbers.filter(blocks.is_valid()).take(pa.array(first))
    descriptions = [plan_entry(number) for number in of_block.to_pylist()]
    columns = {
        "country": [d.country for d in descriptions],
        "line_type": [d.line_type for d in descriptions],
        "carrier": [d.carrier for d in descriptions],
    }
    return {name: pa.array(values, pa.string()).take(blocks.indices) for name, values in columns.items()}


def _block(numbers: pa.Array) -> pa.Array:
    """Give the leading digits, and how many follow: plans tell numbers of one beginning apart by length."""
    lengths = pc.utf8_length(numbers).cast(pa.string())
    return pc.binary_join_element_wise(pc.utf8_slice_codeunits(numbers, 0, 1 + PLAN_DIGITS), lengths, " ")
