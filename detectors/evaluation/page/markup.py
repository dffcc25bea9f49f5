"""HTML and SVG as text in which nothing that comes from data is markup."""

from __future__ import annotations

from html import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """Give an element; children that are not Markup are escaped.

    In names of attributes `_` stands for `-`, one at the end is left out (class_), and numbers have two decimals.
    """
    named = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(_text(of))}"' for key, of in attributes.items())
    inner = "".join(child if isinstance(child, Markup) else escape(str(child)) for child in children)
    return Markup(f"<{name}{named}>{inner}</{name}>")


def _text(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)
