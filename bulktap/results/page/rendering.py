"""From a described page to its bytes, by jinja2, which only this module imports.

Every value is escaped where it stands: in HTML by jinja2's autoescape, in the script's data by writing `<`, `>` and
`&` as JSON escapes, in the script by never making HTML of text. Should one of these fail, the page's content security
policy allows no script and no style but the page's own, known by their digests, no request, and no HTML made of
strings.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from bulktap.results.wording import legible

if TYPE_CHECKING:
    from bulktap.results.page.content import Page

_MOMENT = re.compile(r"((?:\w+ )?\d{4}-\d\d-\d\d(?: \d\d:\d\d)?)")


def render_page(page: Page) -> bytes:
    """Return the page as one HTML file in UTF-8, complete in itself; the same page gives the same bytes."""
    style, script = _asset("page.css"), _asset("page.js")
    policy = (
        f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    text = _template().render(page=page, style=style, script=script, policy=policy, data=_data(page.table.json_text))
    return legible(text).encode("utf-8")


def _data(json_text: str) -> str:
    """Return JSON that cannot end the element it stands in, nor begin a comment there."""
    for letter in "<>&":
        json_text = json_text.replace(letter, f"\\u{ord(letter):04x}")
    return json_text


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _moments(line: str) -> list[tuple[str, bool]]:
    """Return the line in parts, each with whether it is a date with its time, which breaks nowhere."""
    return [(part, bool(_MOMENT.fullmatch(part))) for part in _MOMENT.split(line) if part]


@cache
def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _template() -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["moments"] = _moments
    environment.filters["grouped"] = lambda number: f"{number:,}"
    environment.filters["coordinate"] = lambda number: f"{number:.1f}".removesuffix(".0")
    return environment.get_template("page.html")
