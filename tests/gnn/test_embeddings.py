"""Embeddings are columns of the snapshot that are read without torch; what is missing is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from gnn import embeddings, extra
from gnn.embeddings import Embeddings
from gnn.extra import GnnMissingError

READING = """
import sys
from pathlib import Path
from gnn.embeddings import Embeddings
print(Embeddings(Path(sys.argv[1])).table.num_columns)
import api.asgi, api.pipeline, detectors.embeddings
assert not {"torch", "torch_geometric", "safetensors"} & sys.modules.keys()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    vectors = np.arange(12, dtype=np.float32).reshape(4, 3)
    embeddings.write(tmp_path, {"snapshot": "s", "model": "m"}, vectors)
    return tmp_path


def test_columns_are_named_by_dimension(folder: Path) -> None:
    opened = Embeddings(folder)
    assert opened.table.schema == pa.schema([(f"emb_0{at}", pa.float32()) for at in range(3)])
    assert opened.table["emb_01"].to_pylist() == [1.0, 4.0, 7.0, 10.0]
    assert opened.manifest == {"snapshot": "s", "model": "m", "numbers": 4, "dims": 3}


def test_columns_are_mapped_not_copied(folder: Path) -> None:
    before = pa.total_allocated_bytes()
    table = Embeddings(folder).table
    assert len(table) == 4
    assert pa.total_allocated_bytes() == before


def test_reading_and_serving_do_not_import_torch(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READING, folder], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "3"


def test_folders_are_named_by_snapshot_and_model() -> None:
    assert embeddings.snapshot_of(embeddings.folder_name("a-b", "m")) == "a-b"


def test_the_extra_is_here() -> None:
    extra.require()


def test_a_missing_library_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "PACKAGES", ("json", "no_such_library"))
    with pytest.raises(GnnMissingError, match=r"no_such_library cannot be found: run `make setup`"):
        extra.require()
