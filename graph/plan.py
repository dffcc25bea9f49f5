"""What the digits of an E.164 number say by themselves, as expressions.

Source: ITU-T E.164, list of assigned country codes: zones 1 and 7 have one digit, the codes below two,
all others three.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

_ONE_DIGIT = ("1", "7")
_TWO_DIGITS = (
    *("20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49"),
    *("51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86"),
    *("90", "91", "92", "93", "94", "95", "98"),
)
LOCAL_DIGITS = 6


def calling_code(number: ir.StringValue) -> ir.StringValue:
    """Give the country code of a number written with +."""
    one, two = number.substr(1, 1), number.substr(1, 2)
    return ibis.cases((one.isin(_ONE_DIGIT), one), (two.isin(_TWO_DIGITS), two), else_=number.substr(1, 3))


def locality(number: ir.StringValue) -> ir.IntegerValue:
    """Give the country code and the first LOCAL_DIGITS national digits as one whole number."""
    return number.substr(1, calling_code(number).length() + LOCAL_DIGITS).try_cast("int64")


def digits(number: ir.StringValue) -> ir.IntegerValue:
    """Give all digits of a number written with + as one whole number; it has at most 15."""
    return number.substr(1).try_cast("int64")
