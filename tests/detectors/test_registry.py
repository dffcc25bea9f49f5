from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from configs import ConfigError
from detectors import modules, registry
from detectors.registry import fraud_modules, module_named


@pytest.fixture
def another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A second folder of modules beside the product's."""
    monkeypatch.setattr(modules, "__path__", [*modules.__path__, str(tmp_path)])
    fraud_modules.cache_clear()
    yield tmp_path
    fraud_modules.cache_clear()


def test_finds_the_modules_by_their_files() -> None:
    assert [module.name for module in fraud_modules()] == ["impersonation", "robocall", "wangiri"]
    assert module_named("wangiri").text.severity == "HIGH"


def test_a_module_without_its_yaml_is_refused_with_both_names(another_folder: Path) -> None:
    (another_folder / "smishing.py").write_text("")
    with pytest.raises(ConfigError, match=r"modules/smishing\.py has no configs/detectors/smishing\.yaml"):
        fraud_modules()


def test_a_yaml_without_its_module_is_refused_with_both_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "detector_names", lambda: ["impersonation", "irsf", "robocall", "wangiri"])
    fraud_modules.cache_clear()
    with pytest.raises(ConfigError, match=r"detectors/irsf\.yaml has no detectors/modules/irsf\.py"):
        fraud_modules()
    fraud_modules.cache_clear()


def test_a_threshold_without_unit_is_refused_with_file_and_key() -> None:
    from configs import validated

    text = {"title": "x", "thresholds": {"attempts": {"value": 3}}}
    with pytest.raises(ConfigError, match=r"x\.yaml: thresholds\.attempts\.unit"):
        validated(registry.ModuleText, text, "x.yaml")
