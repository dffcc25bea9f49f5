"""`add-operator`: a mapping is guessed from a sample, shown with its evidence, and written with its tests."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.options import FAILED, REJECTED, CommandError, HomeOption, JsonOption, guarded
from api.cli.output import complain, print_json, print_table, say
from configs import Settings, load_settings
from ingest.home import Home

if TYPE_CHECKING:
    from ingest.guessing.guess import Guess, Wishes
    from ingest.guessing.head import Head
    from ingest.guessing.mapping import GuessedMapping
    from ingest.guessing.placing import Place
    from ingest.guessing.trial import Trial

_SHOWN_CALLS = 10
_COLUMN = "A column by its name, or by its place from 1."


@guarded
def add_operator(
    name: Annotated[str, typer.Argument(help="Name of the mapping: a-z, 0-9, - and _.")],
    home: HomeOption,
    sample: Annotated[
        Path | None, typer.Option("--sample", exists=True, help="A file as the operator writes it.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Run the tests of a mapping of this home again.")] = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="A checkout of Ringfence to write to instead of the home.")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Of numbers without a country code: two letters, as IN.")] = None,
    zone: Annotated[str | None, typer.Option(help="Of times without an offset, as Asia/Kolkata.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Between fields: a character, tab, comma, pipe…")] = None,
    time_format: Annotated[
        str | None, typer.Option(help="iso8601, epoch_s, epoch_ms, or as %d/%m/%Y %H:%M:%S.")
    ] = None,
    caller: Annotated[str | None, typer.Option(help=_COLUMN)] = None,
    callee: Annotated[str | None, typer.Option(help=_COLUMN)] = None,
    started: Annotated[str | None, typer.Option(help=f"{_COLUMN} DAY+TIME where two columns make it.")] = None,
    duration: Annotated[str | None, typer.Option(help=_COLUMN)] = None,
    duration_unit: Annotated[str | None, typer.Option(help="s, ms, us, ns, clock (0:01:30) or go (1m30s).")] = None,
    no_header: Annotated[bool, typer.Option("--no-header", help="The first line is a record already.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a mapping of this name.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Guess the mapping of an operator's files from a sample, show what it makes of it, and write it with its tests.

    Nothing is decided silently: every guess is shown with what it rests on. What is not sure is asked for; without a
    terminal it must be said by an option.
    """
    from ingest.guessing.guess import GuessError, Wishes
    from ingest.guessing.head import read_head
    from ingest.guessing.placing import check_free, check_name, place_in_checkout, place_in_home

    place = place_in_home(Home(home), check_name(name)) if into is None else place_in_checkout(into, check_name(name))
    settings = load_settings(home)
    if check:
        _check(place, name, settings, as_json)
        return
    if sample is None:
        raise GuessError("name a file as the operator writes it: --sample FILE")
    if not force:
        check_free(place, name)
    wishes = Wishes(
        country=country,
        zone=zone,
        delimiter=delimiter,
        time_format=time_format,
        caller=caller,
        callee=callee,
        started=started,
        duration=duration,
        duration_unit=duration_unit,
        header=False if no_header else None,
    )
    asks = not yes and not as_json and sys.stdin.isatty() and sys.stdout.isatty()
    head = read_head(sample)
    guessed = _settled(head, wishes, asks, as_json)
    _write(_Work(name, place, head, guessed, settings), asks, as_json)


def _settled(head: Head, wishes: Wishes, asks: bool, quiet: bool) -> GuessedMapping:
    """Guess, and ask for what is not sure; raises GuessError where that leaves something open."""
    from ingest.guessing.mapping import guess_mapping

    guessed, accepted = guess_mapping(head, wishes), set[str]()
    if not quiet:
        _show_guesses(guessed, head)
    while asks and (question := next((g for g in guessed.questions if g.what not in accepted), None)):
        guessed, wishes = _ask(head, guessed, wishes, question)
        accepted.add(question.what)
    doubts = [doubt for doubt in guessed.doubts if doubt.what not in accepted or not doubt.guess]
    if doubts or not guessed.is_whole:
        raise _open_questions(guessed, doubts)
    return guessed


def _ask(head: Head, guessed: GuessedMapping, wishes: Wishes, question: Guess) -> tuple[GuessedMapping, Wishes]:
    """Ask one question until its answer can be used; a return keeps the guess."""
    from ingest.guessing.guess import GuessError
    from ingest.guessing.mapping import guess_mapping

    others = f" (or {', '.join(question.choices)})" if question.choices else ""
    while True:
        said = typer.prompt(f"{question.what}: {question.evidence}{others}", default=question.guess or None).strip()
        if said == question.guess:
            return guessed, wishes
        try:
            changed = wishes.answered(question.option, said)
            return guess_mapping(head, changed), changed
        except GuessError as error:
            complain(str(error))


