"""How a pass stands that somebody looks at: by the tenant's word, else by what the run itself has on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulktap.cli.pass_card import card_lines
from bulktap.dispatch.pass_states import Finding, PassState
from bulktap.model.errors import NoPass
from bulktap.model.outcomes import Issued
from bulktap.model.run_events import Settled
from bulktap.model.secret import Secret
from bulktap.operations.handout_settings import HandOutSettings, LookFiles
from bulktap.operations.print_slip import print_slip
from bulktap.operations.show_pass import SeenPass
from bulktap.planning.one_person import people_named
from bulktap.storage.run_folder import RunFolder

if TYPE_CHECKING:
    from types import ModuleType

SILENT = Finding(PassState.UNREADABLE, "its owner is an administrator")


def seen(build: ModuleType, finding: Finding | None, folder: Path = Path("run"), **known: Any) -> SeenPass:
    """Return a pass that was issued and looked at."""
    plan = build.make_plan(build.plan_row(1, "ann"))
    state = build.make_state(plan, build.sent(1), Settled(1, Issued(build.issued_pass(1))))
    (person,) = people_named(plan, "ann")
    why = "" if finding is not None else "no answer within 6 s"
    held = build.issued_pass(1)
    return SeenPass(
        RunFolder(folder), plan, person, state.rows[1], held, Secret("a passphrase"), build.LATER, finding, why, **known
    )


@pytest.mark.parametrize("ended", [PassState.USED, PassState.EXPIRED, PassState.GONE, PassState.REPLACED])
@pytest.mark.parametrize("finding", [None, SILENT])
def test_a_tenant_that_shows_nothing_does_not_outweigh_what_is_known(
    build: ModuleType, tmp_path: Path, ended: PassState, finding: Finding | None
) -> None:
    """A revocation found it to be over: the card says so, and no slip is printed."""
    one = seen(build, finding, tmp_path, ended_as=ended)
    card = "\n".join(card_lines(one))

    assert one.state is ended
    assert "Terms" in card
    assert ("its owner is an administrator" in card) is (finding is SILENT)
    assert ("no answer within 6 s" in card) is (finding is None)
    with pytest.raises(NoPass):
        print_slip(one, HandOutSettings(tmp_path), LookFiles(None, None))


@pytest.mark.parametrize(
    ("finding", "doubtful"),
    [
        (None, True),
        (SILENT, True),
        (Finding(PassState.LIVE), False),
        (Finding(PassState.GONE), False),
        (Finding(PassState.USED), False),
    ],
)
def test_whether_it_was_revoked_is_not_known_until_the_tenant_says_something(
    build: ModuleType, finding: Finding | None, doubtful: bool
) -> None:
    """The answer to the deletion was lost; `revoke` finishes it."""
    one = seen(build, finding, perhaps_revoked=True)

    assert one.is_in_doubt is doubtful
    assert ("Whether this run revoked it is not known" in one.remedy) is doubtful


def test_what_the_tenant_does_not_show_and_nobody_knows_could_not_be_read(build: ModuleType) -> None:
    """That is said as it is."""
    early = seen(build, SILENT)
    starts = early.issued.access_pass.starts_at
    assert starts is not None
    one = replace(early, now=starts + timedelta(hours=1))

    assert early.state is PassState.NOT_YET_VALID
    assert one.state is PassState.UNREADABLE
    assert "could not be read (its owner is an administrator)" in "\n".join(card_lines(one))
