"""Users as the pretend directory holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from bulktap.simulator.oddities import NOTHING_ODD, Oddities
from bulktap.simulator.properties import Edm, Filtering, Property, ResourceType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TEXTS = (
    "jobTitle",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "companyName",
    "streetAddress",
    "postalCode",
    "city",
    "state",
    "country",
    "usageLocation",
    "employeeId",
    "employeeType",
    "onPremisesImmutableId",
    "onPremisesSamAccountName",
)
"""Further properties that hold one text each, by their name on the wire."""
LISTS = ("businessPhones", "otherMails", "proxyAddresses")
"""Further properties that hold a list of texts each."""


@dataclass(frozen=True, slots=True)
class User:
    """One user object."""

    object_id: str
    """Its GUID, in lower case."""
    upn: str
    """The sign-in name."""
    display_name: str
    """What people call the user."""
    given_name: str | None = None
    """As `givenName` has it; many directories leave it empty."""
    surname: str | None = None
    """Likewise."""
    mail: str | None = None
    """The mail address, if there is one."""
    enabled: bool = True
    """`accountEnabled`."""
    user_type: str = "Member"
    """`Member` or `Guest`; internal guests exist, so this alone does not make anybody external."""
    external: bool = False
    """Whether the account signs in at another organisation; such a user can hold no pass."""
    groups: tuple[str, ...] = ()
    """Ids of the groups that the policy's targets may name."""
    in_scope: bool | None = None
    """Whether the pass policy covers the user; None leaves it to the policy's targets."""
    protected: bool = False
    """Whether the user is an administrator above the caller, whose passes answer 403."""
    unknown_attempts: int = 0
    """How often the authentication methods service still answers 404 for this new user."""
    unknown_seconds: float = 0.0
    """For how long, from the simulator's start, it does so."""
    oddities: Oddities = NOTHING_ODD
    """What is odd about the user, for ever."""
    department: str | None = None
    """As `department` has it."""
    created_at: datetime | None = None
    """When the account was made, aware, in UTC; a directory that does not say is one that was synchronised long ago."""
    domain: str = field(default="contoso.onmicrosoft.com")
    """The tenant's domain that issued the account."""

    texts: Mapping[str, str] = field(default_factory=dict)
    """Further properties, by their name on the wire: one of `TEXTS`."""
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Likewise, of `LISTS`."""
    synchronized: bool | None = None
    """`onPremisesSyncEnabled`."""

    def identities(self) -> list[dict[str, object]]:
        """Return where the account signs in."""
        if self.external:
            return [{"signInType": "federated", "issuer": "ExternalAzureAD", "issuerAssignedId": None}]
        return [{"signInType": "userPrincipalName", "issuer": self.domain, "issuerAssignedId": self.upn}]


def _text(name: str, filtering: Filtering = Filtering.ANY, *, basic: bool = False) -> Property:
    return Property(name, lambda user: user.texts.get(name), filtering=filtering, basic=basic)


def _list(name: str, filtering: Filtering, *, basic: bool = False, ends: bool = False) -> Property:
    def read(user: User) -> list[str]:
        return list(user.lists.get(name, ()))

    return Property(name, read, collection=True, filtering=filtering, basic=basic, ends=ends)


def _always(name: str, value: object, edm: Edm = Edm.STRING, *, collection: bool = False) -> Property:
    """Return a property that is the same of all users of a pretend tenant."""
    return Property(name, lambda _user: value, edm, collection)


def _moment(user: User) -> str | None:
    return f"{user.created_at:%Y-%m-%dT%H:%M:%SZ}" if user.created_at else None


_ADVANCED, _ANY = Filtering.ADVANCED, Filtering.ANY

USER = ResourceType(
    "User",
    "microsoft.graph.user",
    (
        _list("businessPhones", _ADVANCED, basic=True),
        Property("displayName", attrgetter("display_name"), filtering=_ANY, sorting=_ANY, searched=True, basic=True),
        Property("givenName", attrgetter("given_name"), filtering=_ANY, sorting=_ADVANCED, searched=True, basic=True),
        _text("jobTitle", basic=True),
        Property("mail", attrgetter("mail"), filtering=_ANY, sorting=_ADVANCED, ends=True, searched=True, basic=True),
        _text("mobilePhone", _ADVANCED, basic=True),
        _text("officeLocation", _ADVANCED, basic=True),
        _text("preferredLanguage", basic=True),
        Property("surname", attrgetter("surname"), filtering=_ANY, sorting=_ADVANCED, searched=True, basic=True),
        Property(
            "userPrincipalName",
            attrgetter("upn"),
            filtering=_ANY,
            sorting=_ANY,
            ends=True,
            searched=True,
            basic=True,
        ),
        Property("id", attrgetter("object_id"), filtering=_ANY, basic=True),
        Property("accountEnabled", attrgetter("enabled"), Edm.BOOLEAN, filtering=_ANY),
        Property("userType", attrgetter("user_type"), filtering=_ANY),
        Property("identities", lambda user: user.identities(), Edm.OBJECT, collection=True, filtering=_ANY),
        Property("creationType", lambda user: "Invitation" if user.external else None, filtering=_ANY),
        Property("externalUserState", lambda user: "Accepted" if user.external else None, filtering=_ANY),
        Property("department", attrgetter("department"), filtering=_ANY),
        Property("createdDateTime", _moment, Edm.MOMENT, filtering=_ANY, sorting=_ADVANCED),
        Property("mailNickname", lambda user: user.upn.partition("@")[0].partition("#")[0], filtering=_ANY),
        _text("companyName", _ADVANCED),
        _text("streetAddress", _ADVANCED),
        _text("postalCode", _ADVANCED),
        _text("city"),
        _text("state"),
        _text("country"),
        _text("usageLocation"),
        _text("employeeId"),
        _text("employeeType", _ADVANCED),
        _text("onPremisesImmutableId"),
        _text("onPremisesSamAccountName", _ADVANCED),
        Property("onPremisesSyncEnabled", attrgetter("synchronized"), Edm.BOOLEAN, filtering=_ANY),
        _list("otherMails", _ANY, ends=True),
        _list("proxyAddresses", _ANY, ends=True),
        _always("aboutMe", None),
        _always("ageGroup", None),
        _always("assignedLicenses", [], Edm.OBJECT, collection=True),
        _always("assignedPlans", [], Edm.OBJECT, collection=True),
        _always("consentProvidedForMinor", None),
        _always("deletedDateTime", None, Edm.MOMENT),
        _always("employeeHireDate", None, Edm.MOMENT),
        _always("externalUserStateChangeDateTime", None, Edm.MOMENT),
        _always("faxNumber", None),
        _always("imAddresses", [], collection=True),
        _always("lastPasswordChangeDateTime", None, Edm.MOMENT),
        _always("legalAgeGroupClassification", None),
        _always("onPremisesDistinguishedName", None),
        _always("onPremisesDomainName", None),
        _always("onPremisesLastSyncDateTime", None, Edm.MOMENT),
        _always("onPremisesSecurityIdentifier", None),
        _always("onPremisesUserPrincipalName", None),
        _always("passwordPolicies", None),
        _always("preferredDataLocation", None),
        _always("securityIdentifier", None),
        _always("showInAddressList", None, Edm.BOOLEAN),
        _always("signInSessionsValidFromDateTime", None, Edm.MOMENT),
    ),
)
"""The properties of users; what is shown without `$select` is all that `User.ReadBasic.All` may see."""
