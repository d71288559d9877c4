"""The faults that a step or a whole batch can meet, and what the service says with each."""

from __future__ import annotations

from enum import StrEnum

from bulktap.simulator import refusals
from bulktap.simulator.refusals import Refusal


class StepFault(StrEnum):
    """What befalls one step; its value is also the weather's field with its probability."""

    NONE = "none"
    THROTTLED = "step_429"
    UNAVAILABLE = "step_503"
    GATEWAY_TIMEOUT = "step_504"
    LATE_THROTTLED = "late_429"
    LATE_UNAVAILABLE = "late_503"
    LATE_GATEWAY_TIMEOUT = "late_504"
    UNAVAILABLE_AS_400 = "step_400"
    REQUEST_TIMEOUT = "step_408"
    CONFLICT = "step_409"
    PRECONDITION_FAILED = "step_412"
    MISDIRECTED = "step_421"
    LOCKED = "step_423"
    TOO_EARLY = "step_425"
    INTERNAL = "step_500"
    BAD_GATEWAY = "step_502"
    NO_STORAGE = "step_507"
    BANDWIDTH = "step_509"
    REPEATED_POST = "repeated_post"

    @property
    def is_late(self) -> bool:
        """Tell whether what was asked for is carried out after the answer."""
        return self.value.startswith("late_")

    @property
    def is_throttling(self) -> bool:
        """Tell whether the step is answered 429."""
        return self in {StepFault.THROTTLED, StepFault.LATE_THROTTLED}


class BatchFault(StrEnum):
    """What befalls a whole batch; its value is also the weather's field with its probability."""

    NONE = "none"
    RESET = "reset_batch"
    LOST = "lost_batch"
    DELAYED = "delayed_batch"
    TRUNCATED = "truncated"
    BROKEN_OFF = "broken_off"
    HTML_PAGE = "html_page"
    THROTTLED = "outer_429"
    UNAVAILABLE = "outer_503"
    LATE_LOST = "late_lost"
    LATE_HTML_PAGE = "late_html"
    LATE_UNAVAILABLE = "late_outer_503"
    PROXY_FORBIDDEN = "proxy_403"
    PROXY_NOT_FOUND = "proxy_404"
    PROXY_LOGIN = "proxy_login"
    PROXY_REDIRECT = "proxy_302"
    PROXY_CREDENTIALS = "proxy_407"

    @property
    def is_late(self) -> bool:
        """Tell whether the batch's creates are carried out after the answer."""
        return self.value.startswith("late_")

    @property
    def is_proxys(self) -> bool:
        """Tell whether something between client and service answered, so that the service never heard of it."""
        return self.value.startswith("proxy_")


class SignInFault(StrEnum):
    """What befalls a request for a token; its value is also the weather's field with its probability."""

    NONE = "none"
    TRANSIENT_400 = "sign_in_400"
    TRANSIENT_503 = "sign_in_503"


WITH_READS = (
    BatchFault.RESET,
    BatchFault.THROTTLED,
    BatchFault.UNAVAILABLE,
    *(fault for fault in BatchFault if fault.is_proxys),
)
"""What can befall a batch that only reads."""

STEP_WORDS: dict[StepFault, Refusal] = {
    StepFault.UNAVAILABLE: refusals.UNAVAILABLE,
    StepFault.GATEWAY_TIMEOUT: refusals.GATEWAY_TIMEOUT,
    StepFault.LATE_UNAVAILABLE: refusals.UNAVAILABLE,
    StepFault.LATE_GATEWAY_TIMEOUT: refusals.GATEWAY_TIMEOUT,
    # Seen inside a 400: microsoft-graph-docs 8188.
    StepFault.UNAVAILABLE_AS_400: Refusal(400, "ServiceUnavailable", "The service is temporarily unavailable."),
    StepFault.REQUEST_TIMEOUT: Refusal(408, "UnknownError", ""),
    StepFault.CONFLICT: Refusal(409, "Conflict", "The request conflicts with another one. Please try again."),
    StepFault.PRECONDITION_FAILED: Refusal(412, "PreconditionFailed", "The resource has changed in the meantime."),
    StepFault.MISDIRECTED: Refusal(421, "UnknownError", ""),
    StepFault.LOCKED: Refusal(423, "resourceLocked", "The resource that is being accessed is locked."),
    StepFault.TOO_EARLY: Refusal(425, "UnknownError", ""),
    StepFault.INTERNAL: refusals.INTERNAL,
    StepFault.BAD_GATEWAY: Refusal(502, "UnknownError", ""),
    StepFault.NO_STORAGE: Refusal(507, "insufficientStorage", "Insufficient space available to complete the request."),
    StepFault.BANDWIDTH: Refusal(509, "activityLimitReached", "The app or user has been throttled."),
    StepFault.REPEATED_POST: Refusal(409, "Conflict", "A resource with the same identity already exists."),
}
"""What a faulty step is answered, apart from 429, whose wording varies."""
