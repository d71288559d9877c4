"""A simulator in a thread of its own, for rehearsals and for tests that are not asynchronous."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from bulktap.simulator.server import Simulator, SimulatorOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from bulktap.simulator.tenant import Tenant

_Told = TypeVar("_Told")


class EmbeddedSimulator:
    """A running simulator, as a context manager.

    It has its own event loop in a background thread; the tenant belongs to that thread while it runs, so read it by
    `truth`, `statistics` and `ask`. `ca_file` is the public certificate to trust, in a private folder that goes with
    the simulator.
    """

    def __init__(self, tenant: Tenant, options: SimulatorOptions | None = None) -> None:
        """See `Simulator`."""
        self._simulator = Simulator(tenant, options)
        self.tenant = tenant
        self.tenant_id = self._simulator.tenant_id
        self.client_id = self._simulator.client_id
        self.client_secret = self._simulator.client_secret
        self.ca_pem = self._simulator.ca_pem
        self.ca_file = Path()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._stopping: asyncio.Event | None = None
        self._started = threading.Event()
        self._problem: BaseException | None = None

    @property
    def url(self) -> str:
        """The server's root, once it runs."""
        return self._simulator.url

    @property
    def graph_url(self) -> str:
        """See `Simulator`."""
        return self._simulator.graph_url

    @property
    def authority_url(self) -> str:
        """See `Simulator`."""
        return self._simulator.authority_url

    @property
    def proxy_url(self) -> str:
        """See `Simulator`."""
        return self._simulator.proxy_url

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="bulktap-")
        self.ca_file = Path(self._folder.name) / "simulated-tenant.pem"
        self.ca_file.write_text(self.ca_pem, "ascii")
        # A daemon, so that a program that is stopped the hard way does not wait for its own simulator.
        self._thread = threading.Thread(target=self._run, name="simulated-tenant", daemon=True)
        self._thread.start()
        self._started.wait()
        if self._problem is not None:
            self._thread.join()
            self._folder.cleanup()
            raise self._problem
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)
        if self._thread is not None:
            self._thread.join()
        if self._folder is not None:
            self._folder.cleanup()

    def truth(self) -> dict[str, Any]:
        """Return what the tenant holds and what happened; digests only. Works after the end as well."""
        return self.ask(self._simulator.truth)

    def statistics(self) -> dict[str, Any]:
        """Return the counts since the start. Works after the end as well."""
        return self.ask(self._simulator.statistics)

    def revoke_tokens(self) -> None:
        """End every access token issued so far."""
        self.ask(self._simulator.tokens.revoke_all)

    def ask(self, question: Callable[[], _Told]) -> _Told:
        """Run a function in the simulator's thread, where the tenant may be read and changed, and return its result."""
        if self._loop is None or self._thread is None or not self._thread.is_alive():
            return question()

        async def ask() -> _Told:
            return question()

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - the frame at the bottom of its thread, whose error nobody else would see (a pool would carry it, but has no daemons): `__enter__`, which waits for the start, raises it
            self._problem = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        try:
            await self._simulator.start()
            self._started.set()
            await self._stopping.wait()
        finally:
            await self._simulator.stop()
