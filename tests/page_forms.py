"""The form that a page sends by itself, as a browser reads it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See the base class."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = told["action"]
        if tag == "input":
            self.fields[told["name"]] = told["value"]


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """Return where a page's form goes, and what it brings."""
    forms = _Forms()
    forms.feed(page)
    return forms.action, forms.fields
