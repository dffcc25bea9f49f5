"""The boosted trees learn what is planted, nothing from shuffled labels, and repeat by their seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from detectors.boosting import Booster, Examples, Features, Settings, fit, score
from detectors.judgement import BoolArray

SMALL = Settings(trees=40)


def planted(seed: int, count: int = 2_000) -> tuple[Features, BoolArray]:
    """A tenth is fraud: it talks a tenth as long, and its `debt` is often negative; `rare` is known of few."""
    rng = np.random.default_rng(seed)
    fraud = rng.random(count) < 0.1
    talk = rng.lognormal(4.0, 1.0, count) * np.where(fraud, 0.1, 1.0)
    debt = rng.lognormal(2.0, 1.0, count) * np.where(fraud, -1.0, 1.0) * np.where(rng.random(count) < 0.3, -1.0, 1.0)
    rare = np.where(rng.random(count) < 0.05, talk, np.nan)
    return {"talk": talk, "noise": rng.random(count), "debt": debt, "rare": rare}, fraud


def auc(booster: Booster, features: Features, labels: BoolArray) -> float:
    return float(roc_auc_score(labels, score(booster, features)))


def test_it_learns_what_is_planted_and_finds_it_among_others() -> None:
    booster = fit(*planted(1), seed=7, settings=SMALL)
    features, labels = planted(2)
    assert auc(booster, features, labels) > 0.9
    assert next(iter(booster.gains())) == "talk"
    assert set(booster.gains()) == set(features)


def test_scores_are_shares_near_the_share_of_fraud() -> None:
    booster = fit(*planted(1), seed=7, settings=SMALL)
    scores = score(booster, planted(2)[0])
    assert 0.0 <= scores.min() <= scores.max() <= 1.0
    assert scores.mean() == pytest.approx(0.1, abs=0.03)


def test_shuffled_labels_teach_nothing() -> None:
    features, labels = planted(1)
    held_out, truth = planted(2)
    shuffles = [np.random.default_rng(seed).permutation(labels) for seed in range(20)]
    found = [auc(fit(features, shuffled, seed, SMALL), held_out, truth) for seed, shuffled in enumerate(shuffles)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.07)  # 20 draws of a spread of about 0.1


def test_equal_seeds_give_the_equal_model_and_others_another() -> None:
    features, labels = planted(1)
    first, again, other = (fit(features, labels, seed, SMALL).text for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_model_survives_as_text(tmp_path: Path) -> None:
    features, labels = planted(1)
    booster = fit(features, labels, seed=7, settings=SMALL)
    booster.write(tmp_path / "model.txt")
    read = Booster.read(tmp_path / "model.txt")
    assert read.names == ("talk", "noise", "debt", "rare")
    assert np.array_equal(score(read, features), score(booster, features))


def test_what_is_no_model_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "model.txt").write_text("cos\nsystem\n")
    with pytest.raises(ValueError, match="is no model"):
        Booster.read(tmp_path / "model.txt")


def test_a_validation_part_chooses_the_number_of_trees() -> None:
    settings = Settings(trees=400, learning_rate=0.3, patience=5)
    booster = fit(*planted(1), seed=7, settings=settings, validation=Examples(*planted(2)))
    assert booster.trees < 400
    assert auc(booster, *planted(3)) > 0.9


def test_columns_are_taken_by_name() -> None:
    features, labels = planted(1)
    booster = fit(features, labels, seed=7, settings=SMALL)
    turned = {"unknown": features["noise"], **dict(reversed(list(features.items())))}
    assert np.array_equal(score(booster, turned), score(booster, features))
    with pytest.raises(ValueError, match="needs the features talk, debt"):
        score(booster, {"noise": features["noise"], "rare": features["rare"]})


def test_nobody_is_scored_to_an_empty_array() -> None:
    booster = fit(*planted(1), seed=7, settings=SMALL)
    assert score(booster, {name: np.empty(0) for name in booster.names}).shape == (0,)


def test_more_numbers_than_a_block_are_scored_in_order() -> None:
    features, labels = planted(1)
    booster = fit(features, labels, seed=7, settings=Settings(trees=3))
    many = {name: np.tile(values, 51) for name, values in features.items()}  # 102,000
    assert np.array_equal(score(booster, many), np.tile(score(booster, features), 51))


@pytest.mark.parametrize("label", [True, False])
def test_one_class_is_refused(label: bool) -> None:
    with pytest.raises(ValueError, match="all of one class"):
        fit({"talk": np.arange(4.0)}, np.full(4, label), seed=1)


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one value for each of the 2 labels"):
        fit({"talk": np.arange(3.0)}, np.array([True, False]), seed=1)


@pytest.mark.parametrize("name", ["talk time", "a,b", "a:b", "[a]", '"a"'])
def test_names_that_the_text_cannot_hold_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot write the feature names"):
        fit({name: np.arange(4.0)}, np.array([True, False, True, False]), seed=1)