def _open_questions(guessed: GuessedMapping, doubts: list[Guess]) -> Exception:
    from ingest.guessing.draft import listed
    from ingest.guessing.guess import GuessError, option_of

    told = [f"{doubt.what}: {doubt.evidence}; say {option_of(doubt.option)}" for doubt in doubts]
    return GuessError(
        "not sure, so nothing was written:\n  "
        + "\n  ".join(told)
        + f"\ncolumns of the sample: {listed(list(guessed.table.columns))}"
    )


class _Work:
    """A mapping that is settled, before it is written."""

    def __init__(self, name: str, place: Place, head: Head, guessed: GuessedMapping, settings: Settings) -> None:
        from ingest.guessing.trial import try_guess
        from ingest.guessing.yaml_text import mapping_text

        self.name, self.place, self.head, self.guessed, self.settings = name, place, head, guessed, settings
        self.text = mapping_text(name, head.path.name, guessed)
        self.trial: Trial = try_guess(name, self.text, head, guessed.table, settings)

    def write(self) -> Trial:
        """Write the mapping and its tests, and give what became of the fictional sample."""
        from ingest.guessing.cases import write_cases
        from ingest.guessing.sample_file import fictional_sample, sample_name

        self.place.make()
        sample = (sample_name(self.guessed), fictional_sample(self.guessed))
        trial = write_cases(self.place.cases, self.name, self.text, sample, self.settings)
        self.place.mapping.write_text(self.text, encoding="utf-8")
        return trial


def _write(work: _Work, asks: bool, as_json: bool) -> None:
    report = work.trial.report
    if not as_json:
        _show_trial(work)
    if not report.accepted:
        complain(report.message or "no row of the sample became a call; nothing was written")
        raise typer.Exit(REJECTED)
    if asks and not typer.confirm(f"Write {work.place.mapping}?", default=True):
        raise CommandError("nothing was written")
    tested = work.write()
    if as_json:
        print_json(_as_json(work, tested))
        return
    say(f"Written: {work.place.mapping}, and its tests in {work.place.cases}: {tested.report.rows:,} rows")
    say(
        "In the tests numbers, IMEI, IMSI and ids are fictional and columns that mean nothing are empty; "
        "look them through before you hand them on."
    )
    say(f"Next: `ringfence ingest {work.head.path} --operator {work.name}`; mend by hand: docs/add-an-operator.md.")


def _show_guesses(guessed: GuessedMapping, head: Head) -> None:
    rows = [(g.what, g.guess or "–", "yes" if g.sure else "NO", g.evidence) for g in guessed.guesses]
    print_table(f"What {head.path.name} looks like", ("what", "guess", "sure", "because"), rows)
    if guessed.left:
        say(f"Columns that mean nothing here: {', '.join(guessed.left)}")


def _show_trial(work: _Work) -> None:
    from ingest.guessing.cases import written_calls

    report = work.trial.report
    columns = _told_columns(work.guessed)
    calls = written_calls(work.trial, columns)[:_SHOWN_CALLS]
    print_table(f"The first {len(calls)} calls", columns, calls)
    part = "" if work.guessed.table.whole else f"the first {work.guessed.table.rows:,} "
    share = report.accepted / report.rows if report.rows else 0.0
    say(
        f"Of {part or 'its '}{report.rows:,} rows {report.accepted:,} would be calls ({share:.1%}), "
        f"{report.duplicates:,} duplicates, {report.dead_lettered:,} dead letters"
    )
    for reason, count in sorted(report.reasons.items()):
        say(f"  {count:,} × {reason} (docs/reason-codes.md)")


def _told_columns(guessed: GuessedMapping) -> list[str]:
    fields = guessed.keys["fields"]
    assert isinstance(fields, dict), "canonical columns by name"
    return list(fields)


def _as_json(work: _Work, tested: Trial) -> dict[str, Any]:
    from ingest.guessing.cases import written_calls

    columns = _told_columns(work.guessed)
    calls = written_calls(work.trial, columns)[:_SHOWN_CALLS]
    return {
        "operator": work.name,
        "mapping": str(work.place.mapping),
        "tests": str(work.place.cases),
        "guesses": [asdict(guess) for guess in work.guessed.guesses],
        "left": list(work.guessed.left),
        "sample": asdict(work.trial.report),
        "whole": work.guessed.table.whole,
        "calls": [dict(zip(columns, call, strict=True)) for call in calls],
        "tested": asdict(tested.report),
    }


def _check(place: Place, name: str, settings: Settings, as_json: bool) -> None:
    """Take the samples of a mapping's tests in again; exit code 1 where anything differs."""
    from ingest.guessing.cases import check_cases

    if not place.mapping.is_file():
        raise CommandError(f"there is no {place.mapping}; `ringfence add-operator {name} --sample FILE` makes it")
    differences = check_cases(place.cases, name, place.mapping.read_text(encoding="utf-8"), settings)
    if as_json:
        print_json({"operator": name, "ok": not differences, "differences": differences})
    for difference in differences:
        complain(difference)
    if differences:
        raise typer.Exit(FAILED)
    if not as_json:
        say(f"{place.cases}: every call and every count is as written down")
