"""What a run may be named."""

from __future__ import annotations

import pytest

from bulktap.model.run_names import checked_name


@pytest.mark.parametrize(
    "name", ["autumn-5a", "5a", "console", "com10", "nul-5a", "Schuljahr_2035", "été", "秋", "a", "x" * 40, " trimmed "]
)
def test_a_word_of_letters_digits_and_dashes_is_a_name(name: str) -> None:
    """In any script; blanks around it are nobody's wish."""
    assert checked_name(name) == name.strip()


@pytest.mark.parametrize(
    "name",
    [
        "latest",
        "LATEST",
        "",
        " ",
        "a/b",
        "..",
        "C:\\passes",
        "autumn.xlsx",
        "two words",
        "-x",
        "x-",
        "x" * 41,
        "a\nb",
        "\x1b[31m",
        "2035-08-20T0715Z-students-3fa9",
        "\udcff",
        "~",
        "a\u202eb",
        "con",
        "AUX",
        "nul",
        "COM1",
        "lpt9",
    ],
)
def test_what_could_be_taken_for_something_else_is_no_name(name: str) -> None:
    """A path, a file, a device, an option, an id, `latest`, or what no screen shows as it is."""
    with pytest.raises(ValueError, match=r"\w"):
        checked_name(name)
