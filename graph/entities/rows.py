"""Entities of one kind as a table for readers."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from graph.features.catalogue import features_of
from graph.features.feature import Kind
from graph.snapshot import Snapshot

_SAID = ("operator", "key", "numbers", "calls")


def entity_rows(snapshot: Snapshot, kind: Kind) -> pa.Table:
    """Give operator, key, numbers and calls of a snapshot's entities of a `kind`, and the features that these have."""
    is_kind = pc.equal(snapshot.entities["kind"], kind)
    features = snapshot.entity_features
    said = {name: snapshot.entities[name].filter(is_kind) for name in _SAID}
    names = [feature.name for feature in features_of(kind) if feature.name in features.column_names]
    return pa.table({**said, **{name: features[name].filter(is_kind) for name in names}})
