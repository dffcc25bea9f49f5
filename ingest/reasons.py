"""Reason codes: why a row or a file was not taken in. docs/reason-codes.md explains each."""

from __future__ import annotations

# Of rows, in the order in which they are looked for: a row has the first that holds.
ROW_REASONS: dict[str, str] = {
    "row_too_long": "longer than ingest.max_row_bytes",
    "row_not_utf8": "holds bytes that are not UTF-8",
    "row_nul": "holds a NUL character",
    "row_quotes": "a quotation mark opens and is not closed, or stands inside a field",
    "row_carriage_return": "a carriage return stands inside the row, outside quotes",
    "row_columns": "more or fewer fields than the header; of fixed columns: a line that ends within one or is too long",
    "row_json": "no JSON object, a name in it twice, NaN, half a character, brackets too deep, or a wanted field that "
    "is an object or array",
    "row_xml": "a wanted field is in the record twice",
    "row_ber": "not as the mapping's ASN.1 module describes it",
    "caller_empty": "no caller",
    "caller_characters": "the caller is no telephone number: other characters than digits, +, spaces, dashes, brackets",
    "caller_zero": "the caller is 0",
    "caller_length": "the caller has fewer than 3 or more than 15 digits (an opaque id: more than 64 characters)",
    "callee_empty": "no callee",
    "callee_characters": "the callee is no telephone number: other characters than digits, +, spaces, dashes, brackets",
    "callee_zero": "the callee is 0",
    "callee_length": "the callee has fewer than 3 or more than 15 digits (an opaque id: more than 64 characters)",
    "callee_withheld": "the callee is one of the mapping's words for a number that is not shown",
    "started_malformed": "the time is not in the mapping's format, or no such day or hour exists",
    "started_in_gap": "the clocks skipped this time when summer time began",
    "started_too_early": "before ingest.first_year",
    "started_before_retention": "older than calls are kept (retention.calls)",
    "started_in_future": "more than ingest.future_minutes after now",
    "duration_malformed": "the duration is not plain decimal digits",
    "duration_out_of_range": "the duration is negative or longer than a day",
    "kind_unknown": "the kind is not voice, sms or forward",
    "zone_unknown": "the time zone is no IANA zone",
    "answered_malformed": "answered is not true, false, 1 or 0",
    "ring_malformed": "ring_ms is not plain digits",
    "ring_out_of_range": "ring_ms is negative or longer than a day",
    "forwarded_to_characters": "the number forwarded to is no telephone number",
    "forwarded_to_zero": "the number forwarded to is 0",
    "forwarded_to_length": "the number forwarded to has fewer than 3 or more than 15 digits",
    "erased": "a call, with an erased number on any side, that began before the erasure; nothing of the row is kept",
}
FILE_REASONS: dict[str, str] = {
    "file_unreadable": "missing, no file but a pipe or device, a folder or pattern without files, or may not be read",
    "file_changed": "changed while it was read",
    "foreign_type": "of no known format or packing, or not packed as its name says",
    "gzip_damaged": "cut off, wrong checksum, or followed by something else",
    "zstd_damaged": "cut off, wrong checksum, or followed by something else",
    "archive_damaged": "not a whole ZIP archive, or a member is not as long as it says or has a wrong checksum",
    "archive_encrypted": "a member needs a password",
    "archive_unsafe": "a member's name leads out of the folder or is there twice, it is a link or an archive again, "
    "members overlap, or there are more than 10,000",
    "parquet_damaged": "not a whole Parquet file",
    "json_damaged": "not a whole JSON document, or not UTF-8",
    "xml_damaged": "not a whole XML document, or one that is nested or named without bounds",
    "xml_entities": "declares a DTD or entities",
    "ber_damaged": "its elements cannot be told apart, or one is of a kind that the module does not know",
    "ber_undescribed": "the mapping has no ASN.1 module that describes its records",
    "format_undescribed": "the mapping does not describe files of this format",
    "records_barren": "more than 100,000 records, and more than half of them, are damaged or hold nothing that is "
    "wanted",
    "bomb_by_ratio": "unpacks to too much: more than ingest.max_ratio times its size, or than ingest.max_column_bytes",
    "bomb_by_rows": "more rows than ingest.max_rows",
    "bomb_by_days": "calls of more days than ingest.max_days, each of which becomes files of its own",
    "header_missing": "no first line, or one that is no header",
    "header_malformed": "the first line is not UTF-8 or not well-formed",
    "rows_disputed": "its rows cannot be told apart beyond doubt",
    "column_missing": "a column that the mapping needs is not there",
    "column_doubled": "two columns of one name, even of one that means nothing here, or two for one thing",
    "column_type": "a Parquet column of a type that cannot be trusted for what it means",
    "held_too_many_dead": "a larger share of its rows is dead than ingest.hold_dead_share lets in",
}
CODES: tuple[str, ...] = ("", *ROW_REASONS)  # a row's code is its place here; 0 is no fault
CODE_OF: dict[str, int] = {reason: code for code, reason in enumerate(CODES)}
