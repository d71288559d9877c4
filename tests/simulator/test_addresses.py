import pytest

from bulktap.simulator.addresses import Address, Resource, read_address
from bulktap.simulator.refusals import Refusal

TAIL = "authentication/temporaryAccessPassMethods"


@pytest.mark.parametrize(
    ("url", "user"),
    [
        (f"/users/alex@contoso.com/{TAIL}", "alex@contoso.com"),
        (f"users/alex@contoso.com/{TAIL}", "alex@contoso.com"),
        (f"/users/adele_fabrikam.com%23EXT%23@contoso.com/{TAIL}", "adele_fabrikam.com#EXT#@contoso.com"),
        (f"/users/lynne.o%27neill@contoso.com/{TAIL}", "lynne.o'neill@contoso.com"),
        (f"/users/a%2Bb%26c%25@contoso.com/{TAIL}", "a+b&c%@contoso.com"),
        (f"/users/a+b@contoso.com/{TAIL}", "a+b@contoso.com"),
        (f"/users('$cash@contoso.com')/{TAIL}", "$cash@contoso.com"),
        (f"/users('%24o%27%27neill@contoso.com')/{TAIL}", "$o'neill@contoso.com"),
        (f"/Users/alex@contoso.com/{TAIL.upper()}", "alex@contoso.com"),
    ],
)
def test_a_user_is_addressed_by_id_or_encoded_name(url: str, user: str) -> None:
    """Every documented way to write a user leads to that user."""
    assert read_address(url) == Address(Resource.PASSES, user)


def test_an_unencoded_hash_cuts_the_url() -> None:
    """What follows the hash is lost, so the URL is about another, unknown user."""
    address = read_address(f"/users/adele_fabrikam.com#EXT#@contoso.com/{TAIL}")

    assert address == Address(Resource.USER, "adele_fabrikam.com")


@pytest.mark.parametrize("name", ["$cash@contoso.com", "%24cash@contoso.com"])
def test_a_name_that_begins_with_a_dollar_needs_the_other_form(name: str) -> None:
    """OData takes such a segment for a word of its own."""
    answer = read_address(f"/users/{name}/{TAIL}")

    assert isinstance(answer, Refusal)
    assert (answer.code, answer.message) == ("Request_BadRequest", "Bad Request - Error in query syntax.")


def test_select_is_read() -> None:
    """The properties of `$select` come as they were written, encoded or not."""
    expected = Address(Resource.USER, "alex@contoso.com", select=("id", "accountEnabled"))

    assert read_address("/users/alex@contoso.com?$select=id,accountEnabled") == expected
    assert read_address("/users/alex@contoso.com?%24select=id%2CaccountEnabled") == expected
