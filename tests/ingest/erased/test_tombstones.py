"""Tombstones are known by a keyed hash, in two places of which either may be lost."""

from __future__ import annotations

import hashlib
import hmac
import shutil
import stat

import pytest
from sqlalchemy import Engine, delete, select, update

from ingest.erased import tombstones
from ingest.erased.tombstones import ErasureError, masked
from ingest.home import Home
from ingest.ledger import tables as ledger_tables
from ingest.ledger.database import open_database

NUMBER, OTHER = "+94771234567", "+919876543210"
TABLE = ledger_tables.tombstones


@pytest.fixture
def engine(home: Home) -> Engine:
    return open_database(home, "ledger")


def rows(engine: Engine) -> list[tuple[str, int, str | None]]:
    with engine.connect() as connection:
        return [(row.id, row.erased_at, row.pending) for row in connection.execute(select(TABLE).order_by(TABLE.c.id))]


def forget_ledger(engine: Engine) -> None:
    """As a restored backup from before all erasures is."""
    with engine.begin() as connection:
        connection.execute(delete(TABLE))


def erased_at(home: Home, engine: Engine, number: str) -> int | None:
    found = tombstones.known(home, engine)
    return found.of(number) if found else None


def test_nothing_is_erased_and_nothing_is_made_at_first(home: Home, engine: Engine) -> None:
    assert tombstones.known(home, engine) is None
    assert tombstones.pending(engine) == {}
    assert not tombstones.is_unfinished(engine)
    tombstones.restore(home, engine)
    assert not home.erasures.exists()


def test_the_id_is_a_keyed_hash(home: Home, engine: Engine) -> None:
    tombstones.enter(home, engine, [NUMBER], at=17)
    key = (home.erasures / "key").read_bytes()
    assert rows(engine) == [(hmac.new(key, NUMBER.encode(), hashlib.sha256).hexdigest(), 17, NUMBER)]
    assert erased_at(home, engine, NUMBER) == 17
    assert erased_at(home, engine, OTHER) is None


def test_only_the_owner_reads_the_key_and_the_list_shows_no_number(home: Home, engine: Engine) -> None:
    tombstones.enter(home, engine, [NUMBER, OTHER])
    files = sorted(home.erasures.iterdir())
    assert [file.name for file in files] == ["key", "list"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(home.erasures.stat().st_mode) == 0o700
    assert all(number[3:].encode() not in file.read_bytes() for file in files for number in (NUMBER, OTHER))


def test_a_number_is_pending_until_all_is_done(home: Home, engine: Engine) -> None:
    tombstones.enter(home, engine, [NUMBER, OTHER])
    assert sorted(tombstones.pending(engine).values()) == sorted([NUMBER, OTHER])
    tombstones.forget_numbers(engine)
    assert tombstones.pending(engine) == {}
    assert tombstones.is_unfinished(engine)
    assert tombstones.has_unknown(engine)
    tombstones.finish(engine)
    assert not tombstones.is_unfinished(engine)
    assert erased_at(home, engine, NUMBER) is not None


def test_erased_twice_the_later_time_counts(home: Home, engine: Engine) -> None:
    tombstones.enter(home, engine, [NUMBER], at=17)
    tombstones.finish(engine)
    tombstones.enter(home, engine, [NUMBER], at=19)
    assert [(at, pending) for _, at, pending in rows(engine)] == [(19, NUMBER)]
    assert erased_at(home, engine, NUMBER) == 19


def test_what_a_restored_ledger_lacks_counts_and_is_entered_again(home: Home, engine: Engine) -> None:
    tombstones.enter(home, engine, [NUMBER], at=17)
    tombstones.finish(engine)
    forget_ledger(engine)
    assert erased_at(home, engine, NUMBER) == 17
    tombstones.restore(home, engine)
    assert [(at, pending) for _, at, pending in rows(engine)] == [(17, "")]
    tombstones.name(home, engine, [OTHER])
    assert tombstones.pending(engine) == {}
    tombstones.name(home, engine, [OTHER, NUMBER])
    assert list(tombstones.pending(engine).values()) == [NUMBER]
    tombstones.restore(home, engine)
    assert list(tombstones.pending(engine).values()) == [NUMBER]


def test_a_restored_ledger_may_hold_an_earlier_erasure_of_a_number(home: Home, engine: Engine) -> None:
    tombstones.enter(home, engine, [NUMBER], at=17)
    tombstones.enter(home, engine, [NUMBER], at=19)
    with engine.begin() as connection:
        connection.execute(update(TABLE).values(erased_at=17, pending=None))
    tombstones.restore(home, engine)
    assert [(at, pending) for _, at, pending in rows(engine)] == [(19, "")]


def test_what_the_list_lacks_is_put_into_it(home: Home, engine: Engine) -> None:
    tombstones.enter(home, engine, [NUMBER], at=17)
    tombstones.finish(engine)
    listed = (home.erasures / "list").read_bytes()
    (home.erasures / "list").unlink()
    assert erased_at(home, engine, NUMBER) == 17
    tombstones.restore(home, engine)
    assert (home.erasures / "list").read_bytes() == listed
    assert not tombstones.is_unfinished(engine)


@pytest.mark.parametrize("torn", [b"0", b"ab12", b"00" * 32, b"00" * 32 + b" 12"])
def test_an_append_that_was_cut_off_is_passed_over_and_overwritten(home: Home, engine: Engine, torn: bytes) -> None:
    tombstones.enter(home, engine, [NUMBER], at=17)
    path = home.erasures / "list"
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    tombstones.restore(home, engine)
    assert len(rows(engine)) == 1
    tombstones.enter(home, engine, [OTHER], at=18)
    assert path.read_bytes().startswith(whole)
    assert path.read_bytes().count(b"\n") == 2
    forget_ledger(engine)
    tombstones.restore(home, engine)
    assert sorted(at for _, at, _ in rows(engine)) == [17, 18]


@pytest.mark.parametrize("lost", ["key", "all"])
def test_without_the_key_nothing_is_taken_for_not_erased(home: Home, engine: Engine, lost: str) -> None:
    tombstones.enter(home, engine, [NUMBER])
    if lost == "key":
        (home.erasures / "key").unlink()
    else:
        shutil.rmtree(home.erasures)
    with pytest.raises(ErasureError, match="restore it"):
        tombstones.known(home, engine)
    with pytest.raises(ErasureError, match="restore it"):
        tombstones.enter(home, engine, [OTHER])


@pytest.mark.parametrize(("number", "shown"), [(NUMBER, "…67"), ("12345", "…45"), ("1919", "…"), ("ab", "…")])
def test_masked(number: str, shown: str) -> None:
    assert masked(number) == shown
