"""What is said of a setting: its name, the kind of its values, its default, its variable, its help, its group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from bulktap.settings.help_groups import Group
    from bulktap.settings.kinds import Kind

T = TypeVar("T")
VARIABLES_BEGIN = "BULKTAP_"
"""How the names of variables begin that are bulktap's own."""


@dataclass(frozen=True, slots=True, eq=False)
class Declaration(Generic[T]):
    """One setting."""

    name: str
    """As options and files write it."""
    kind: Kind[T]
    """What its values are."""
    help: str
    """One sentence for whoever sets it."""
    default: T | str | None = None
    """What counts where nobody says anything, as a value or as somebody would type it."""
    metavar: str | None = None
    """What help calls the value, where the kind's own name says too little."""
    default_told: str | bool = False
    """True if help tells the default; a text is told instead of it."""
    keyword: str = ""
    """What Python calls it, where that is not the name with underscores."""
    short: tuple[str, ...] = ()
    """Other spellings of the option."""
    opposite: str = ""
    """The name that says the opposite."""
    more_variables: tuple[str, ...] = ()
    """Variables beside its own, which comes first."""
    required: bool = False
    """True if there is no default, and nothing goes without it."""
    group: Group | None = None
    """What it is about; there is none that has none."""
    common: bool = False
    """True if it is among the few that most people need, which help shows first."""
    names_column: bool = False
    """True if its values are headings of a run's roster, which shells complete."""

    @property
    def key(self) -> str:
        """What Python calls it."""
        return self.keyword or self.name.replace("-", "_")

    @property
    def variables(self) -> tuple[str, ...]:
        """The environment variables that set it, the first wins."""
        return (VARIABLES_BEGIN + self.name.replace("-", "_").upper(), *self.more_variables)

    @property
    def usual(self) -> T | None:
        """The value that counts where nobody says anything."""
        return None if self.default is None else self.kind.take(self.default)
