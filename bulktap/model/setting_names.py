"""What settings and commands are called: `--sheet "7A"` on the command line, `sheet="7A"` in Python.

No sentence below a front end names an option or a command. It names a `Setting` or a `Command`, which leaves a mark in
it:

    hint=f"Run bulktap again with {Setting.SHEET.to('7A')}."
    hint=f"To finish: {Command.RESUME.of(folder.path)}"

and whoever shows the sentence has the marks `spelled` out in its own way. The marks are noncharacters, which Unicode
sets aside for what never leaves a program, so that no text of a roster looks like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import PurePath


class Setting(Enum):
    """A setting that sentences name, with its own name; true if its values are names that may hold blanks.

    Most are options; how to sign in is set by variables.
    """

    ACCEPT = "accept", False
    ADMINISTRATIVE_UNIT = "administrative-unit", True
    ALLOW = "allow", True
    ALL_SHEETS = "all-sheets", False
    ASSUME = "assume", False
    AUTHORITY = "authority", False
    AUTHORITY_HOST = "authority-host", False
    AUTHORITY_URL = "authority-url", False
    BY = "by", True
    CA_BUNDLE = "ca-bundle", False
    CALL = "call", False
    CERTIFICATE = "certificate", False
    CERTIFICATE_PASSWORD = "certificate-password", False
    CLASS_BY = "class-by", True
    CLIENT_ID = "client-id", False
    CLIENT_SECRET = "client-secret", False
    CLOUD = "cloud", False
    COLUMN = "column", True
    CONFIRM = "confirm", False
    CREATED_SINCE = "created-since", True
    DATE_ORDER = "date-order", False
    DENY = "deny", True
    DOMAIN = "domain", False
    ENCODING = "encoding", False
    EXCEPT = "except", False
    EXISTING = "existing", False
    FEDERATED_TOKEN_FILE = "federated-token-file", False
    FORMAT = "format", False
    GRAPH_URL = "graph-url", False
    GROUP = "group", True
    HEADER_ROW = "header-row", False
    HIDDEN_ROWS = "hidden-rows", False
    JOIN = "join", True
    LANGUAGE = "language", False
    LIFETIME = "lifetime", False
    LIMIT = "limit", False
    LOGO = "logo", True
    MAX_ROWS = "max-rows", False
    MULTI_USE = "multi-use", False
    NAME = "name", True
    NAMES = "names", False
    OFFLINE = "offline", False
    ON = "on", True
    ONLY = "only", False
    ONE_TIME = "one-time", False
    PRINT = "print", False
    PROFILE = "profile", False
    REPORTS = "reports", False
    ROSTER_PASSWORD_FILE = "roster-password-file", False
    SEAL = "seal", False
    SHEET = "sheet", True
    SIGN_IN = "sign-in", False
    SIMULATE = "simulate", False
    SIMULATE_FRESH = "simulate-fresh", False
    SKIP_UNREADABLE = "skip-unreadable", False
    SORT = "sort", True
    START = "start", True
    STOP_AFTER_FAILURES = "stop-after-failures", False
    STRICT = "strict", False
    STYLE = "style", False
    TEMPLATE = "template", True
    TENANT = "tenant", True
    TENANT_ID = "tenant-id", False
    TIMEZONE = "timezone", False
    UNFINISHED = "unfinished", False
    TO = "to", True
    UNSERVED = "unserved", False
    UNTIL = "until", True
    WATCH = "watch", False
    YES = "yes", False

    def __init__(self, stem: str, is_free: bool) -> None:
        self.stem = stem
        self.is_free = is_free

    def __str__(self) -> str:
        """Return the mark of the setting, for a sentence."""
        return f"{_BEGIN}{self.stem}{_END}"

    def to(self, value: object) -> str:
        """Return the mark of the setting with a value, for a sentence."""
        return f"{_BEGIN}{self.stem}{_VALUE}{_MARKS.sub('', str(value))}{_END}"


class Command(Enum):
    """What somebody does with bulktap, as sentences advise it; a front end writes it as a command or as a call."""

    APPLY = "apply"
    FORGET = "forget"
    HAND_OUT = "handout"
    PLAN = "plan"
    REISSUE = "reissue"
    RESULTS = "results"
    RESUME = "resume"
    REVOKE = "revoke"
    RUNS = "runs"
    SHOW = "show"
    VERIFY = "verify"

    @property
    def stem(self) -> str:
        """The name of its mark."""
        return f"command-{self.value}"

    def __str__(self) -> str:
        """Return the mark of the command, about no run or about the one at hand, for a sentence."""
        return f"{_BEGIN}{self.stem}{_END}"

    def of(self, place: PurePath) -> str:
        """Return the mark of the command about the run in this folder; with `RUNS`, about all runs in this one."""
        return f"{_BEGIN}{self.stem}{_VALUE}{_MARKS.sub('', str(place))}{_END}"


Named = Setting | Command
"""What a sentence can name."""
Spelling = Callable[[Named, str | None], str]
"""Says what a setting with this value, or with none, is called; or a command about this folder, or about none."""

_BEGIN, _VALUE, _END = "\ufdd0", "\ufdd1", "\ufdd2"
_MARKS = re.compile(f"[{_BEGIN}{_VALUE}{_END}]")
_MARKED = re.compile(f"{_BEGIN}([a-z-]+)(?:{_VALUE}([^{_BEGIN}{_VALUE}{_END}]*))?{_END}")
_BY_STEM: dict[str, Named] = {one.stem: one for one in (*Setting, *Command)}


def spelled(text: str, spelling: Spelling) -> str:
    """Return a sentence in which settings and commands are named as this spelling has it."""
    if _BEGIN not in text:
        return text

    def name(mark: re.Match[str]) -> str:
        named = _BY_STEM.get(mark[1])
        return mark[0] if named is None else spelling(named, mark[2])

    return _MARKED.sub(name, text)


FLAGS = frozenset(
    {
        Setting.ALL_SHEETS,
        Setting.MULTI_USE,
        Setting.OFFLINE,
        Setting.ONE_TIME,
        Setting.PRINT,
        Setting.SKIP_UNREADABLE,
        Setting.SIMULATE,
        Setting.SIMULATE_FRESH,
        Setting.STRICT,
        Setting.UNFINISHED,
    }
)
"""Settings that are given, or are not: their value is `yes`."""
_ELSEWHERE = {
    Setting.AUTHORITY: "SignIn.authority_url",
    Setting.AUTHORITY_HOST: "SignIn.authority_url",
    Setting.AUTHORITY_URL: "SignIn.authority_url",
    Setting.CA_BUNDLE: "SignIn.ca_bundle",
    Setting.CERTIFICATE: "SignIn.certificate",
    Setting.CERTIFICATE_PASSWORD: "SignIn.certificate_password",
    Setting.CLIENT_ID: "SignIn.client_id",
    Setting.CLIENT_SECRET: "SignIn.client_secret",
    Setting.CLOUD: "SignIn.cloud",
    Setting.FEDERATED_TOKEN_FILE: "SignIn.federated_token",
    Setting.SIGN_IN: "SignIn",
    Setting.GRAPH_URL: "SignIn.graph_url",
    Setting.OFFLINE: "sign_in=None",
    Setting.YES: "confirm=None",
    Setting.TENANT: "SignIn.tenant_id",
    Setting.TENANT_ID: "SignIn.tenant_id",
}
"""Settings that are said in Python otherwise than by an argument of their name."""

_KEYWORDS = {Setting.CONFIRM: "confirm_by", Setting.EXCEPT: "except_"}
"""Arguments of another name than their setting, because Python or the API has that name for something else."""


def as_argument(named: Named, value: str | None) -> str:
    """Spell a setting as an argument in Python, `sheet="7A"`, `header_row=4`, and a command as a call."""
    if isinstance(named, Command):
        return _as_call(named, value)
    setting = named
    if setting in _ELSEWHERE:
        return _ELSEWHERE[setting]
    name = _KEYWORDS.get(setting) or setting.stem.replace("-", "_")
    if value is None:
        return f"{name}="
    if setting in FLAGS and value == "yes":
        return f"{name}=True"
    bare = not setting.is_free and (value.isdecimal() or value.isupper())
    return f"{name}={value}" if bare else f'{name}="{value}"'


def _as_call(command: Command, folder: str | None) -> str:
    if command is Command.SHOW:  # for somebody at a terminal, and for nobody else
        return f"`bulktap {command.value}{'' if folder is None else f' {folder}'}`"
    if folder is None:
        return f"`bulktap.{command.value}(...)`"
    return f"`bulktap.{command.value}({'reports=' if command is Command.RUNS else ''}{folder!r})`"
