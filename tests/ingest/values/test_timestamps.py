"""Times are read as ISO 8601 says, or as the mapping's layout says, and nothing else is a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.values.timestamps import ISO_8601, LayoutError, Times, parse

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFSETS = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.one_of(st.none(), OFFSETS))  # both kinds


def us(when: datetime) -> int:
    return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - EPOCH) // timedelta(microseconds=1)


def one(text: str, format_: str = ISO_8601) -> Times:
    return parse(pa.array([text]), [format_])


@given(st.lists(st.tuples(MOMENTS, st.sampled_from(["T", " ", "t"])), min_size=1))
def test_what_isoformat_writes_is_read(moments: list[tuple[datetime, str]]) -> None:
    texts = [when.isoformat(separator) for when, separator in moments]
    times = parse(pa.array(texts), [ISO_8601])
    assert times.valid.all()
    assert times.us.tolist() == [us(when) for when, _ in moments]
    assert times.aware.tolist() == [when.tzinfo is not None for when, _ in moments]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-05-01T12:30", "2026-05-01T12:30:00"),
        ("2026-05-01T12:30Z", "2026-05-01T12:30:00+00:00"),
        ("2026-05-01T12:30:15z", "2026-05-01T12:30:15+00:00"),
        ("2026-05-01T12:30:15+0530", "2026-05-01T12:30:15+05:30"),
        ("2026-05-01T12:30:15-05", "2026-05-01T12:30:15-05:00"),
        ("2026-05-01T12:30:15.5", "2026-05-01T12:30:15.500000"),
        ("2026-05-01T12:30:15,123456789Z", "2026-05-01T12:30:15.123456+00:00"),
        ("2024-02-29T00:00:00", "2024-02-29T00:00:00"),
        ("  2026-05-01T12:30:15 ", "2026-05-01T12:30:15"),
    ],
)
def test_other_spellings_of_iso(text: str, wanted: str) -> None:
    times, moment = one(text), datetime.fromisoformat(wanted)
    assert times.valid[0]
    assert times.us[0] == us(moment)
    assert times.aware[0] == (moment.tzinfo is not None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-05-01",
        "2026-05-01T24:00:00",
        "2026-05-01T12:60:00",
        "2026-05-01T12:30:60",
        "2026-02-29T00:00:00",
        "2026-00-10T00:00:00",
        "2026-13-10T00:00:00",
        "2026-05-00T00:00:00",
        "2026-05-32T00:00:00",
        "2026-05-01T12:30:15+24:00",
        "2026-05-01T12:30:15+05:60",
        "2026-05-01T12:30:15.",
        "2026-05-01T12:30:15.1234567890",
        "2026-05-01T12:30:15 Z",
        "\t2026-05-01T12:30:15",
        "2026-05-01T12:30:15\n",
        "2026/05/01T12:30:15",
        "20260501T123015",
        "1777593600",
        "٢٠٢٦-٠٥-٠١T١٢:٣٠",
        "2026-05-01T12:30:１5",
        "-026-05-01T12:30:15",
        "2026-05-01T1_:30:15",
    ],
)
def test_everything_else_is_malformed(text: str) -> None:
    assert not one(text).valid[0]


@given(st.lists(st.text(max_size=40) | st.from_regex(r"\A[0-9TZ:+. -]{15,26}\Z"), min_size=1))
def test_no_text_is_read_otherwise_than_by_the_standard_library(texts: list[str]) -> None:
    times = parse(pa.array(texts), [ISO_8601])
    for text, valid, value in zip(texts, times.valid, times.us, strict=True):
        if valid:
            assert value == us(datetime.fromisoformat(text.upper()))


def test_a_layout_of_the_mapping() -> None:
    times = parse(pa.array(["20060601 0008", "20060601 2400", "2006060 10008", "20060601T0008"]), ["%Y%m%d %H%M"])
    assert times.valid.tolist() == [True, False, False, False]
    assert times.us[0] == us(datetime(2006, 6, 1, 0, 8, tzinfo=UTC))
    assert not times.aware.any()


@pytest.mark.parametrize("format_", ["%Y-%m-%d", "%j %H", "%Y%m%d %H%", "epoch"])
def test_a_layout_that_does_not_say_the_minute_is_refused(format_: str) -> None:
    with pytest.raises(LayoutError, match="time format"):
        one("x", format_)


@pytest.mark.parametrize(
    ("text", "format_", "wanted"),
    [
        ("01/06/26 23:59:58", "%d/%m/%y %H:%M:%S", datetime(2026, 6, 1, 23, 59, 58, tzinfo=UTC)),
        ("01-Jun-2026 23:59", "%d-%b-%Y %H:%M", datetime(2026, 6, 1, 23, 59, tzinfo=UTC)),
        ("01-JUN-2026 23:59", "%d-%b-%Y %H:%M", datetime(2026, 6, 1, 23, 59, tzinfo=UTC)),
        ("2026-06-01 23:59:58.25", "%Y-%m-%d %H:%M:%S.%f", datetime(2026, 6, 1, 23, 59, 58, 250_000, tzinfo=UTC)),
        ("20260601235958+0530", "%Y%m%d%H%M%S%z", datetime(2026, 6, 1, 18, 29, 58, tzinfo=UTC)),
        ("20260601235958Z", "%Y%m%d%H%M%S%z", datetime(2026, 6, 1, 23, 59, 58, tzinfo=UTC)),
        ("1780358398", "epoch_s", datetime(2026, 6, 1, 23, 59, 58, tzinfo=UTC)),
        ("1780358398.0625", "epoch_s", datetime(2026, 6, 1, 23, 59, 58, 62_500, tzinfo=UTC)),
        ("1780358398062", "epoch_ms", datetime(2026, 6, 1, 23, 59, 58, 62_000, tzinfo=UTC)),
        ("1780358398062500", "epoch_us", datetime(2026, 6, 1, 23, 59, 58, 62_500, tzinfo=UTC)),
    ],
)
def test_formats_of_mappings(text: str, format_: str, wanted: datetime) -> None:
    times = one(text, format_)
    assert times.valid[0]
    assert times.us[0] == us(wanted)


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("01-Jux-2026 23:59", "%d-%b-%Y %H:%M"),
        ("31-Feb-2026 23:59", "%d-%b-%Y %H:%M"),
        ("1.78E9", "epoch_s"),
        ("-5", "epoch_s"),
        ("1780358398.5", "epoch_ms"),
        ("1" * 18, "epoch_us"),
        ("", "epoch_s"),
        ("20260601235958", "%Y%m%d%H%M%S%z"),
    ],
)
def test_what_a_format_does_not_say_is_no_time(text: str, format_: str) -> None:
    assert not one(text, format_).valid[0]


def test_formats_are_tried_in_their_order() -> None:
    times = parse(pa.array(["2026-06-01T00:00:00Z", "1780272000000000", "yesterday"]), [ISO_8601, "epoch_us"])
    assert times.valid.tolist() == [True, True, False]
    assert times.us[0] == times.us[1]


@pytest.mark.parametrize("format_", ["%Y-%m-%d %H:%M %Y", "%Y-%m-%d\u2013%H:%M"])
def test_a_format_says_each_part_once_and_in_ascii(format_: str) -> None:
    with pytest.raises(LayoutError):
        one("x", format_)


SPELLED = ["%d/%m/%Y %H:%M:%S.%f", "%y%m%d%H%M%S", "%d-%b-%Y %H:%M"]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2068, 12, 31)), st.sampled_from(SPELLED))
def test_what_strftime_writes_is_read(moment: datetime, format_: str) -> None:
    written = moment.strftime(format_)
    read = one(written, format_)
    assert read.valid[0]
    assert read.us[0] == us(datetime.strptime(written, format_).replace(tzinfo=UTC))
