"""How large a GraphQL document is, told from its text alone, before anything parses it.

The parser and the validation rules recurse with the nesting of brackets and build an object a token; both are bounded
here first. Source: GraphQL specification, October 2021, section 2.1 (lexical tokens).
"""

from __future__ import annotations

import re

from api.graphql.refusal import RefusedError

MAX_NESTING = 64  # brackets of any kind; far above what the depth limit lets through

# Possessive quantifiers: a text that does not match is given up in one pass over it.
_TOKEN = re.compile(
    r"""
      [\s,\ufeff]++                               # ignored
    | (?P<comment> \#[^\n\r]*+ )                  # the language ignores it, but it costs the parser as much as a token
    | (?P<open> [{(\[] )
    | (?P<close> [})\]] )
    | (?P<block> \"\"\" (?: [^"\\] | \\\"\"\" | \\ | "(?!"") )*+ \"\"\" )
    | (?P<string> "(?!"") (?: [^"\\\n\r] | \\[^\n\r] )*+ " )
    | (?P<word> [_A-Za-z][_0-9A-Za-z]*+ )
    | (?P<number> -?[0-9][0-9.eE+\-]*+ )
    | (?P<mark> \.\.\. | [!$&:=@|] )
    """,
    re.VERBOSE,
)


def check_size(document: str, max_tokens: int) -> None:
    """Raise RefusedError when the document has too many tokens, nests too deeply, or is no GraphQL at all.

    Takes time in proportion to the length of the text and stops at the first fault.
    """
    place = tokens = nesting = 0
    while place < len(document):
        token = _TOKEN.match(document, place)
        if token is None:
            raise RefusedError("SYNTAX", f"The query is not GraphQL from character {place} on.")
        place = token.end()
        tokens += token.lastgroup is not None
        nesting += (token.lastgroup == "open") - (token.lastgroup == "close")
        if tokens > max_tokens:
            raise RefusedError("TOO_LARGE", f"A query may have {max_tokens} tokens; ask for less at once.")
        if nesting > MAX_NESTING:
            raise RefusedError("TOO_DEEP", f"A query may nest {MAX_NESTING} brackets; ask for less depth.")
