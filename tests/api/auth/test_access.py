"""Who may ask is decided before the server listens."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.auth.access import AccessError, access, is_loopback
from configs import load_settings
from tests.api.worlds import TOKEN

API = load_settings().api


def token_file(folder: Path, text: str = TOKEN) -> dict[str, str]:
    """Give an environment that names a file with this token."""
    path = folder / "token"
    path.write_text(text, encoding="utf-8")
    return {"RINGFENCE_TOKEN_FILE": str(path)}


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_loopback_needs_no_token(host: str) -> None:
    assert is_loopback(host)
    assert access(host, API, {}).token is None


def test_a_token_of_half_characters_is_only_a_wrong_one(tmp_path: Path) -> None:
    who = access("127.0.0.1", API, token_file(tmp_path))
    assert who.admits(f"Bearer {TOKEN}")
    assert not any(who.admits(f"Bearer {given}") for given in ("\ud800", f"{TOKEN}\udfff", "ä" * 40, "\x00", ""))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "ringfence.example", ""])
def test_beyond_loopback_a_token_is_demanded(host: str, tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="RINGFENCE_TOKEN_FILE"):
        access(host, API, {})
    assert access(host, API, token_file(tmp_path)).token == TOKEN


@pytest.mark.parametrize(
    "text", ["", "short", "x" * 31, "x" * 31 + "\n\n\n", "ä" * 40, "two words " * 8, "x" * 40 + "\x00"]
)
def test_a_weak_token_is_refused_wherever_the_server_listens(text: str, tmp_path: Path) -> None:
    for host in ("127.0.0.1", "0.0.0.0"):
        with pytest.raises(AccessError, match="32"):
            access(host, API, token_file(tmp_path, text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="cannot be read"):
        access("127.0.0.1", API, {"RINGFENCE_TOKEN_FILE": str(tmp_path / "none")})


def test_space_around_the_token_does_not_count(tmp_path: Path) -> None:
    assert access("127.0.0.1", API, token_file(tmp_path, f"\n{TOKEN}\n")).token == TOKEN


@pytest.mark.parametrize(
    ("given", "admitted"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer  {TOKEN}", True),
        (f"Basic {TOKEN}", False),
        (TOKEN, False),
        (f"Bearer {TOKEN}x", False),
        (f"Bearer {TOKEN[:-1]}", False),
        ("Bearer ", False),
        ("Bearer é", False),
        ("", False),
        (None, False),
    ],
)
def test_only_the_token_is_admitted(given: str | None, admitted: bool, tmp_path: Path) -> None:
    assert access("127.0.0.1", API, token_file(tmp_path)).admits(given) is admitted


def test_pages_of_this_machine_may_ask_only_a_local_server(tmp_path: Path) -> None:
    assert "http://localhost:3000" in access("127.0.0.1", API, {}).origins
    assert access("0.0.0.0", API, token_file(tmp_path)).origins == frozenset()


def test_configured_names_are_answered() -> None:
    settings = API.model_copy(update={"allowed_hosts": ("Ringfence.Example",)})
    assert {"ringfence.example", "localhost", "127.0.0.1", "::1"} <= access("127.0.0.1", settings, {}).hosts
