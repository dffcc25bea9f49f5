"""XML elements become chunks of texts, whatever surrounds them; what an XML file could do beyond that is refused."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.rejection import RejectedError
from tests.ingest.format_samples import (
    MAPPING,
    as_xml,
    chunks_of,
    column,
    content_of,
    dead,
    operator_with,
    places,
    rows,
)
from tests.ingest.samples import id_of, settings_with

GOOD = "<cdr><a>1</a><b>2</b><t>3</t><d>4</d></cdr>"
DEEP = operator_with(
    fields={
        "caller": {"from": "from/number"},
        "callee": {"from": "from/@to"},
        "started": {"from": "@started"},
        "talk_ms": {"from": "d"},
    }
)


WITH_ATTRIBUTE = operator_with(fields={**MAPPING["fields"], "imei": {"from": "@y", "optional": True}})


def within(*records: str) -> bytes:
    return f"<cdrs>{''.join(records)}</cdrs>".encode()


def refused(data: bytes, **sections: Any) -> str:
    with pytest.raises(RejectedError, match=r".{20}") as caught:
        chunks_of(data, "xml", operator_with(**sections))
    return caught.value.reason


@pytest.mark.parametrize(
    "data",
    [
        within(GOOD, GOOD),
        within(f"<day><hour>{GOOD}</hour><note>x</note></day>", GOOD),
        b'<?xml version="1.0" encoding="UTF-8"?><!-- x --><x:cdrs xmlns:x="u">'
        + GOOD.replace("cdr>", "x:cdr>").encode() * 2
        + b"</x:cdrs>",
        f'<?xml version="1.0" encoding="UTF-16"?>{within(GOOD, GOOD).decode()}'.encode("utf-16"),
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{within(GOOD, GOOD).decode()}'.encode("latin-1"),
        b"\xef\xbb\xbf" + within(GOOD, GOOD),
        within(GOOD.replace("1", "\n <![CDATA[1]]> ").replace("<d>", "<D>").replace("</d>", "</D>"), GOOD),
    ],
)
def test_every_form_says_the_same(data: bytes) -> None:
    chunks = chunks_of(data, "xml")
    assert [column(chunks, name) for name in "abtd"] == [["1"] * 2, ["2"] * 2, ["3"] * 2, ["4"] * 2]
    assert places(chunks) == [0, 1]


def test_the_document_itself_may_be_the_record() -> None:
    assert column(chunks_of(GOOD.encode(), "xml"), "a") == ["1"]


def test_paths_lead_to_elements_and_attributes() -> None:
    record = '<cdr x:started="7"><from to="+2" x="y"> <number>+1</number> <name/></from><d>5 <u>s</u></d></cdr>'
    content = content_of(within(record), "xml", DEEP)
    assert list(content.unknown) == ["from/@x", "from/name", "d/u"]
    chunks = list(content.chunks)
    assert [column(chunks, name) for name in ("from/number", "from/@to", "@started", "d")] == [
        ["+1"],
        ["+2"],
        ["7"],
        ["5"],
    ]


def test_texts_keep_what_entities_of_xml_mean() -> None:
    assert column(chunks_of(within(GOOD.replace("1", "&lt;&#233;&amp;")), "xml"), "a") == ["<é&"]


def test_a_record_within_a_record_is_a_part_of_it() -> None:
    chunks = chunks_of(within(GOOD.replace("<d>", f"{GOOD}<d>")), "xml")
    assert column(chunks, "a") == ["1"]
    assert not dead(chunks)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (GOOD.replace("<b>", "<a>1</a><b>"), "row_xml"),
        (GOOD.replace("<b>", "<A>1</A><b>"), "row_xml"),
        (GOOD.replace("<b>", f"<x>{'y' * 2000}</x><b>"), "row_too_long"),
        (GOOD.replace("<b>", f"<x y='{'é' * 700}'/><b>"), "row_too_long"),
        (GOOD.replace("<b>", f"{'<x/>' * 400}<b>"), "row_too_long"),
        (GOOD.replace("<b>", f"{'<x><y>z</y></x>' * 40_000}<b>"), "row_too_long"),
    ],
    ids=["twice", "twice folded", "text", "attribute", "elements", "many elements"],
)
def test_a_doubtful_record_is_dead_alone(record: str, reason: str) -> None:
    chunks = chunks_of(within(GOOD, record, GOOD), "xml")
    ((row, found, raw),) = dead(chunks)
    assert (row, found) == (1, reason)
    assert json.loads(raw)["a"] == "1"
    assert column(chunks, "a") == ["1", "1"]


def test_what_is_there_twice_and_means_nothing_is_no_doubt() -> None:
    assert not dead(chunks_of(within(GOOD.replace("<b>", "<x>1</x><x>2</x><b>")), "xml"))


@pytest.mark.parametrize(
    "data",
    [
        within(GOOD)[:-1],
        within(GOOD)[:-10],
        within(GOOD)[:30],
        within(GOOD) + b"<x/>",
        within(GOOD, "<a>&x;</a>"),
        within(GOOD, "<a></b>"),
        within(GOOD, "\0"),
        within(GOOD).replace(b"1", b"\xff"),
        b" ",
        b"hello",
        b"\x1f\x8b",
        b"<cdrs>" + b"<x>" * 100,
        b"<cdrs>" + b"".join(b"<x%d/>" % i for i in range(20_000)),
        b"<cdrs><x " + b" ".join(b"y%d=''" % i for i in range(20_000)) + b"/>",
        b"<cdrs><x y='" + b"z" * 200_000 + b"'/>",
        b"<cdrs><!--" + b"z" * 200_000,
        b'<?xml version="1.0" encoding="no such"?><cdrs/>',
        b'<?xml version="1.0" encoding="shift_jis"?><cdrs/>',
        b'<?xml version="1.0" encoding="hex"?><cdrs/>',
    ],
    ids=id_of,
)
def test_damaged_documents_are_refused(data: bytes) -> None:
    assert refused(data) == "xml_damaged"


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE cdrs [<!ENTITY l0 "lol">' + LAUGHS + b"]><cdrs>&l9;</cdrs>",
        b'<!DOCTYPE cdrs [<!ENTITY x SYSTEM "file:///etc/passwd">]><cdrs>&x;</cdrs>',
        b'<!DOCTYPE cdrs SYSTEM "http://127.0.0.1:9/x.dtd"><cdrs/>',
        b'<!DOCTYPE cdrs [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><cdrs/>',
        b"<!DOCTYPE cdrs><cdrs/>",
    ],
)
def test_entities_and_dtds_are_refused_unread(data: bytes) -> None:
    assert refused(data) == "xml_entities"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "header_missing"),
        (b"<cdrs></cdrs>", "header_missing"),
        (GOOD.replace("cdr", "call").encode(), "header_missing"),
        (within("<cdr><colour>red</colour></cdr>"), "header_missing"),
        (within("<cdr/>"), "header_missing"),
        (within("<cdr><a>1</a></cdr>"), "column_missing"),
    ],
)
def test_files_without_what_is_needed(data: bytes, reason: str) -> None:
    assert refused(data) == reason


def test_a_mapping_without_a_record() -> None:
    assert refused(b"<cdrs/>", xml=None) == "format_undescribed"


def test_mostly_empty_records_are_refused() -> None:
    data = within(GOOD * 1000, "<cdr/>" * 130_000)
    with pytest.raises(RejectedError, match="damaged or empty") as caught:
        chunks_of(data, "xml", limits=settings_with().ingest)
    assert caught.value.reason == "records_barren"


def test_rows_keep_their_place_and_text_in_small_chunks() -> None:
    chunks = chunks_of(as_xml(rows(2000)), "xml")
    assert len(chunks) > 10
    assert column(chunks, "b") == [call[1] for call in rows(2000)]
    assert places(chunks) == list(range(2000))
    assert json.loads(chunks[1].raw(chunks[1].rows[:1] * 0)[0].as_py())["a"] == column(chunks[1:], "a")[0]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8
)
RECORDS = st.lists(st.dictionaries(st.sampled_from(["a", "b", "x", "@y"]), TEXT, max_size=4), max_size=8)


def written(record: dict[str, str]) -> str:
    attributes = "".join(f" {name[1:]}={quoteattr(text)}" for name, text in record.items() if name[0] == "@")
    fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in record.items() if name[0] != "@")
    return f"<cdr{attributes}>{fields}</cdr>"


@given(RECORDS)
def test_texts_come_back_as_they_were_written(records: list[dict[str, str]]) -> None:
    chunks = chunks_of(within(GOOD, *map(written, records)), "xml", WITH_ATTRIBUTE, settings_with().ingest)
    assert column(chunks, "a")[1:] == [record["a"].strip() if "a" in record else None for record in records]
    if any("@y" in record for record in records):
        assert column(chunks, "@y")[1:] == [record.get("@y") for record in records]
