from __future__ import annotations

import copy
import json
import pickle
import traceback

import pytest

from bulktap.passes import AccessPass, IssuedPass
from bulktap.secret import Secret

TEXT = "+drkzqAD"


@pytest.mark.parametrize("shown", [str, repr, "{}".format, "{:>20}".format, lambda s: f"{s!r}", lambda s: "%s" % s])  # noqa: UP031
def test_a_secret_does_not_print(shown: object) -> None:
    """No way of making text of it shows it, nor does what holds it."""
    assert callable(shown)
    assert TEXT not in shown(Secret(TEXT))
    assert TEXT not in repr(IssuedPass(AccessPass("p"), Secret(TEXT)))


def test_a_secret_is_not_written_anywhere() -> None:
    """It cannot be pickled, copied or turned into JSON."""
    for write in (pickle.dumps, copy.copy, copy.deepcopy, json.dumps):
        with pytest.raises(TypeError) as caught:
            write(Secret(TEXT))  # type: ignore[operator]
        assert TEXT not in "".join(traceback.format_exception(caught.value))


def test_secrets_compare_by_their_text() -> None:
    """Equal texts are equal secrets, and a text is not a secret."""
    assert Secret(TEXT) == Secret(TEXT)
    assert hash(Secret(TEXT)) == hash(Secret(TEXT))
    assert Secret(TEXT) != Secret(TEXT + " ")
    assert Secret(TEXT) != TEXT
    assert Secret(TEXT).reveal() == TEXT
    assert not Secret("")
    assert Secret("\ud800") == Secret("\ud800")
