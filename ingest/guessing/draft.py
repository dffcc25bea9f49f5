"""A mapping under way: what is decided of it so far, and by which columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ingest.guessing.guess import Guess, GuessError, Wishes, option_of
from ingest.guessing.table import SampleTable
from ingest.guessing.words import meanings
from ingest.mapping.dialects import fold

MOST_NAMED = 40  # columns that a sentence lists


@dataclass
class Draft:
    """The sample, what the person said, and the mapping as far as it is."""

    table: SampleTable
    wishes: Wishes
    fields: dict[str, dict[str, object]] = field(default_factory=dict)
    top: dict[str, object] = field(default_factory=dict)
    guesses: list[Guess] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    moments: dict[str, str] = field(default_factory=dict)  # start, answer, end → column of whole times

    def say(
        self, what: str, guess: str, sure: bool, evidence: str, option: str = "", choices: Iterable[str] = ()
    ) -> None:
        """Note a guess."""
        self.guesses.append(Guess(what, guess, sure, evidence, option, tuple(choices)))

    def map(self, canonical: str, *sources: str, **keys: object) -> None:
        """Make a canonical column of sources, which no other is made of from now on."""
        given: object = sources[0] if len(sources) == 1 else list(sources)
        self.fields[canonical] = {"from": given, **keys}
        self.taken.update(sources)

    def texts(self, name: str) -> Sequence[str]:
        """Give a column of the sample."""
        return self.table.columns[name]

    def free(self) -> list[str]:
        """Give the columns of which nothing is made yet."""
        return [name for name in self.table.columns if name not in self.taken]

    def named(self, role: str) -> list[tuple[str, int]]:
        """Give the free columns that are called as a role is, with how well, the best first."""
        found = [(name, meanings(name).get(role, 0)) for name in self.free()] if self.table.named else []
        return sorted(((name, fits) for name, fits in found if fits), key=lambda pair: -pair[1])

    def column(self, wish: str, option: str) -> str:
        """Give the column that a person named, by its name or by its place from 1; raises GuessError."""
        columns = list(self.table.columns)
        if fold(wish) in self.table.columns:
            return fold(wish)
        if wish.isascii() and wish.isdigit() and 1 <= int(wish) <= len(columns):
            return columns[int(wish) - 1]
        raise GuessError(f"{option_of(option)}: there is no column {wish!r}; there are: {listed(columns)}")


def checked(check: Callable[[str], str], wish: str, option: str) -> str:
    """Give what a person wrote if `check` accepts it; raises GuessError that names the option."""
    try:
        return check(wish)
    except ValueError as error:
        raise GuessError(f"{option_of(option)}: {error}") from None


def listed(names: Sequence[str]) -> str:
    """Give names as a sentence has them."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
