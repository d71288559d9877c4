"""Other programs that do bulktap's whole job: look everybody up, list their passes, create, write a sealed workbook.

python tests/bench/whole_programs.py NAME ROSTER.csv WORKBOOK.xlsx RESULT.json

`sdk` is Microsoft's SDK, eight batch collections by `gather`; `strong` is what somebody writes who knows Graph and
asyncio well: batches of twenty over aiohttp, twenty-four in flight. Neither keeps a journal, so that whatever is lost
on the way stays lost, and neither compares anything in the end.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import ssl
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from contenders import BATCHES_AT_ONCE, SdkProgram, access_token

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

BATCH = 20
IN_FLIGHT = 24
PASSPHRASE = "correct horse battery staple"

Step = tuple[str, str, dict[str, object] | None]
"""Method, path, body."""


def main() -> None:
    """Do the whole job once, and write down what it took."""
    name, roster, workbook, result = sys.argv[1:]
    began = time.time()
    with Path(roster).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    users = [row["User"] for row in rows]
    held = asyncio.run(_strong(users)) if name == "strong" else _by_sdk(users)
    created = time.time()
    write_sealed(rows, held, Path(workbook))
    figures = {"issuing_ended": created - began, "held": len(held)}
    Path(result).write_text(json.dumps(figures), "utf-8")


async def _strong(users: Sequence[str]) -> dict[str, str]:
    import aiohttp

    trust = ssl.create_default_context(cafile=os.environ["BULKTAP_CA_BUNDLE"])
    token = await asyncio.to_thread(access_token)
    gate = asyncio.Semaphore(IN_FLIGHT)
    connector = aiohttp.TCPConnector(ssl=trust, limit=IN_FLIGHT)
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def post(part: Sequence[str], step: Callable[[str], Step]) -> list[tuple[str, dict[str, Any]]]:
            asked = {str(number): user for number, user in enumerate(part, 1)}
            left, found = dict(asked), []
            while left:
                body = {"requests": [_request(step_id, step(user)) for step_id, user in left.items()]}
                async with gate, session.post(f"{_root()}/$batch", json=body) as reply:
                    reply.raise_for_status()
                    answers = (await reply.json())["responses"]
                wait = 0.0
                for answer in answers:
                    if answer["status"] == 429:
                        wait = max(wait, float(answer.get("headers", {}).get("Retry-After", 1)))
                    else:
                        found.append((left.pop(answer["id"]), answer))
                await asyncio.sleep(wait)
            return found

        async def everybody(step: Callable[[str], Step]) -> dict[str, dict[str, Any]]:
            parts = [post(users[at : at + BATCH], step) for at in range(0, len(users), BATCH)]
            return {user: answer for part in await asyncio.gather(*parts) for user, answer in part}

        shown = await everybody(lambda user: ("GET", f"/users/{quote(user)}?$select=id,displayName", None))
        ids = {user: answer["body"]["id"] for user, answer in shown.items() if answer["status"] == 200}
        listed = await everybody(lambda user: ("GET", _passes(ids[user]), None))
        free = {user for user, answer in listed.items() if answer["status"] == 200 and not answer["body"]["value"]}
        users = [user for user in users if user in free]
        made = await everybody(lambda user: ("POST", _passes(ids[user]), {"lifetimeInMinutes": 480}))
    return {user: answer["body"]["temporaryAccessPass"] for user, answer in made.items() if answer["status"] == 201}


def _request(step_id: str, step: Step) -> dict[str, object]:
    method, path, body = step
    more = {} if body is None else {"headers": {"Content-Type": "application/json"}, "body": body}
    return {"id": step_id, "method": method, "url": path, **more}


def _root() -> str:
    return f"{os.environ['BULKTAP_GRAPH_URL']}/v1.0"


def _passes(user: str) -> str:
    return f"/users/{user}/authentication/temporaryAccessPassMethods"


def _by_sdk(users: Sequence[str]) -> dict[str, str]:
    program = _WholeSdkProgram(access_token(), at_once=BATCHES_AT_ONCE)
    program.look_up(users)
    return program.run(users)


class _WholeSdkProgram(SdkProgram):
    """The SDK's program, which looks everybody up and lists their passes first."""

    def look_up(self, users: Sequence[str]) -> None:
        """Ask about everybody twice, as for creating: eight collections of twenty at a time."""
        asyncio.run(self._look_up(users))
        self._client = self._new_client()  # its connections belong to the loop that has ended

    async def _look_up(self, users: Sequence[str]) -> None:
        asking = (
            self._client.users.by_user_id,
            lambda user: self._client.users.by_user_id(user).authentication.temporary_access_pass_methods,
        )
        together = BATCH * BATCHES_AT_ONCE
        for builder in asking:
            for first in range(0, len(users), together):
                part = users[first : first + together]
                await asyncio.gather(*self._collections(part, builder))

    def _collections(self, part: Sequence[str], builder: Callable[[str], Any]) -> list[Coroutine[Any, Any, Any]]:
        from msgraph_core.requests.batch_request_content_collection import BatchRequestContentCollection
        from msgraph_core.requests.batch_request_item import BatchRequestItem

        found = []
        for at in range(0, len(part), BATCH):
            collection = BatchRequestContentCollection()
            for user in part[at : at + BATCH]:
                collection.add_batch_request_item(BatchRequestItem(builder(user).to_get_request_information()))
            found.append(self._client.batch.post(collection))
        return found


def write_sealed(rows: Sequence[dict[str, str]], held: dict[str, str], path: Path) -> None:
    """Write a workbook of the roster's columns and the passcodes, encrypted as Excel does it."""
    import xlsxwriter
    from msoffcrypto.format.ooxml import OOXMLFile

    plain, sealed = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(plain, {"in_memory": True})
    sheet = book.add_worksheet("Passes")
    sheet.write_row(0, 0, [*rows[0], "Temporary Access Pass"])
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, [*row.values(), held.get(row["User"], "")])
    book.close()
    OOXMLFile(plain).encrypt(PASSPHRASE, sealed)
    path.write_bytes(sealed.getvalue())


if __name__ == "__main__":
    main()
