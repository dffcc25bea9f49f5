"""The way out of YAML: a mapping's own Python, for what no transformation can say.

`NAME.py` beside `NAME.yaml` has NEEDS and MAKES, tuples of source names, and a function `columns(given)` that gets the
columns NEEDS of some thousand rows as Arrow texts and gives the columns MAKES, equally long. What it makes can be named
under `from` as if the file had it. It runs with the rights of the process, as any code of the installation does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType

import pyarrow as pa

from configs import ConfigError
from ingest.dialects import fold

Columns = Mapping[str, pa.Array]
FAULTS = (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError, pa.ArrowException)


@dataclass(frozen=True)
class Hatch:
    """A mapping's own code: the sources it needs and makes, folded."""

    name: str
    needs: tuple[str, ...]
    makes: tuple[str, ...]
    columns: Callable[[Columns], Columns]

    def made(self, given: Columns) -> dict[str, pa.Array]:
        """Give the columns that the code makes of some rows; raises ConfigError when it breaks its promise."""
        try:
            found = {fold(name): column for name, column in self.columns(given).items()}
        except FAULTS as error:
            raise ConfigError(f"operators/{self.name}.py: columns(): {type(error).__name__}: {error}") from None
        length = len(next(iter(given.values())))
        if set(found) != set(self.makes) or any(len(column) != length for column in found.values()):
            raise ConfigError(f"operators/{self.name}.py: columns() must give {', '.join(self.makes)}, a value a row")
        return found


def load_hatch(name: str, code: str) -> Hatch:
    """Run a mapping's code and give what it offers; raises ConfigError where NEEDS, MAKES or columns() is missing."""
    module = ModuleType(f"operator_{name}")
    try:
        exec(compile(code, f"operators/{name}.py", "exec"), module.__dict__)  # noqa: S102  # the user's own mapping
    except (SyntaxError, ImportError, *FAULTS) as error:
        raise ConfigError(f"operators/{name}.py: {error}") from None
    faults = [wanted for wanted in ("NEEDS", "MAKES", "columns") if not hasattr(module, wanted)]
    if faults:
        raise ConfigError(f"operators/{name}.py: {', '.join(faults)} is missing")
    needs, makes = (tuple(fold(source) for source in getattr(module, wanted)) for wanted in ("NEEDS", "MAKES"))
    if not needs:
        raise ConfigError(f"operators/{name}.py: NEEDS is empty; name the columns that columns() reads")
    return Hatch(name, needs, makes, module.columns)
