"""The way out of YAML: a mapping's own Python, for what no transformation can say.

`NAME.py` beside `NAME.yaml` has NEEDS and MAKES, tuples of source names, and a function `columns(given)` that gets the
columns NEEDS of some thousand rows as Arrow texts and gives the columns MAKES, equally long. What it makes can be named
under `from` as if the file had it. It runs with the rights of the process, as any code of the installation does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from traceback import extract_tb
from types import ModuleType

import pyarrow as pa

from configs import ConfigError
from ingest.mapping.dialects import fold

Columns = Mapping[str, pa.Array]
FAULTS = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, NameError, OSError, RuntimeError, SystemExit),
    *(TypeError, ValueError, pa.ArrowException),
)


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
            raise ConfigError(_told(self.name, error)) from None
        length = len(next(iter(given.values())))
        whole = all(isinstance(column, pa.Array) and len(column) == length for column in found.values())
        if set(found) != set(self.makes) or not whole:
            promised = f"columns() must give {', '.join(self.makes)} as Arrow arrays, a value a row"
            raise ConfigError(f"operators/{self.name}.py: {promised}")
        return found


def _told(name: str, error: BaseException) -> str:
    """Say what went wrong and where, but not in the error's words: they may quote rows."""
    file = f"operators/{name}.py"
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == file]
    return f"{file}: columns(): {type(error).__name__}" + (f" in line {lines[-1]}" if lines else "")


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
