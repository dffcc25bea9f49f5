"""Finds the fraud modules: every detectors/modules/NAME.py with its configs/detectors/NAME.yaml."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Literal

import numpy as np
from pydantic import Field

from configs import ConfigError, Section, detector_names, detector_yaml, validated
from detectors import modules as folder
from detectors.columns import missing
from detectors.judgement import Columns, Judgement, Thresholds

Severity = Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"]


class Threshold(Section):
    """One number that decides, with its unit and where it comes from ([d]: a default of ours)."""

    value: float = Field(gt=0)
    unit: str
    source: str = "[d]"


class ModuleText(Section):
    """What a module's YAML says: for people, except `needs`, `uses` and the thresholds."""

    title: str
    description: str
    severity: Severity
    entity: str
    needs: tuple[str, ...] = Field(min_length=1)  # without a value for these nothing is judged
    uses: tuple[str, ...] = ()  # sharpens the answer where known
    thresholds: dict[str, Threshold] = Field(min_length=1)
    blind_spots: tuple[str, ...] = Field(min_length=1)
    look_alikes: tuple[str, ...] = Field(min_length=1)
    hands_off: bool = False  # whether members of its rings are openers and closers


@dataclass(frozen=True)
class Module:
    """The detector of one fraud type."""

    name: str
    text: ModuleText
    judge: Callable[[Columns, Thresholds], Judgement]

    @property
    def thresholds(self) -> Thresholds:
        """Values of the thresholds by key."""
        return {key: threshold.value for key, threshold in self.text.thresholds.items()}


@cache
def fraud_modules() -> tuple[Module, ...]:
    """Give all modules, sorted by name; raises ConfigError for one without its YAML, and the reverse."""
    names = sorted(entry.name for entry in pkgutil.iter_modules(folder.__path__))
    _must_pair(names, detector_names())
    return tuple(_load(name) for name in names)


def module_named(name: str | None) -> Module:
    """Give one module; raises KeyError for none of ours."""
    return {module.name: module for module in fraud_modules()}[name or ""]


def judge_all(loaded: Sequence[Module], columns: Columns) -> tuple[dict[str, Judgement], dict[str, str]]:
    """Judge all numbers by every module; gives the judgements, and why for each module that cannot be computed."""
    lacking = {module.name: missing(columns, module.text.needs) for module in loaded}
    judgements = {
        module.name: module.judge(_with_unknown(columns, module.text.uses), module.thresholds)
        for module in loaded
        if not lacking[module.name]
    }
    reasons = {name: f"not computable: needs {', '.join(needs)}" for name, needs in lacking.items() if needs}
    return judgements, reasons


def _with_unknown(columns: Columns, used: Sequence[str]) -> Columns:
    unknown = np.full(len(next(iter(columns.values()))), np.nan)
    return {**dict.fromkeys(used, unknown), **columns}


def _load(name: str) -> Module:
    text = validated(ModuleText, detector_yaml(name), f"configs/detectors/{name}.yaml")
    return Module(name, text, import_module(f"{folder.__name__}.{name}").judge)


def _must_pair(python: Sequence[str], yaml: Sequence[str]) -> None:
    faults = [f"detectors/modules/{n}.py has no configs/detectors/{n}.yaml" for n in sorted(set(python) - set(yaml))]
    faults += [f"configs/detectors/{n}.yaml has no detectors/modules/{n}.py" for n in sorted(set(yaml) - set(python))]
    if faults:
        raise ConfigError("\n".join(faults))
