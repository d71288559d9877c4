"""What changes while a run is under way: a permission, the policy, a lifetime; and perhaps back again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bulktap.simulator.pass_policy import PassPolicy
    from bulktap.simulator.tenant import Tenant
    from bulktap.simulator.weather import Weather


@dataclass(slots=True)
class MidRun:
    """The one change of a weather, applied to a tenant when it is time."""

    weather: Weather
    tenant: Tenant
    creates: int = 0
    """Create steps that have arrived since the simulator's start."""
    _since: datetime = field(init=False)
    """The start; once the change has come, the change."""
    _since_creates: int = 0
    _before: tuple[PassPolicy, bool] | None = None
    """What held before the change, while the change holds."""
    _over: bool = field(init=False)
    """Whether nothing is to come any more."""

    def __post_init__(self) -> None:
        self._since = self.tenant.clock()
        weather = self.weather
        changes = (
            weather.permission_removed,
            weather.policy_off,
            weather.maximum_lifetime,
            weather.default_lifetime,
        )
        self._over = not any(changes)

    def turn(self) -> None:
        """Let the change come, or be undone, if it is time."""
        if self._over:
            return
        weather = self.weather
        if self._before is None:
            if self._passed(weather.change_creates, weather.change_seconds):
                self._change()
        elif self._passed(weather.back_creates, weather.back_seconds):
            self.tenant.policy, self.tenant.permission_removed = self._before
            self._over = True

    def _passed(self, creates: int, seconds: float) -> bool:
        arrived = self.creates - self._since_creates
        return arrived >= creates and self.tenant.clock() - self._since >= timedelta(seconds=seconds)

    def _change(self) -> None:
        weather, tenant, policy = self.weather, self.tenant, self.tenant.policy
        self._before = (policy, tenant.permission_removed)
        self._since, self._since_creates = tenant.clock(), self.creates
        self._over = not (weather.back_creates or weather.back_seconds)
        tenant.permission_removed = tenant.permission_removed or bool(weather.permission_removed)
        maximum = weather.maximum_lifetime or policy.maximum_lifetime
        tenant.policy = replace(
            policy,
            enabled=policy.enabled and not weather.policy_off,
            maximum_lifetime=maximum,
            minimum_lifetime=min(policy.minimum_lifetime, maximum),
            default_lifetime=min(weather.default_lifetime or policy.default_lifetime, maximum),
        )
