"""The other ways to issue passes for a list of users, each as its author would write it today.

python tests/bench/contenders.py NAME USERS.json RESULT.json

The environment says where the tenant is, as for bulktap. The result holds digests of the passcodes that the operator
has in the end, never a passcode, and what creating them took: seconds, and CPU seconds (user + system). Imports and
sign-in come before.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import requests

RETRIES = 3
THREADS = 16
BATCHES_AT_ONCE = 8
_REPLY_TIMEOUT = 100.0
_COLLECTION = 160
"""Rows that the keen developer gives out at a time: eight batches of twenty."""

Held = dict[str, str]
"""Passcode by user."""


def main() -> None:
    """Run one contender and write down what became of it."""
    name, users_file, result_file = sys.argv[1:]
    users: list[str] = json.loads(Path(users_file).read_text("utf-8"))
    run = prepared(name)
    began, cpu = time.monotonic(), time.process_time()
    held = run(users)
    seconds, cpu = time.monotonic() - began, time.process_time() - cpu
    digests = {user: hashlib.sha256(passcode.encode()).hexdigest() for user, passcode in held.items()}
    Path(result_file).write_text(json.dumps({"held": digests, "seconds": seconds, "cpu_seconds": cpu}), "utf-8")


def prepared(name: str) -> Callable[[Sequence[str]], Held]:
    """Import and sign in, and return what does the work."""
    token = access_token()
    if name == "loop":
        return PlainScript(token).one_after_the_other
    if name == "threads":
        return PlainScript(token).in_threads
    return SdkProgram(token, at_once=BATCHES_AT_ONCE if name == "sdk-gather" else 1).run


def access_token() -> str:
    """Sign in with the client secret."""
    import msal

    settings = os.environ
    application = msal.ConfidentialClientApplication(
        settings["AZURE_CLIENT_ID"],
        client_credential=settings["AZURE_CLIENT_SECRET"],
        authority=f"{settings['BULKTAP_AUTHORITY_URL']}/{settings['AZURE_TENANT_ID']}",
        instance_discovery=False,
        http_client=new_session(),
    )
    answer = application.acquire_token_for_client([f"{settings['BULKTAP_GRAPH_URL']}/.default"])
    return str(answer["access_token"])


def new_session() -> requests.Session:
    """Return a session that trusts the pretend tenant, whatever this machine's variables say."""
    import requests

    session = requests.Session()
    session.trust_env = False
    session.verify = os.environ["BULKTAP_CA_BUNDLE"]
    return session


