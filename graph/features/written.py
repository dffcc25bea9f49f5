"""What the digits of numbers say, looked up by node."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from graph.features.columns import whole_by_node
from graph.pair_arrays import Bools, Integers
from graph.query_engine import QueryEngine
from graph.sorted_rows import changes

BLOCK = 1_000  # numbers that differ in their last three digits only


@dataclass(frozen=True)
class Written:
    """By node [n]; what is said of numbers that are not in E.164 means nothing."""

    is_written: Bools  # in E.164
    code: Integers  # which country calling code, numbered as they come
    locality: Integers
    block: Integers  # of 1,000 numbers, numbered in order


def written(engine: QueryEngine, numbers: ir.Table, count: int) -> Written:
    """Look up `numbers`: node, digits, code, locality, whose nodes are below `count`."""
    found = engine.fetch(numbers.filter(numbers.digits.notnull()).select("node", "digits", "code", "locality"))
    nodes = found["node"].to_numpy()
    codes = found["code"].combine_chunks().dictionary_encode().indices.to_numpy()
    blocks = _numbered(found["digits"].to_numpy() // BLOCK)
    is_written = np.zeros(count, dtype=np.bool_)
    is_written[nodes] = True
    localities = found["locality"].to_numpy()
    return Written(is_written, *(whole_by_node(nodes, values, count) for values in (codes, localities, blocks)))


def _numbered(values: Integers) -> Integers:
    """Give 0, 1 … in the place of the lowest value, the next …"""
    order = np.argsort(values)
    numbered = np.empty(len(values), dtype=np.int64)
    numbered[order] = np.cumsum(changes(values[order])) - 1
    return numbered
