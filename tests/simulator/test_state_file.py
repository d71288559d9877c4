import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bulktap.simulator.access_passes import CreatedPass, PassOrder
from bulktap.simulator.state_file import StateFile, reopen_state
from bulktap.simulator.tenant import Tenant
from bulktap.simulator.tenant_file import load_tenant

ALEX = "00000000-0000-4000-8000-000000000001"
JONI = "00000000-0000-4000-8000-000000000002"
SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the state goes."""
    return tmp_path / "simulator.jsonl"


def busy(tenant: Tenant, path: Path) -> list[str]:
    """Let some things happen, with a state file, and return the passcodes."""
    state = StateFile(path, tenant)
    tenant.on_change = state.record
    codes = []
    for object_id in (ALEX, JONI, ALEX):
        created = tenant.create(tenant.users[object_id], PassOrder(usable_once=True), "app", "run-1")
        assert isinstance(created, CreatedPass)
        codes.append(created.passcode)
    tenant.use_pass(tenant.users[ALEX])
    joni = tenant.current(tenant.users[JONI])
    assert joni is not None
    tenant.delete(tenant.users[JONI], joni.pass_id, "app")
    tenant.somebody_else_issues(tenant.users[JONI])
    state.close()
    return codes


def everything(tenant: Tenant) -> Any:
    """Return all that a tenant holds."""
    histories = {key: tenant.history(user) for key, user in tenant.users.items()}
    return tenant.registration, tenant.policy, dict(tenant.users), histories, tenant.changes


def test_a_replayed_tenant_is_the_same(tenant: Tenant, path: Path, clock: Any) -> None:
    """Users, policy, application and every pass that ever was come back."""
    busy(tenant, path)

    again = reopen_state(path, clock=clock)

    before, after = everything(tenant), everything(again)
    assert [one.object_id for one in after[2].values()] == [one.object_id for one in before[2].values()]
    assert after[:2] == before[:2]
    assert after[3:] == before[3:]


def test_the_file_goes_on_where_it_stopped(tenant: Tenant, path: Path, clock: Any) -> None:
    """A reopened tenant appends to the same file, and new passes are new."""
    busy(tenant, path)
    again = reopen_state(path, clock=clock)
    state = StateFile(path, again)
    again.on_change = state.record
    created = again.create(again.users[ALEX], PassOrder(), "app")
    state.close()

    assert isinstance(created, CreatedPass)
    assert reopen_state(path, clock=clock).current(again.users[ALEX]) == created.access_pass
    assert created.access_pass.pass_id not in {one.pass_id for one in tenant.history(tenant.users[ALEX])}


def test_a_torn_last_line_is_cut_off(tenant: Tenant, path: Path, clock: Any) -> None:
    """What a kill left of a line is forgotten, and the next line starts clean."""
    busy(tenant, path)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"change": "created", "user"')

    again = reopen_state(path, clock=clock)
    StateFile(path, again).close()

    assert everything(again)[3:] == everything(tenant)[3:]
    assert path.read_bytes() == whole


@pytest.mark.parametrize(
    "damage", [b"garbage\n", b'{"change": "deleted", "user": "x", "id": "y", "at": 1, "by": ""}\n']
)
def test_damage_before_the_end_is_an_error(tenant: Tenant, path: Path, clock: Any, damage: bytes) -> None:
    """A whole line that makes no sense names its number."""
    busy(tenant, path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], damage, *lines[2:]]))

    with pytest.raises(ValueError, match="line 3"):
        reopen_state(path, clock=clock)


def test_what_has_still_to_land_comes_back(tenant: Tenant, path: Path, clock: Any) -> None:
    """With its order, its moment and whose it is, until it has landed; a use comes back with its moment."""
    state = StateFile(path, tenant)
    tenant.on_change = state.record
    order = PassOrder(clock() + timedelta(days=1), 90, usable_once=True)
    for user, asked, creator in ((ALEX, order, "app"), (JONI, PassOrder(), "somebody else")):
        tenant.plan_create(tenant.users[user], asked, creator, f"run-1/{user}", clock() + timedelta(seconds=3))
    tenant.land(tenant.late_creates()[1])
    clock.turn(seconds=60)
    tenant.use_pass(tenant.users[JONI])
    state.close()

    again = reopen_state(path, clock=clock)

    assert again.late_creates() == tenant.late_creates()
    assert [(one.user, one.order) for one in again.late_creates()] == [(ALEX, order)]
    assert everything(again)[3:] == everything(tenant)[3:]
    joni = again.current(again.users[JONI])
    assert joni is not None
    assert (joni.used_at, joni.late_effect) == (clock(), "late-1")


def test_a_file_of_an_earlier_version_is_read(tenant: Tenant, path: Path, clock: Any) -> None:
    """Its lines do not say what lands late, when a pass was used, and who is odd."""
    busy(tenant, path)
    items = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for item in (*items, *items[0]["users"]):
        later = {"late", "unknownSeconds", "oddities"} | ({"at"} if item.get("change") == "used" else set())
        for name in later & item.keys():
            del item[name]
    path.write_text("".join(f"{json.dumps(item)}\n" for item in items), "utf-8")

    again = reopen_state(path, clock=clock)

    assert again.changes == tenant.changes
    assert [one.used for one in again.history(again.users[ALEX])] == [False, True]


@pytest.mark.parametrize("content", [b"", b"{}\n", b'{"schema": "other/1"}\n', b"half a line"])
def test_what_is_not_a_state_file_is_refused(path: Path, content: bytes) -> None:
    """Empty, foreign and torn files are no tenant."""
    path.write_bytes(content)

    with pytest.raises(ValueError, match="not a state file"):
        reopen_state(path)


def test_another_tenants_file_is_not_overwritten(make_tenant: Callable[..., Tenant], path: Path) -> None:
    """Neither a file of another tenant nor one that is ahead of this tenant is touched."""
    busy(make_tenant(), path)
    before = path.read_bytes()

    for tenant in (make_tenant(), make_tenant(tenant_id="00000000-0000-4000-8000-00000000beef")):
        with pytest.raises(ValueError, match="not this tenant's"):
            StateFile(path, tenant)

    assert path.read_bytes() == before


def test_no_passcode_is_in_the_file(tenant: Tenant, path: Path) -> None:
    """Digests are, one for each create."""
    codes = busy(tenant, path)
    text = path.read_text("utf-8")

    assert not any(code in text for code in codes)
    assert text.count('"digest"') == 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps access in lists, not in mode bits")
def test_the_file_is_private(tenant: Tenant, path: Path) -> None:
    """Nobody else on the machine can read it."""
    StateFile(path, tenant).close()

    assert path.stat().st_mode & 0o777 == 0o600


def test_passes_that_were_there_from_the_start_are_kept(path: Path) -> None:
    """A tenant loaded from the sample comes back with its live, and its expired, pass."""
    tenant = load_tenant(SAMPLES / "tenant.json")
    StateFile(path, tenant).close()

    assert everything(reopen_state(path))[3:] == everything(tenant)[3:]


def test_a_line_is_there_when_the_answer_is(
    open_browser: Callable[..., Any], tenant: Tenant, path: Path, create: Callable[..., dict[str, Any]]
) -> None:
    """Over HTTPS: as soon as the client has a pass, the file has its digest."""
    browser = open_browser(tenant, state_file=path)

    [item] = browser.batch(create(ALEX)).json()["responses"]

    last = json.loads(path.read_bytes().splitlines()[-1])
    assert last["id"] == item["body"]["id"]
    assert item["body"]["temporaryAccessPass"] not in path.read_text("utf-8")
