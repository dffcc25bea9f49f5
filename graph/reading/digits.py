"""What the digits of an E.164 number say by themselves.

Source: ITU-T E.164, list of assigned country codes: zones 1 and 7 have one digit, the codes below two,
all others three.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_ONE_DIGIT = ("1", "7")
_TWO_DIGITS = (
    *("20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49"),
    *("51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86"),
    *("90", "91", "92", "93", "94", "95", "98"),
)
LOCAL_DIGITS = 6


def said_by_digits(numbers: pa.Array, is_written: pa.Array) -> dict[str, pa.Array]:
    """Give of numbers written with + (others: null) all `digits`, the calling `code` and the `locality` (int64).

    The locality is the code with the first LOCAL_DIGITS national digits.
    """
    digits = pc.if_else(is_written, pc.utf8_slice_codeunits(numbers, 1), None)
    code = _calling_code(digits)
    local = [
        pc.if_else(pc.equal(pc.utf8_length(code), size), pc.utf8_slice_codeunits(digits, 0, size + LOCAL_DIGITS), None)
        for size in (1, 2, 3)
    ]
    return {"digits": _whole(digits), "code": _whole(code), "locality": _whole(pc.coalesce(*local))}


def _calling_code(digits: pa.Array) -> pa.Array:
    one, two, three = (pc.utf8_slice_codeunits(digits, 0, size) for size in (1, 2, 3))
    has_one = pc.is_in(one, value_set=pa.array(_ONE_DIGIT))
    has_two = pc.is_in(two, value_set=pa.array(_TWO_DIGITS))
    return pc.case_when(pc.make_struct(has_one, has_two), one, two, three)


def _whole(text: pa.Array) -> pa.Array:
    """Give digits as whole numbers, null for what is none."""
    return pc.if_else(pc.match_substring_regex(text, "^[0-9]{1,18}$"), text, None).cast(pa.int64())
