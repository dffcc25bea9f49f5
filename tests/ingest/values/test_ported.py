"""The table of ported prefixes: the longest prefix wins, and every fault of the file is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from configs import ConfigError
from ingest.values.ported import Ported, read_ported

PREFIXES = st.from_regex(r"\+[1-9][0-9]{0,14}", fullmatch=True)
CARRIERS = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=("C", "Z")), min_size=1)


def table(folder: Path, text: str) -> Path:
    path = folder / "ported.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        read_ported(table(folder, text))
    return [line.removeprefix(f"{folder / 'ported.csv'}, ") for line in str(error.value).splitlines()]


def test_the_longest_prefix_wins(tmp_path: Path) -> None:
    ported = read_ported(table(tmp_path, "prefix,carrier\n+9477,Dialog\n+94771234567,Hutch\n+94771,Mobitel\n"))
    assert ported.carrier("+94771234567") == "Hutch"
    assert ported.carrier("+94771234568") == "Mobitel"
    assert ported.carrier("+94772234568") == "Dialog"
    assert ported.carrier("+9477") == "Dialog"
    assert ported.carrier("+947") is None
    assert ported.carrier("119") is None


def test_no_table_says_nothing(tmp_path: Path) -> None:
    assert read_ported(tmp_path / "ported.csv").carrier("+94771234567") is None


def test_a_table_as_spreadsheets_write_it(tmp_path: Path) -> None:
    text = '\ufeffPrefix , CARRIER\r\n\r\n +9477 ,"Dialog, Axiata"\r\n,\r\n'
    assert read_ported(table(tmp_path, text)).carrier("+94771234567") == "Dialog, Axiata"


def test_every_fault_is_said_at_once_with_its_line(tmp_path: Path) -> None:
    text = "number,name\n9477,Dialog\n+9477,Dialog\n+9477,Hutch\n+0,x\n+9471\n+9472,\n+9473,a,b\n"
    assert faults(tmp_path, text) == [
        "line 1: the header is 'number,name', not 'prefix,carrier'",
        "line 2: '9477' is no prefix: write + and up to 15 digits, as +9477",
        "line 4: the prefix +9477 stands there twice",
        "line 5: '+0' is no prefix: write + and up to 15 digits, as +9477",
        "line 6: 1 fields, not a prefix and a carrier",
        "line 7: the carrier must be 1 to 64 printable characters",
        "line 8: 3 fields, not a prefix and a carrier",
    ]


@pytest.mark.parametrize("text", ["", "\n", "+9477,Dialog\n"])
def test_a_table_needs_its_header(tmp_path: Path, text: str) -> None:
    assert "not 'prefix,carrier'" in faults(tmp_path, text)[0]


def test_faults_before_broken_quotes_are_said_too(tmp_path: Path) -> None:
    found = faults(tmp_path, 'prefix,carrier\n1,x\n+9477,"Dia"log\n')
    assert [fault.split(":")[0] for fault in found] == ["line 2", "line 3"]


def test_a_table_of_faults_is_cut_short(tmp_path: Path) -> None:
    found = faults(tmp_path, "prefix,carrier\n" + "x,y\n" * 50)
    assert len(found) == 21
    assert found[-1] == "and 30 more"


def test_a_table_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ported.csv"
    path.write_bytes(b"prefix,carrier\n+9477,\xff\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        read_ported(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        read_ported(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_table_or_a_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ported.csv"
    path.write_bytes(("prefix,carrier\n" + text).encode("utf-8", "surrogatepass"))
    try:
        found: Ported | None = read_ported(path)
    except ConfigError as error:
        found, said = None, str(error)
    assert found is not None or str(path) in said


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(PREFIXES, CARRIERS.map(lambda name: name[:64]), min_size=1), st.data())
def test_what_is_written_is_read(tmp_path: Path, carriers: dict[str, str], data: st.DataObject) -> None:
    lines = [f'{prefix},"{carrier.replace(chr(34), chr(34) * 2)}"' for prefix, carrier in carriers.items()]
    ported = read_ported(table(tmp_path, "\n".join(["prefix,carrier", *lines])))
    number = data.draw(st.sampled_from(sorted(carriers))) + data.draw(st.text("0123456789", max_size=4))
    longest = max((prefix for prefix in carriers if number.startswith(prefix)), key=len)
    assert ported.carrier(number) == carriers[longest]
