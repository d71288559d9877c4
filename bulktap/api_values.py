"""Values of the Python API: what its functions take beside their arguments, and what they return."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from bulktap.graph.sign_in.credentials import Credentials
    from bulktap.model.errors import BulktapError
    from bulktap.model.plan import TenantInfo
    from bulktap.model.secret import Secret
    from bulktap.operations.reissue_preview import LeftAlone, Reissued


class ReadingKeywords(TypedDict, total=False):
    """How a roster is read; what is left out is found out, or taken from a `bulktap.toml` beside it."""

    sheet: str | Sequence[str]
    all_sheets: bool
    skip_unreadable: bool
    """Of several files, pass over those that cannot be read."""
    class_by: str
    join: str | Path
    """A file whose columns are put beside the rows, by the column `on` that both have."""
    on: str
    column: Mapping[str, str] | Sequence[str]
    """By field, the heading: `{"user": "Login name"}`."""
    domain: str
    encoding: str
    header_row: int
    hidden_rows: Literal["include", "skip"]
    date_order: Literal["dmy", "mdy", "ymd", "swapped", "as-is"]
    timezone: str
    roster_password: str | Secret
    """What opens a protected workbook."""


class SendingKeywords(TypedDict, total=False):
    """How batches are sent; lengths of time are seconds, or words such as `100s`."""

    max_rate: float
    concurrency: int
    reply_timeout: float | str
    settle_wait: float | str
    log_file: str | Path


class ResumeKeywords(SendingKeywords, total=False):
    """What the rest of a run keeps to."""

    stop_after_failures: int | str
    """Rows that failed, or a part of all rows: `10`, `"5%"`."""


class ReissueKeywords(ResumeKeywords, total=False):
    """Whose pass is issued anew, and on which terms, where these are to be others than before."""

    only: str | Sequence[str]
    except_: str | Sequence[str]
    lifetime: str | int | timedelta
    """Minutes, if it is a number."""
    start: str | datetime
    allow: str | Sequence[str]
    deny: str | Sequence[str]
    max_rows: int
    confirm_by: Literal["yes", "type"]
    type_from_rows: int
    type_from_lifetime: str
    type_from_replacements: int


class VerifyKeywords(TypedDict, total=False):
    """How the tenant is asked."""

    concurrency: int
    reply_timeout: float | str


class RevokeKeywords(ReadingKeywords, VerifyKeywords, total=False):
    """Which passes of a run are revoked, and how; the reading is of a list of received slips."""

    only: str | Sequence[str]
    except_: str | Sequence[str]
    not_received: str | Path
    """A list of received slips: the passes of everybody else are revoked."""
    names: Literal["accept", "refuse"]
    """What to do where many rows of that list are nobody of the run; otherwise that is a `QuestionOpen`."""
    max_rows: int
    dry: bool
    """Only find out what would be deleted."""
    max_rate: float
    log_file: str | Path


class HandoutKeywords(TypedDict, total=False):
    """Who is handed out to, by what, and how it looks."""

    by: str | Sequence[str]
    to: str
    only: str | Sequence[str]
    except_: str | Sequence[str]
    style: Literal["slips", "list", "letter", "labels"]
    format: Literal["pdf", "xlsx"]
    language: str | Sequence[str]
    """English unless it is said."""
    paper: Literal["A4", "Letter"]
    """A4 unless it is said."""
    sort: str
    purpose: Literal["sign-in", "windows", "phone"]
    call: str
    logo: str | Path
    template: str | Path
    seal: Literal["group", "run"]


class PlanKeywords(ReadingKeywords, ResumeKeywords, total=False):
    """What shapes a plan."""

    name: str
    """What to call the run."""
    forget_after: str | timedelta
    """How long after the run its passcodes are to be destroyed."""
    lifetime: str | int | timedelta
    """Minutes, if it is a number."""
    start: str | datetime
    one_time: bool
    existing: Literal["skip", "replace", "fail"]
    names: Literal["accept", "refuse"]
    """What to do where many rows name other people than the tenant does; otherwise that is a `QuestionOpen`."""
    strict: bool
    limit: int
    only: str | Sequence[str]
    except_: str | Sequence[str]
    allow: str | Sequence[str]
    deny: str | Sequence[str]
    max_rows: int
    confirm_by: Literal["yes", "type"]
    type_from_rows: int
    type_from_lifetime: str
    type_from_replacements: int
    plan_valid_for: float | str
    ticket: str
    reason: str
    group: str
    """Instead of a roster: the users of this group of the tenant, by its id or name."""
    administrative_unit: str
    """Likewise of an administrative unit; with a group, who is in both."""
    created_since: str | datetime
    """Likewise users whose account is as new as that."""
    accept: str | Sequence[str]
    """Codes of what is gone on with although it concerns every row."""
    board: bool
    print_rows: bool
    assume: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to sign in, and where; the addresses of the global cloud unless others are named."""

    tenant_id: str
    """The tenant's id or a domain of it; of a managed identity it may be empty."""
    client_id: str
    client_secret: Secret | None = None
    graph_url: str | None = None
    authority_url: str | None = None
    ca_bundle: Path | None = None
    """Trust exactly the certificate authorities in this file."""
    cloud: str | None = None
    """`global`, `usgov`, `usgov-dod`; None goes by the addresses, and is the global cloud without any."""
    certificate: Path | None = None
    """Sign in with this certificate and its key (PEM or PFX) in place of a secret."""
    certificate_password: Secret | None = None
    federated_token: Callable[[], Secret] | None = None
    """Sign in with what this returns, the token of another identity service, in place of a secret."""
    managed_identity: bool = False
    """Sign in as this machine's identity; `client_id` names a user-assigned one, and is empty otherwise."""

    @property
    def credentials(self) -> Credentials:
        """Who signs in.

        Raises:
            UsageError: nothing says how, or several things do; the certificate cannot be used.
        """
        from bulktap.graph.sign_in import credentials as ways
        from bulktap.graph.sign_in.certificates import read_certificate
        from bulktap.model.clock import SystemClock

        given = [self.client_secret, self.certificate, self.federated_token, self.managed_identity or None]
        if sum(one is not None for one in given) != 1:
            raise UsageError(
                "A SignIn has exactly one way to sign in.",
                hint="Give one of client_secret, certificate, federated_token and managed_identity.",
            )
        if self.certificate is not None:
            certificate = read_certificate(self.certificate, self.certificate_password, SystemClock().now())
            return ways.CertificateCredentials(self.tenant_id, self.client_id, certificate)
        if self.federated_token is not None:
            return ways.FederatedCredentials(self.tenant_id, self.client_id, self.federated_token)
        if self.client_secret is not None:
            return ways.ClientSecretCredentials(self.tenant_id, self.client_id, self.client_secret)
        return ways.ManagedIdentityCredentials(self.tenant_id, self.client_id)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work has come."""

    phase: str
    """What is being done: `look-ups`, `issuing`, `writing results`, ..."""
    done: int
    total: int
    in_flight: int = 0
    """Requests sent and not answered."""
    held_seconds: float = 0.0
    """How long the service asked to wait, from now."""
    throttled: int = 0
    """Requests that the service throttled so far."""
    in_doubt: int = 0
    """Rows whose reply was lost and that are looked into."""


class StopToken:
    """Stops what it was handed to, tidily and from any thread: nothing more is sent, what is under way is awaited."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], object] | None = None
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """True once somebody has asked for it."""
        return self._stopped

    def stop(self) -> None:
        """Ask for it; once is enough."""
        with self._lock:
            self._stopped = True
            stop = self._stop
        if stop is not None:
            stop()

    def arm(self, stop: Callable[[], object]) -> None:
        """Take what stops the work that begins now; call it at once if that was asked for already."""
        with self._lock:
            self._stop = stop
            stopped = self._stopped
        if stopped:
            stop()


