"""The features that the baseline has, too."""

from __future__ import annotations

from graph.features.catalogue import names

_PLACES = ("origin_regions", "target_regions", "unique_origin_regions", "unique_target_regions")
_CONTACTS = ("reciprocity", "stable_contacts", "callee_in_degree", "callee_out_degree", "silent_callee_share")
COMPARED = frozenset((*names("traffic"), *names("reach"), *names("rhythm"), *names("lines"), *_PLACES, *_CONTACTS)) - {
    "sequential_share"
}
