"""JSON from files that anybody may have written."""

from __future__ import annotations

import pytest

from bulktap.storage.untrusted_json import json_object


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '"text"',
        "null",
        '{"a": NaN}',
        '{"a": -Infinity}',
        "{" * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        '{"a": [' + "1," * 4_000_000 + "1]}",
        '{"a": [' + "{}," * 2_100_000 + "1]}",
        '{"a": ' + "9" * 5000 + "}",
        '{"a": 1',
        '{"a": 1}}',
    ],
    ids=lambda text: f"{text[:12]}-{len(text)}",
)
def test_what_is_no_object_within_bounds_is_nothing(text: str) -> None:
    """However deep, long or strange it is."""
    assert json_object(text) is None
    assert json_object(text.encode()) is None


@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf"])
def test_an_object_is_read(begin: bytes) -> None:
    """With the mark that Windows editors put in front of it, too."""
    assert json_object(begin + b'{"a": [1, 2], "b": {"c": "\xc3\xa4"}}') == {"a": [1, 2], "b": {"c": "ä"}}
