"""Tables of number ranges: which are hot, which nobody has, what a minute to them costs.

The shipped ones name public sources; an operator's own in HOME/plans/ are laid over them key by key, and null takes a
key out.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import Field, StringConstraints

from configs import ConfigError, Section, laid_over, validated

TABLES = ("high_risk", "unallocated", "tariffs")
_FOLDER = "plans"
Beginning = Annotated[str, StringConstraints(pattern=r"^\+[0-9?]{1,15}$")]
ExactBeginning = Annotated[str, StringConstraints(pattern=r"^\+[0-9]{1,15}$")]
Price = Annotated[float, Field(ge=0, le=10_000)]
TableT = TypeVar("TableT", bound="PlanTable")


class PlanTable(Section):
    """Where a table is from, and of which day."""

    source: str = Field(min_length=1)
    date: date


class Ranges(PlanTable):
    """Beginnings of numbers, `?` for any digit, each with what it is; None: not in the table after all."""

    ranges: dict[Beginning, str | None]


class Tariffs(PlanTable):
    """What a minute of conversation costs, by the beginning of the called number: the longest that fits counts."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")  # ISO 4217
    per_minute: dict[ExactBeginning, Price | None]


class Plans(Section):
    """All tables; None where neither the product nor the operator has one."""

    high_risk: Ranges
    unallocated: Ranges
    tariffs: Tariffs | None


def load_plans(home: Path | None = None) -> Plans:
    """Give the shipped tables with those in HOME/plans laid over them; raises ConfigError."""
    _refuse_unknown(home)
    high_risk, unallocated = _table("high_risk", Ranges, home), _table("unallocated", Ranges, home)
    if high_risk is None or unallocated is None:
        raise ConfigError("configs/plans: a shipped table is missing; install Ringfence again")
    return Plans(high_risk=high_risk, unallocated=unallocated, tariffs=_table("tariffs", Tariffs, home))


def _table(name: str, model: type[TableT], home: Path | None) -> TableT | None:
    values, where = laid_over(f"{_FOLDER}/{name}.yaml", home)
    return validated(model, values, where) if values else None


def _refuse_unknown(home: Path | None) -> None:
    for path in sorted((home / _FOLDER).glob("*")) if home else ():
        if path.name not in {f"{name}.yaml" for name in TABLES}:
            raise ConfigError(f"{path}: no such table; there are: {', '.join(TABLES)}, each with .yaml at its end")
