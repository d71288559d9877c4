"""Which column means what, and when the operator is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import RosterError
from bulktap.model.plan import Field, RosterColumns
from bulktap.roster.columns.column_choice import choose_columns, unique_headings
from bulktap.roster.model import Roster, column_letter

Read = Callable[..., Roster]
GUID = "5f1e2d3c-0b4a-4c6d-8e7f-9a0b1c2d3e4f"


def choose(roster: Roster, domain: str | None = None, **mapping: str) -> RosterColumns:
    """Return the columns, with a mapping by field name."""
    return choose_columns(
        roster, {Field(name.replace("_", "-")): heading for name, heading in mapping.items()}, domain
    )[0]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Mail,UserPrincipalName\na@mail.com,a@contoso.com\n", "UserPrincipalName"),
        ("UPN,School Email Address\nH801200001001,a@school.org\nH80120000100A,b@school.org\n", "School Email Address"),
        ("Parent email,Email\np@home.org,a@contoso.com\n", "Email"),
        ("objectId,mail\n" + GUID + ",a@contoso.com\n", "objectId"),
        ("ID,User name\n17,a@contoso.com\n", "User name"),
        ("displayName,deviceId,objectId,registeredOwners\nPC1," + f"{GUID},{GUID},a@contoso.com\n", "registeredOwners"),
        (f"Device ID,UserId,Primary user UPN\n{GUID},{GUID},a@contoso.com\n", "Primary user UPN"),
        (f"ObjectGUID,UserPrincipalName\n{GUID},a@contoso.com\n", "UserPrincipalName"),
        (f"User ID\na@contoso.com\nb@contoso.com\n{GUID}\n", "User ID"),
        ("國人,帳號\nAnna,a@contoso.com\nBen,b@contoso.com\n", "帳號"),
        ("Name,\nAnna,a@contoso.com\n", "Column B"),
        ("Email,Email,Name\na@contoso.com,A@contoso.com,Anna\n", "Email"),
        ("User name,Name\nanna berg@contoso.com,Anna\n", "User name"),
        ("Email,Class\nanna@@contoso.com,7b\nben@,7b\n", "Email"),
        ("Student_email,Contact_email\n,p@home.org\n", "Student_email"),
        ("Deputy,User Principal Name (UPN)\nx@contoso.com,a@contoso.com\n", "User Principal Name (UPN)"),
        ("No,User Principal\n5,a@contoso.com\n6,b@contoso.com\n", "User Principal"),
        ("No,UserPrincipalName/Email\n5,a@contoso.com\n6,b@contoso.com\n", "UserPrincipalName/Email"),
        (f"a@contoso.com,{GUID}\nb@contoso.com,{GUID}\n", "Column A"),
    ],
)
def test_the_user_column(read: Read, text: str, heading: str) -> None:
    """Headings propose and values decide; a roster of nothing but mistakes still has its column."""
    assert choose(read(text)).heading(Field.USER) == heading


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        ("Username,Login\na@contoso.com,b@contoso.com\n", "several columns", '--column "user=Username"'),
        ("Email,Email\na@contoso.com,b@contoso.com\n", "several columns", "Email (2)"),
        ("Deputy,Owner\na@contoso.com,b@contoso.com\n", "several columns", '"user=Deputy" or --column "user=Owner"'),
        ("Name,Owner\nAnna,a@contoso.com\n", "in column Owner belong to somebody else", '--column "user=Owner"'),
        (f"Name,AAD object\nAnna,{GUID}\n", f"column AAD object holds ids .{GUID}.", '--column "user=AAD object"'),
        ("Username\nanna\nben\n", "2 of 2 user names in column Username have no '@'", "--domain"),
        ("id,Name\nab,Anna\ncd,Ben\n", "has names, but no user name", "User principal name"),
        ("UPN,Name\nH801200001001,Anna\n", "Unique Pupil Numbers", "User principal name"),
        ("Email address to invite [inviteeEmail] Required\na@x.org\n", "guests", "User principal name"),
        ("Name,ExternalEmailAddress\nAnna,a@x.org\n", "other organisations", "User principal name"),
        ("Serial number,Model\nPF1,T14\n", "devices without users", "Primary user UPN"),
        ("First name,Last name\nAnna,Berg\n", "has names", "User principal name"),
        (f"ObjectGUID,Name\n{GUID},Anna\n", "local directory", "User principal name"),
        ("a,b\n1,2\n", "none of its columns", "User principal name"),
    ],
)
def test_refusals_say_why_and_what_to_do(read: Read, text: str, says: str, hint: str) -> None:
    """Where no column, or more than one, could name the user, the message says which and how to settle it."""
    with pytest.raises(RosterError, match=says) as refusal:
        choose(read(text))
    assert hint in with_options(refusal.value.hint)


def test_a_column_of_others_is_overruled_only_with_a_question(read: Read) -> None:
    """A trusted heading that is right in some rows only is not silently passed over."""
    rows = "".join(f"a{n}@contoso.com,m{n}@contoso.com\n" for n in range(2)) + "x,m@contoso.com\ny,n@contoso.com\n"
    with pytest.raises(RosterError, match="in only some of its rows"):
        choose(read("UserPrincipalName,Mail\n" + rows))


def test_domain_makes_bare_names_users(read: Read) -> None:
    """With --domain a column of bare names is the column of users."""
    assert choose(read("Username,Grade\nanna,7\nben@contoso.com,8\n"), "contoso.com").heading(Field.USER) == "Username"


def test_mapping_beats_everything(read: Read) -> None:
    """--column is obeyed in any spelling; a wrong name lists the headings, a secret one is refused."""
    roster = read("E-Mail,User name,Begin,Password\nm@contoso.com,u@contoso.com,2035-09-01,x\n")
    columns = choose(roster, user="email", start="begin")
    assert (columns.heading(Field.USER), columns.heading(Field.START)) == ("E-Mail", "Begin")
    with pytest.raises(RosterError, match="no column 'Foo'") as refusal:
        choose(roster, user="Foo")
    assert "E-Mail, User name, Begin" in refusal.value.message
    with pytest.raises(RosterError, match="never read"):
        choose(roster, display_name="Password")


def test_mapping_of_a_repeated_heading_is_a_question(read: Read) -> None:
    """A heading that occurs twice is named by the letters of its columns, or by its unique form."""
    roster = read("Note,User name,note\n1,u@contoso.com,2\n")
    with pytest.raises(RosterError, match="occurs in columns A and C") as question:
        choose(roster, group="NOTE")
    assert "group=C" in question.value.hint
    assert choose(roster, group="C").index(Field.GROUP) == 2
    assert choose(roster, group="note (2)").index(Field.GROUP) == 2


def test_the_name_of_a_device_is_not_the_person_s(read: Read) -> None:
    """In Entra's list of devices `displayName` is the device's; in a list of people it is the person's."""
    devices = choose(read("displayName,registeredOwners,deviceId\nPC-1,anna@contoso.com,x\n"))
    assert (devices.index(Field.DISPLAY_NAME), devices.fields[Field.DEVICE]) == (None, (0,))
    assert choose(read("displayName,mail\nAnna,anna@contoso.com\n")).index(Field.DISPLAY_NAME) == 0


