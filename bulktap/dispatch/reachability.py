"""Reachability: since when nothing usable came from the service during the look-ups, and what is said about it.

Nothing is at stake before the first create. So a cause that waiting cannot heal ends the look-ups well within a minute,
and so does a line that never worked. One that did work is waited for as long as anything else (`giving_up`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.dispatch.queries import rejected
from bulktap.graph.connection_failures import PAGE_HINT
from bulktap.graph.replies import Answered, Doubtful, NotSent
from bulktap.model.errors import ServiceUnreachable
from bulktap.model.setting_names import Setting

if TYPE_CHECKING:
    from bulktap.dispatch.observer import Observer
    from bulktap.graph.replies import BatchReply, EnvelopeRefused
    from bulktap.model.clock import Clock

_PERMANENT_SECONDS = 30.0
"""So long a cause must last that waiting does not heal: a proxy that restarts is not taken for one."""
_NEVER_HEARD_SECONDS = 45.0
"""So long from the start a line may be dead that never worked: three attempts at 15 s each."""
_SPEAK_AFTER_SECONDS = 15.0
"""After so long without anything usable the operator hears why, once for each cause."""

_GENERAL_HINT = (
    f"Check the network, the firewall, HTTPS_PROXY if you are behind a proxy, and {Setting.GRAPH_URL} if you set it; "
    "then run the command again."
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an attempt came to nothing."""

    cause: str
    """In words."""
    permanent: bool = False
    """True if waiting cannot heal it."""
    hint: str = _GENERAL_HINT
    """What helps."""
    connected: bool = True
    """False if there was not even a connection."""


def trouble_of(reply: BatchReply, cause: str) -> Trouble:
    """Return the trouble that a reply is which answered nothing."""
    match reply:
        case NotSent():
            return Trouble(reply.cause, reply.permanent, reply.hint or _GENERAL_HINT, connected=False)
        case Doubtful(foreign=True):
            return Trouble(reply.cause, permanent=True, hint=f"{PAGE_HINT}{Setting.GRAPH_URL} if you set it.")
        case Answered() if all(200 <= response.status < 300 for response in reply.answer.responses.values()):
            # Successes that cannot be read do not become legible by waiting.
            return Trouble(cause, permanent=True, hint=f"Check {Setting.GRAPH_URL}: what answers there is no Graph.")
        case _:
            return Trouble(cause)


class Reachability:
    """Knows whether the service can be reached; one for all phases of the look-ups."""

    def __init__(self, clock: Clock, observer: Observer, so_far: str = "nothing was sent") -> None:
        """Take a clock, who hears of trouble, and what is known to have been done if it comes to a bad end."""
        self._clock = clock
        self._observer = observer
        self._so_far = so_far
        self._asking_since: float | None = None
        """When the first attempt left to which no answer of the service's own has come."""
        self._failed_at: float | None = None
        """When the last attempt came to nothing."""
        self._trouble: Trouble | None = None
        self._told: set[str] = set()
        self.ever_heard = False
        """Whether anything of the service's own was ever read."""
        self.answered = False
        """Whether any step was ever answered."""
        self.rejection: EnvelopeRefused | None = None
        """The last batch that was rejected as a whole."""

    def asked(self) -> None:
        """Take note that something leaves."""
        if self._asking_since is None:
            self._asking_since = self._clock.monotonic()

    def heard(self) -> None:
        """Take note of an answer of the service's own, whatever it says."""
        self.ever_heard = True
        self._asking_since = self._failed_at = self._trouble = None

    def failed(self, trouble: Trouble) -> None:
        """Take note of an attempt that came to nothing."""
        self.asked()
        self._trouble, self._failed_at = trouble, self._clock.monotonic()

    @property
    def decides_at(self) -> float | None:
        """The monotonic second from which on one more failed attempt ends the look-ups; None if none would."""
        if self._asking_since is None or self._trouble is None:
            return None
        if self._trouble.permanent:
            return self._asking_since + _PERMANENT_SECONDS
        return self._asking_since + _NEVER_HEARD_SECONDS if self._is_dead(self._trouble) else None

    def _is_dead(self, trouble: Trouble) -> bool:
        return not trouble.connected and not self.ever_heard

    def require_answers(self) -> None:
        """Stop where every batch was rejected as a whole: that is not about any user.

        Raises:
            NotPermitted, ServiceUnreachable: nothing was ever answered.
        """
        if self.rejection is not None and not self.answered:
            raise rejected(self.rejection)

    def check(self) -> None:
        """Tell the operator of a trouble that lasts.

        Raises:
            ServiceUnreachable: it will not pass by itself, or the line never worked.
        """
        if self._asking_since is None:
            return
        now, trouble = self._clock.monotonic(), self._trouble
        if now - self._asking_since < _SPEAK_AFTER_SECONDS:
            return
        if trouble is None:
            self._tell(
                "Microsoft Graph has not answered yet; waiting. If that lasts, something on the way may swallow what "
                "is sent: a firewall, or a network that needs a proxy (HTTPS_PROXY)."
            )
            return
        # Whoever waits counts every second. Giving up counts what was tried: pauses between attempts are ours.
        tried = (now if self._failed_at is None else self._failed_at) - self._asking_since
        dead = self._is_dead(trouble)
        if (trouble.permanent and tried >= _PERMANENT_SECONDS) or (dead and tried >= _NEVER_HEARD_SECONDS):
            cause = trouble.cause.rstrip(".")
            raise ServiceUnreachable(
                f"Microsoft Graph cannot be reached from this computer; {self._so_far}. The cause: {cause}.",
                hint=trouble.hint,
            )
        self._tell(f"No answer of use from Microsoft Graph: {trouble.cause.rstrip('.')}. Trying again.")

    def _tell(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            self._observer.warn(message)
