"""The research data that lies beside the repository and may not be copied into it."""

from __future__ import annotations

import os

import pytest

RESEARCH = os.environ.get("RINGFENCE_RESEARCH_DATA")  # `.ci/run` sets it
# Not everybody may have the data: where it is not named, what needs it says so, and nothing else is left out.
needs_data = pytest.mark.skipif(RESEARCH is None, reason="RINGFENCE_RESEARCH_DATA is not set")
