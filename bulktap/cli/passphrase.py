"""The passphrase of a run: where it comes from, whether it will do, and how a new one is made up.

A new passphrase is read and checked before anything is asked of the tenant: one that Excel cannot take would be found
out only when every pass has been issued.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bulktap.cli.secret_sources import ATTENDED_PATIENCE, COMMAND_PATIENCE, from_command, from_file, from_text
from bulktap.model.errors import UsageError, WrongPassphrase
from bulktap.model.secret import Secret
from bulktap.storage.passphrase_rules import PASSPHRASE_RULE, check_new_passphrase, check_passphrase

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bulktap.cli.console import Console

_Opened = TypeVar("_Opened")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that are mistaken for one another when read aloud."""
_GROUPS, _GROUP_LENGTH = 4, 5
"""Of 31 letters and digits: 99 bits, which the workbook needs, since guessing at it costs SHA-512 only."""
_TRIES = 3


@dataclass(slots=True)
class PassphraseSource:
    """Where the passphrase comes from; at most one of the first three is set."""

    file: Path | None = None
    command: str | None = None
    generate: bool = False
    environment: Secret | None = None
    """`BULKTAP_PASSPHRASE`, as it is."""
    new: bool = True
    """The passphrase is chosen for a new run, not that of an earlier one."""
    workbook_file: Path | None = None
    """Another passphrase for the workbook of an earlier run."""
    workbook_environment: Secret | None = None
    """`BULKTAP_WORKBOOK_PASSPHRASE`, as it is."""
    prefix: str = ""
    """What stands before the names of the options and the variable: `new-` for another passphrase of a run."""
    _given: Secret | None = None
    _workbook: Secret | None = None

    def require_usable(self, console: Console, *, simulated: bool) -> None:
        """Find out before the first request whether there will be a passphrase, and that it will do.

        Raises:
            UsageError: two sources at once, none and nobody to ask, or one that cannot be read or used.
        """
        named = [self.file is not None, self.command is not None, self.generate]
        if sum(named) > 1:
            raise UsageError(
                "The passphrase is named twice.",
                hint=f"Use one of {self._option('file')}, {self._option('command')} and --generate-passphrase.",
            )
        if self.generate and not simulated and not console.has_reader:
            raise UsageError(
                "A generated passphrase would be shown to nobody: there is no terminal.",
                hint=f"Use {self._option('file')}, {self._option('command')} or {self._variable} instead.",
            )
        self._given = self._read(console)
        if self._given is not None and self.new:
            check_new_passphrase(self._given)
        self._workbook = self._read_for_workbook()
        if self._given is None and not self.generate and not console.can_ask:
            raise UsageError(
                "There is no passphrase for the results workbook, and no terminal to ask on.",
                hint=f"Set {self._variable}, or use {self._option('file')} or {self._option('command')}.",
            )

    def get(self, console: Console) -> Secret:
        """Return the passphrase of a new run: the one that was given, made up and shown, or typed twice.

        Raises:
            UsageError: three times it was not typed twice in the same way, or would not do.
        """
        if self._given is not None:
            return self._given
        if self.generate:
            return _made_up(console)
        if not console.can_ask:
            raise UsageError(
                "There is no passphrase, and no terminal to ask on.",
                hint=f"Set {self._variable}, or use {self._option('file')} or {self._option('command')}.",
            )
        return _chosen(console)

    def opens(self, console: Console, run: str, opening: Callable[[Secret], _Opened]) -> tuple[Secret, _Opened]:
        """Return the passphrase of an earlier run and what it opens; on a terminal there are three tries.

        Args:
            console: where it is asked for.
            run: id of the run.
            opening: opens the run with a passphrase, or raises WrongPassphrase.

        Raises:
            WrongPassphrase: none of them opens it.
        """
        asks = console.can_ask and self.file is None and self.command is None
        refusal = WrongPassphrase("")
        for passphrase in self._candidates():
            try:
                return passphrase, opening(passphrase)
            except WrongPassphrase as wrong:
                refusal = wrong
        for tries_left in reversed(range(_TRIES if asks else 0)):
            if self._given is not None and tries_left == _TRIES - 1:
                console.warn(f"BULKTAP_PASSPHRASE does not open the run {run}.")
            passphrase = Secret(console.ask_hidden(f"Passphrase of the run {run}"))
            try:
                return passphrase, opening(passphrase)
            except WrongPassphrase as wrong:
                refusal = wrong
                if tries_left:
                    console.warn(f"That is not the passphrase of {run}.")
        raise WrongPassphrase(f"The passphrase does not open the run {run}.", hint=refusal.hint)

    def for_workbook(self, console: Console, passphrase: Secret) -> Secret:
        """Return what the workbook of an earlier run is encrypted with: its own passphrase, if Excel takes it.

        Raises:
            UsageError: Excel does not, there is no other, and nobody can be asked for one.
        """
        if self._workbook is not None:
            return self._workbook
        try:
            check_passphrase(passphrase)
        except UsageError as unfit:
            why = f"The run opens with its passphrase, but the workbook cannot: {unfit.message}"
            if not console.can_ask:
                hint = "Give the workbook another: --workbook-passphrase-file, or BULKTAP_WORKBOOK_PASSPHRASE."
                raise UsageError(why, hint=hint) from None
            console.warn(f"{why} The workbook needs another one.")
            return _chosen(console)
        return passphrase

    def _option(self, kind: str) -> str:
        return f"--{self.prefix}passphrase-{kind}"

    @property
    def _variable(self) -> str:
        return f"BULKTAP_{self.prefix.upper().replace('-', '_')}PASSPHRASE"

    def _read(self, console: Console) -> Secret | None:
        if self.file is not None:
            return from_file(self.file)
        if self.command is not None:
            return from_command(self.command, ATTENDED_PATIENCE if console.can_ask else COMMAND_PATIENCE)
        if self.environment and not self.generate:
            return from_text(self.environment.reveal(), self._variable)
        return None

    def _read_for_workbook(self) -> Secret | None:
        if self.workbook_file is not None:
            found = from_file(self.workbook_file)
        elif self.workbook_environment:
            found = from_text(self.workbook_environment.reveal(), "BULKTAP_WORKBOOK_PASSPHRASE")
        else:
            return None
        check_new_passphrase(found)
        return found

    def _candidates(self) -> list[Secret]:
        """Return what may be the passphrase of an earlier run: earlier versions kept the variable's line end."""
        found = [] if self._given is None else [self._given]
        if self.environment and self.file is None and self.command is None and self.environment not in found:
            found.append(self.environment)
        return found


