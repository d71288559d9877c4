"""File names made of other people's words."""

from __future__ import annotations

import pytest

from bulktap.storage.file_names import file_stems, unfit_for_windows


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("7b", "7b"),
        ("7/b", "7-b"),
        ('a<b>:"\\|?*c', "a-b-------c"),
        ("Haus 3.", "Haus 3"),
        (" . .. ", "_"),
        ("CON", "_CON"),
        ("aux.2", "_aux.2"),
        ("com1", "_com1"),
        ("LPT²", "_LPT²"),
        ("console", "console"),
        ("a\nb\tc\u202egnp", "a b c gnp"),
        ("Klasse  7 b", "Klasse 7 b"),
        ("山田組", "山田組"),
        ("", "_"),
    ],
)
def test_a_name_is_fit_for_windows(text: str, stem: str) -> None:
    """Forbidden letters, devices, dots and blanks at the end, and what cannot be seen."""
    assert file_stems([text], ()) == [stem]


@pytest.mark.parametrize("text", ["x" * 500, "é" * 500, "e\u0301" * 500, "山" * 500, "👩🏽" * 200])
def test_a_name_is_not_too_long_in_letters_or_bytes(text: str) -> None:
    """Nor does it end in half a letter."""
    (stem,) = file_stems([text], ())
    assert 0 < len(stem) <= 60
    assert len(stem.encode()) <= 180
    assert stem.encode().decode() == stem


@pytest.mark.parametrize(
    ("texts", "stems"),
    [
        (["7/b", "7:b", "7?b"], ["7-b", "7-b (2)", "7-b (3)"]),
        (["Straße", "STRASSE"], ["Straße", "STRASSE (2)"]),
        (["é", "e\u0301"], ["é", "é (2)"]),
        (["covers", "Passphrases"], ["covers (2)", "Passphrases (2)"]),
        (["5", "5-2", "5-3"], ["5", "5-2 (2)", "5-3 (2)"]),
        (["5-1", "5-2"], ["5-1", "5-2"]),
        (["covers-2"], ["covers-2 (2)"]),
    ],
)
def test_no_two_names_are_one_file(texts: list[str], stems: list[str]) -> None:
    """On no system, nor the file that stands in for another that could not be replaced."""
    assert file_stems(texts, ("covers", "passphrases")) == stems


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("CON.txt", "CON for a device"),
        ("aux.xlsx", "AUX for a device"),
        ("nul", "NUL for a device"),
        ("Com1.csv", "COM1 for a device"),
        ("conout$", "CONOUT$ for a device"),
        ("LPT² .csv", "LPT² for a device"),
        ("reports.", "a dot or a blank"),
        ("reports ", "a dot or a blank"),
        ("...", "a dot or a blank"),
        ("roster.csv:hidden", "has : in it"),
        ("7*.xlsx", "has * in it"),
        ("a|b", "has | in it"),
        ("a\tb", "has U+0009 in it"),
        ("x" * 256, "longer than 255"),
        ("\U0001f393" * 128, "longer than 255"),
    ],
)
def test_a_name_that_windows_changes_or_lacks_is_told(name: str, why: str) -> None:
    """Devices, ends that it drops, streams, patterns, and what is too long in its own letters."""
    assert why in (unfit_for_windows(name) or "")


@pytest.mark.parametrize(
    "name",
    ["roster.csv", ".hidden", "console.csv", "nullen.xlsx", "com10", "Klasse (7a) [neu].xlsx", "山田.xlsx", "x" * 255],
)
def test_a_name_that_windows_takes_is_left_alone(name: str) -> None:
    """Also one that only begins like a device's."""
    assert unfit_for_windows(name) is None