def test_one_heading_over_many_columns(read: Read) -> None:
    """Sixteen thousand columns of one name are told apart, and not by comparing each with all before it."""
    width = 16_000
    roster = read("User name" + ",x" * width + "\nanna@contoso.com" + ",1" * width + "\n")
    assert choose(roster).headings[-1] == f"x ({width})"


def test_other_fields(read: Read) -> None:
    """Class goes before department, and device columns are all kept."""
    columns = choose(
        read(
            "Department,User name,Class,Pass start,Lifetime,One-time,Name,Device name,Serial number\n"
            "IT,a@contoso.com,7b,2035-09-01,8h,yes,Anna,PC1,PF1\n"
        )
    )
    chosen = {field: [columns.headings[column] for column in at] for field, at in columns.fields.items()}
    assert chosen == {
        Field.USER: ["User name"], Field.START: ["Pass start"], Field.LIFETIME: ["Lifetime"],
        Field.ONE_TIME: ["One-time"], Field.DISPLAY_NAME: ["Name"], Field.GROUP: ["Class"],
        Field.DEVICE: ["Device name", "Serial number"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "expected"),
    [("Nom,Prénom", None), ("Nom,Classe", "Nom"), ("Name,Vorname", "Name"), ("Nome,Cognome", None)],
)
def test_words_that_mean_a_full_name_or_a_part(read: Read, headings: str, expected: str | None) -> None:
    """`Nom` beside `Prénom` is the surname, alone it is the name."""
    columns = choose(read(f"User name,{headings}\na@contoso.com,x,y\n"))
    assert columns.heading(Field.DISPLAY_NAME) == expected


def test_headings_are_made_unique(read: Read) -> None:
    """Repeated headings are counted, empty ones named by their letter, and no made-up name collides."""
    assert unique_headings(read("Email,email,Email (2),,Email\na@x.org,b,c,d,e\n")) == (
        "Email", "email (3)", "Email (2)", "Column D", "Email (4)",
    )  # fmt: skip
    assert [column_letter(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
