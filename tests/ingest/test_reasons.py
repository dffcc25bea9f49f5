"""Every reason code is documented, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

from ingest.reasons import CODE_OF, CODES, FILE_REASONS, ROW_REASONS

PAGE = (Path(__file__).parents[2] / "docs" / "reason-codes.md").read_text(encoding="utf-8")


def test_the_page_lists_every_code_with_its_meaning() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, flags=re.MULTILINE))
    assert listed == {**ROW_REASONS, **FILE_REASONS}


def test_codes_and_numbers_belong_together() -> None:
    assert CODES[0] == ""
    assert all(CODES[code] == reason for reason, code in CODE_OF.items())
