"""Tests that share something costly stay on one worker."""

from __future__ import annotations

import subprocess
import sys

from tests.repository import ROOT
from tests.sharing import NEO4J, group_of

FILES = ("tests/ingest/values/test_texts.py", "tests/test_sharing.py")


def test_a_group_is_neo4j_or_a_folder_or_a_file() -> None:
    assert group_of("tests/contract/test_store_contract.py") == group_of("tests/api/test_stores.py") == NEO4J
    assert group_of("tests/api/dashboard/test_page.py") == group_of("tests/api/dashboard/test_token.py")
    assert group_of(FILES[0]) == FILES[0]


def test_workers_are_given_whole_groups() -> None:
    command = [sys.executable, "-m", "pytest", "-n", "2", "-v", "-k", "not whole_groups", "-p", "no:cacheprovider"]
    told = subprocess.run([*command, *FILES], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    workers = [{line.split()[0] for line in told.splitlines() if f"PASSED {file}" in line} for file in FILES]
    assert [len(seen) for seen in workers] == [1, 1], told
