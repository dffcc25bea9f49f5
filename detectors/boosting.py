"""The first supervised detector: gradient boosted trees on log-scaled features.

LightGBM (Ke et al. 2017). Every feature is seen as sign(x)·log1p(|x|); what is not known stays unknown, which the trees
learn from. Equal inputs and seeds give the equal model; it is kept as LightGBM's own text, which holds no code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from detectors.judgement import BoolArray, Columns, FloatArray
from detectors.log_scale import signed_log1p

Features = Columns  # feature → [n] values, NaN = not known
_UNFIT = frozenset(' \t\n",:[]{}')  # in names
_BLOCK = 100_000  # rows that are scored at a time
_WORTH_TWO = 100_000  # examples from which a second thread earns more than waiting for it costs on busy machines


@dataclass(frozen=True)
class Settings:
    """How the trees are grown; the defaults are LightGBM's but for smaller steps and drawn rows and features."""

    trees: int = 300  # at most, where a validation part stops earlier
    learning_rate: float = 0.05
    leaves: int = 31
    least_in_leaf: int = 20  # examples
    row_share: float = 0.8  # drawn anew for every tree
    feature_share: float = 0.8  # drawn anew for every tree
    l2: float = 1.0
    patience: int = 50  # trees without a better log loss of the validation part


@dataclass(frozen=True)
class Examples:
    """Features with their labels, [n] both."""

    features: Features
    labels: BoolArray


@dataclass(frozen=True)
class Booster:
    """A fitted model."""

    text: str  # LightGBM's text format

    @property
    def names(self) -> tuple[str, ...]:
        """The features that it was fitted on, in their order."""
        return tuple(self._model.feature_name())

    @property
    def trees(self) -> int:
        """How many trees it holds."""
        return int(self._model.num_trees())

    def gains(self) -> dict[str, float]:
        """Give by feature what all splits on it gained together (in the loss), the most useful first."""
        gains = self._model.feature_importance("gain")
        order = np.argsort(-gains, kind="stable")
        return {self.names[at]: float(gains[at]) for at in order}

    def write(self, path: Path) -> None:
        """Keep the model as text in a file."""
        path.write_text(self.text, encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Booster:
        """Give the model that `write` kept; raises ValueError when the file holds none."""
        found = cls(path.read_text(encoding="utf-8"))
        if not found.text.startswith("tree\n"):
            raise ValueError(f"{path} is no model; give a file that this product wrote")
        return found

    @cached_property
    def _model(self) -> lightgbm.Booster:
        return lightgbm.Booster(model_str=self.text)


def fit(
    features: Features,
    labels: BoolArray,
    seed: int,
    settings: Settings | None = None,
    validation: Examples | None = None,
) -> Booster:
    """Learn which of the [n] examples are fraud; with `validation` the number of trees is chosen on it.

    NaN = not known. Names must be free of blanks and of `"`, `,`, `:`, brackets and braces, which LightGBM's text
    cannot hold. Raises ValueError for examples of one class only, for columns of unequal length and for such names.
    """
    chosen = settings or Settings()
    names = list(features)
    _check(features, labels)
    table, parameters = log_table(features, names), _parameters(chosen, seed, len(labels))
    examples = lightgbm.Dataset(table, labels.astype(np.float32), feature_name=names, params=parameters)
    judges, callbacks = _stopping(validation, names, examples, chosen)
    model = lightgbm.train(parameters, examples, chosen.trees, valid_sets=judges, callbacks=callbacks)
    return Booster(model.model_to_string())


def score(booster: Booster, features: Features) -> FloatArray:
    """Give how likely each number is fraud, [n] 0..1, at the share of fraud it was fitted on.

    Columns that the model does not know are not looked at. Raises ValueError where one is missing.
    """
    missing = [name for name in booster.names if name not in features]
    if missing:
        raise ValueError(f"the model needs the features {', '.join(missing)}")
    count = len(features[booster.names[0]])
    found = [_score(booster, features, slice(at, at + _BLOCK)) for at in range(0, count, _BLOCK)]
    return np.concatenate([np.empty(0), *found])


def log_table(features: Features, names: Sequence[str], rows: slice = slice(None)) -> npt.NDArray[np.float32]:
    """Give the [rows, names] matrix that the trees see."""
    return np.stack([signed_log1p(features[name][rows]) for name in names], axis=1).astype(np.float32)


def _score(booster: Booster, features: Features, rows: slice) -> FloatArray:
    table = log_table(features, booster.names, rows)
    return np.asarray(booster._model.predict(table, num_threads=1), dtype=np.float64)


def _parameters(settings: Settings, seed: int, count: int) -> dict[str, object]:
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "learning_rate": settings.learning_rate,
        "num_leaves": settings.leaves,
        "min_data_in_leaf": settings.least_in_leaf,
        "bagging_fraction": settings.row_share,
        "bagging_freq": 1,
        "feature_fraction": settings.feature_share,
        "lambda_l2": settings.l2,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,  # otherwise LightGBM tries both ways and takes the faster one of the day
        "num_threads": 1 if count < _WORTH_TWO else 2,  # never by the machine: sums must not depend on it
        "verbosity": -1,
    }


def _stopping(
    validation: Examples | None, names: Sequence[str], examples: lightgbm.Dataset, settings: Settings
) -> tuple[list[lightgbm.Dataset], list[Callable[..., Any]]]:
    if validation is None:
        return [], []
    table = log_table(validation.features, names)
    judge = lightgbm.Dataset(table, validation.labels.astype(np.float32), reference=examples)
    return [judge], [lightgbm.early_stopping(settings.patience, verbose=False)]


def _check(features: Features, labels: BoolArray) -> None:
    if not features or any(len(values) != len(labels) for values in features.values()):
        raise ValueError(f"every feature must have one value for each of the {len(labels)} labels")
    if unfit := [name for name in features if set(name) & _UNFIT]:
        raise ValueError(f"LightGBM cannot write the feature names {unfit}; rename them")
    if labels.all() or not labels.any():
        raise ValueError("the labels are all of one class: there is nothing to tell apart")