class PlainScript:
    """One call for one user, three retries that honour `Retry-After`: the script that everybody has."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._local = threading.local()

    def one_after_the_other(self, users: Sequence[str]) -> Held:
        """Issue in a loop."""
        return collected(map(self._issue, users))

    def in_threads(self, users: Sequence[str]) -> Held:
        """Issue in sixteen threads."""
        with ThreadPoolExecutor(THREADS) as pool:
            return collected(pool.map(self._issue, users))

    def _issue(self, user: str) -> tuple[str, str | None]:
        import requests

        address = (
            f"{os.environ['BULKTAP_GRAPH_URL']}/v1.0/users/{quote(user)}/authentication/temporaryAccessPassMethods"
        )
        for attempt in range(RETRIES + 1):
            wait = 2.0**attempt
            try:
                answer = self._session().post(address, json={}, timeout=_REPLY_TIMEOUT)
                if answer.status_code == 201:
                    return user, answer.json()["temporaryAccessPass"]
                if answer.status_code == 401:
                    self._token = access_token()
                wait = float(answer.headers.get("Retry-After", wait))
            except requests.RequestException:
                pass  # as such scripts do: whatever happened, try again
            if attempt < RETRIES:
                time.sleep(wait)
        return user, None

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = new_session()
        self._local.session.headers["Authorization"] = f"Bearer {self._token}"
        session: requests.Session = self._local.session
        return session


class SdkProgram:
    """Microsoft's Python SDK with its batch collections; what is not created is asked again, three times."""

    def __init__(self, token: str, at_once: int) -> None:
        from kiota_abstractions.authentication import (
            AccessTokenProvider,
            AllowedHostsValidator,
            BaseBearerTokenAuthenticationProvider,
        )

        program = self

        class Tokens(AccessTokenProvider):
            async def get_authorization_token(self, uri: str, additional: dict[str, Any] | None = None) -> str:
                del uri, additional
                return program.token

            def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
                return AllowedHostsValidator([])

        _mend_reply_bodies()
        self.token = token
        self._authentication = BaseBearerTokenAuthenticationProvider(Tokens())
        self._at_once = at_once
        self._held: Held = {}
        self._wait = 0.0
        self._client = self._new_client()
        # The SDK imports its models when they are first used; that is no part of creating.
        self._item_for("nobody@contoso.com")
        _kind()().get_field_deserializers()

    def run(self, users: Sequence[str]) -> Held:
        """Issue, collection by collection."""
        asyncio.run(self._run(users))
        return self._held

    async def _run(self, users: Sequence[str]) -> None:
        left = list(users)
        for attempt in range(RETRIES + 1):
            self._wait = 0.0
            if self._at_once == 1:
                await self._post_collection(left)
            else:
                for first in range(0, len(left), _COLLECTION):
                    part = left[first : first + _COLLECTION]
                    share = len(part) // self._at_once or 1
                    await asyncio.gather(
                        *(self._post_collection(part[at : at + share]) for at in range(0, len(part), share))
                    )
            left = [user for user in left if user not in self._held]
            if not left or attempt == RETRIES:
                return
            await asyncio.sleep(self._wait or 2.0**attempt)

    def _new_client(self) -> Any:
        import httpx
        from msgraph import GraphServiceClient
        from msgraph.graph_request_adapter import GraphRequestAdapter
        from msgraph_core import GraphClientFactory

        trust = ssl.create_default_context(cafile=os.environ["BULKTAP_CA_BUNDLE"])
        plain = httpx.AsyncClient(verify=trust, timeout=_REPLY_TIMEOUT, trust_env=False)
        adapter = GraphRequestAdapter(
            self._authentication, GraphClientFactory.create_with_default_middleware(client=plain)
        )
        client = GraphServiceClient(request_adapter=adapter)
        adapter.base_url = f"{os.environ['BULKTAP_GRAPH_URL']}/v1.0"
        client.path_parameters["base_url"] = adapter.base_url
        return client

    def _item_for(self, user: str) -> Any:
        from msgraph_core.requests.batch_request_item import BatchRequestItem

        passes = self._client.users.by_user_id(user).authentication.temporary_access_pass_methods
        return BatchRequestItem(passes.to_post_request_information(_kind()()))

    async def _post_collection(self, users: Sequence[str]) -> None:
        from msgraph_core.requests.batch_request_content_collection import BatchRequestContentCollection

        collection, asked = BatchRequestContentCollection(), {}
        for user in users:
            item = self._item_for(user)
            item.id = str(len(asked) + 1)
            collection.add_batch_request_item(item)
            asked[item.id] = user
        try:
            replies = await self._client.batch.post(collection)
        except Exception as error:  # noqa: BLE001 - a batch that failed takes the collection's other replies with it
            if getattr(error, "response_status_code", 0) == 401:
                self.token = await asyncio.to_thread(access_token)
            return
        for reply in replies.get_responses():
            for step_id in reply.responses or {}:
                self._take_in(reply, step_id, asked[step_id])

    def _take_in(self, reply: Any, step_id: str, user: str) -> None:
        response = reply.get_response_by_id(step_id)
        if response.status == 201:
            self._held[user] = reply.get_response_by_id(step_id, _kind()).temporary_access_pass
            return
        headers = {name.lower(): text for name, text in (response.headers or {}).items()}
        self._wait = max(self._wait, float(headers.get("retry-after", 0)))


def _kind() -> Any:
    """Return the SDK's class of a pass."""
    from msgraph.generated.models.temporary_access_pass_authentication_method import (
        TemporaryAccessPassAuthenticationMethod,
    )

    return TemporaryAccessPassAuthenticationMethod


def _mend_reply_bodies() -> None:
    """Let the SDK keep the body of a reply in a batch.

    From 1.12.3 at the latest up to 1.16.0 its JSON reader gives None for a body that is an object (issue 737 of
    microsoft/kiota-python), so that of a batch of creates not one passcode could be read. This is what it did before.
    """
    from kiota_serialization_json.json_parse_node import JsonParseNode

    read_text = JsonParseNode._get_bytes_value  # noqa: SLF001 - there is no other place to mend it

    def read(value: Any) -> bytes | None:
        found: bytes | None = read_text(value) if isinstance(value, str | None) else json.dumps(value).encode()
        return found

    JsonParseNode._get_bytes_value = staticmethod(read)  # noqa: SLF001 - the same


def collected(results: Iterable[tuple[str, str | None]]) -> Held:
    """Return the passcodes that there are."""
    return {user: passcode for user, passcode in results if passcode is not None}


if __name__ == "__main__":
    main()
