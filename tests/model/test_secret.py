from __future__ import annotations

import copy
import html
import json
import pickle
import time
import traceback
from urllib.parse import quote, quote_plus

import pytest

from bulktap.model.outcomes import IssuedPass
from bulktap.model.passes import AccessPass
from bulktap.model.secret import STRUCK, Secret, struck

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


CLIENT_SECRET = 'q8Q~a/"b+c d&é_zZ0123456789'
ECHOES = {
    "as it is": f"The request client_secret={CLIENT_SECRET}&x=1 is refused.",
    "as a form": f"client_secret={quote_plus(CLIENT_SECRET)}&grant_type=client_credentials",
    "as an address": f"https://login.contoso.com/token?client_secret={quote(CLIENT_SECRET)}",
    "in small percent digits": quote(CLIENT_SECRET, safe="").replace("%2F", "%2f"),
    "in JSON": json.dumps({"echo": CLIENT_SECRET}),
    "in JSON, not ASCII only": json.dumps({"echo": CLIENT_SECRET}, ensure_ascii=False),
    "on a page": f"<p>{html.escape(CLIENT_SECRET)}</p>",
    "on a page, as numbers": "".join(f"&#{ord(letter)};" for letter in CLIENT_SECRET),
    "on a page, as hexadecimal numbers": "".join(f"&#x{ord(letter):X};" for letter in CLIENT_SECRET),
    "in Python's own quotes": ascii(CLIENT_SECRET),
    "a form in a form": f"q={quote_plus(quote_plus(CLIENT_SECRET))}",
    "JSON in JSON": json.dumps(json.dumps({"echo": CLIENT_SECRET})),
    "JSON on a page": html.escape(json.dumps({"echo": CLIENT_SECRET})),
    "an address in JSON on a page": html.escape(json.dumps(quote(CLIENT_SECRET, safe=""))),
    "twice": f"{CLIENT_SECRET} and {CLIENT_SECRET}",
    "cut off": f"The request client_secret={CLIENT_SECRET[:20]}...",
}


@pytest.mark.parametrize("how", ECHOES)
def test_what_others_quote_of_a_living_secret_is_struck_out(how: str) -> None:
    """Whichever way a service writes our own request back to us; the words around it stay."""
    secret = Secret(CLIENT_SECRET)

    told = struck(ECHOES[how])

    assert STRUCK in told
    for piece in ("q8Q", "_zZ0", "0123456789"):
        assert piece not in told
    assert secret.reveal() == CLIENT_SECRET
    if how == "as it is":
        assert told == f"The request client_secret={STRUCK}&x=1 is refused."


def test_a_secret_that_is_no_more_is_a_word_like_any_other() -> None:
    """Two of the same text count as long as one of them is left."""
    first, second = Secret("horse battery"), Secret("horse battery")
    del first
    assert struck("a horse battery here") == f"a {STRUCK} here"

    del second

    assert struck("a horse battery here") == "a horse battery here"


def test_very_short_secrets_do_not_tear_words_apart() -> None:
    """A password of three letters would be found in every sentence; the limit can be raised for our own words."""
    kept = [Secret("the"), Secret("2035")]

    assert struck("the year 2035") == f"the year {STRUCK}"
    assert struck("the year 2035", shortest=8) == "the year 2035"
    assert all(kept)


def test_thousands_of_passcodes_cost_a_line_of_the_log_next_to_nothing() -> None:
    """The text is searched once, however many secrets there are."""
    passcodes = [Secret(f"code{number:06}") for number in range(20_000)]
    line = "batch 17: " + "a word or two " * 20

    began = time.process_time()
    for _ in range(20):
        assert struck(line) == line
    spent = time.process_time() - began

    assert struck(f"got {passcodes[777].reveal()}") == f"got {STRUCK}"
    assert spent < 1.0, "20,000 replacements for each line would take longer"