@dataclass(frozen=True, slots=True)
class HandedPass:
    """One pass of a run, with its passcode."""

    user: str
    """As the roster names them."""
    sign_in_name: str | None
    display_name: str | None
    group: str | None
    passcode: Secret
    starts_at: datetime | None
    expires_at: datetime | None
    one_time: bool | None
    pass_id: str
    object_id: str | None
    rows: tuple[int, ...]
    """The rows of the roster that it serves, as the sheet numbers them."""
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run came to, and what was written."""

    run: str
    """The run's id; with its reports folder it is what `resume`, `results` and `verify` take."""
    folder: Path
    tenant: TenantInfo
    counts: Mapping[str, int]
    """`rows`, and disjoint parts that sum to it: `issued`, `replaced`, `merged`, `skipped`, `invalid`, ..."""
    files: Mapping[str, Path]
    """The files of the run, by name."""
    passes: tuple[HandedPass, ...]
    notes: tuple[str, ...]
    """What is worth knowing, one sentence each."""
    throttled_steps: int = 0
    failure: BulktapError | None = None
    """What stopped the run, if something did; `resume` finishes it."""

    @property
    def finished(self) -> bool:
        """True if nothing stopped it."""
        return self.failure is None


@dataclass(frozen=True, slots=True)
class ReissueResult(RunResult):
    """What reissuing came to: the whole run as it is now, and what became of those who were chosen."""

    new: tuple[Reissued, ...] = ()
    """Those who have a new pass; the slips with their earlier one are dead."""
    not_new: tuple[Reissued, ...] = ()
    """Those who were to have one and do not; the notes of their rows say why."""
    left_alone: tuple[LeftAlone, ...] = ()
    """Those who were chosen and cannot be given one."""