def roster_password(path: Path | None) -> Secret | None:
    """Return the password of a protected roster from its file, if one is named.

    Raises:
        UsageError: it cannot be read, or is empty.
    """
    return None if path is None else from_file(path, "password")


def asks_for_password(console: Console) -> Callable[[str], Secret | None] | None:
    """Return what asks for the password of a protected roster; None where nobody can be asked."""
    if not console.can_ask:
        return None

    def ask(name: str) -> Secret | None:
        text = console.ask_hidden(f"Password of {name}")
        return Secret(text) if text else None

    return ask


def _made_up(console: Console) -> Secret:
    import secrets

    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS))
    made = Secret("-".join(groups))
    console.reveal("Passphrase for the workbook, shown only now", made)
    console.always("Write it down before you go on; without it nobody can open the passcodes.")
    return made


def _chosen(console: Console) -> Secret:
    """Ask for a new passphrase, twice; Enter alone makes one up."""
    console.always(f"A passphrase protects the results workbook. {PASSPHRASE_RULE} Enter alone makes one up.")
    for _ in range(_TRIES):
        chosen = Secret(console.ask_hidden("Choose a passphrase for the results workbook"))
        if not chosen:
            return _made_up(console)
        try:
            check_new_passphrase(chosen)
        except UsageError as unfit:
            console.warn(f"{unfit.message} {unfit.hint}")
            continue
        if chosen == Secret(console.ask_hidden("The same again")):
            return chosen
        console.warn("The two were different.")
    raise UsageError("No passphrase was settled on.", hint="Nothing was sent; run the command again.")
