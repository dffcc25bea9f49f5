"""What every command settles before it works."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

CODE = """
import contextlib, gc, json, sys
from api.cli import main
sys.argv = ["ringfence", "--help"]
with contextlib.suppress(SystemExit):
    main()
import pyarrow
print(json.dumps([pyarrow.default_memory_pool().backend_name, gc.get_threshold()[0]]))
"""


@pytest.mark.parametrize(("asked", "used"), [({}, "system"), ({"ARROW_DEFAULT_MEMORY_POOL": "mimalloc"}, "mimalloc")])
def test_commands_take_memory_from_the_system_unless_told_otherwise(asked: dict[str, str], used: str) -> None:
    others = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"}
    shown = subprocess.run([sys.executable, "-c", CODE], env=others | asked, capture_output=True, text=True, check=True)
    assert json.loads(shown.stdout.splitlines()[-1]) == [used, 50_000]
