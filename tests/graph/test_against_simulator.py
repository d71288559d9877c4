"""The whole room against the pretend tenant: real MSAL, real HTTPS, every look-up and every call on passes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bulktap.graph.access_passes import (
    Created,
    CreateRefused,
    Listed,
    create_step,
    judge_create,
    judge_list,
    list_step,
)
from bulktap.graph.batch import BatchStep
from bulktap.graph.client import Answered, GraphClient, Unauthorized
from bulktap.graph.clouds import default_scope
from bulktap.graph.directory import (
    Organization,
    UserFound,
    UserMissing,
    judge_organization,
    judge_policy,
    judge_user,
    organization_step,
    policy_step,
    user_step,
)
from bulktap.graph.sign_in import ClientSecretCredentials, SignInEndpoint, TokenSource
from bulktap.graph.trust import Network
from bulktap.model.pass_terms import PassTerms
from bulktap.model.passes import PassPolicy, PassRequest, UserRef
from bulktap.model.row_errors import RowErrorCode
from bulktap.model.secret import Secret
from bulktap.simulator.embedded import EmbeddedSimulator
from bulktap.simulator.tenant_file import SeedUser, seed_tenant
from bulktap.simulator.users import User

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulktap.graph.batch import StepResponse

ADA = "ada+o'neil@contoso.com"
CASH = "$cash@contoso.com"
GUEST = "bo_fabrikam.com#EXT#@contoso.com"


@pytest.fixture
def simulator() -> Iterator[EmbeddedSimulator]:
    """A tenant with names that are awkward in addresses."""
    tenant = seed_tenant([SeedUser(ADA), SeedUser(CASH)])
    tenant.add_user(User("00000000-0000-4000-8000-000000000003", GUEST, "Somebody", user_type="Guest", external=True))
    with EmbeddedSimulator(tenant) as simulator:
        yield simulator


def ask(simulator: EmbeddedSimulator, *steps: BatchStep) -> dict[str, StepResponse]:
    """Sign in and post one batch."""
    endpoint = SignInEndpoint(simulator.authority_url, default_scope(simulator.graph_url), Network(simulator.ca_file))
    secret = Secret(simulator.client_secret)
    token = TokenSource(ClientSecretCredentials(simulator.tenant_id, simulator.client_id, secret), endpoint).token()

    async def post() -> dict[str, StepResponse]:
        async with GraphClient(simulator.graph_url, network=Network(simulator.ca_file), reply_timeout=10.0) as client:
            assert isinstance(await client.post_batch(steps, Secret("stale"), "request-0", creates=False), Unauthorized)
            reply = await client.post_batch(steps, token, "request-1", creates=True)
            assert isinstance(reply, Answered)
            assert reply.service_date is not None
            return dict(reply.answer.responses)

    return asyncio.run(post())


def test_look_ups_are_understood(simulator: EmbeddedSimulator) -> None:
    """Awkward names are found, a missing one is missing, and the policy and the name of the tenant are read."""
    names = (ADA, CASH, GUEST, "nobody@contoso.com")
    steps = [user_step(str(number), name) for number, name in enumerate(names)]
    answers = ask(simulator, *steps, policy_step("policy"), organization_step("organization"))
    found = [judge_user(answers[str(number)], name) for number, name in enumerate(names)]
    users = [verdict.user for verdict in found if isinstance(verdict, UserFound)]
    assert [(user.upn, user.external_guest) for user in users] == [(ADA, False), (CASH, False), (GUEST, True)]
    assert isinstance(found[3], UserMissing)
    assert isinstance(judge_policy(answers["policy"]), PassPolicy)
    assert judge_organization(answers["organization"]) == Organization("Contoso", ("contoso.com",))


def test_a_pass_is_created_listed_and_deleted(simulator: EmbeddedSimulator) -> None:
    """And a guest of another organisation gets none."""
    wanted = {name: PassRequest(UserRef(name), PassTerms(lifetime_minutes=60)) for name in (ADA, CASH, GUEST)}
    answers = ask(simulator, *(create_step(name, name, request) for name, request in wanted.items()))
    verdicts = {name: judge_create(answers[name], request, None) for name, request in wanted.items()}
    ada, guest = verdicts[ADA], verdicts[GUEST]
    assert isinstance(ada, Created)
    assert isinstance(verdicts[CASH], Created)
    assert isinstance(guest, CreateRefused)
    assert guest.error.code is RowErrorCode.USER_EXTERNAL_GUEST
    pass_id = ada.issued.access_pass.pass_id
    listing = list_step("1", ADA)
    listed = judge_list(ask(simulator, listing)["1"], ADA)
    assert isinstance(listed, Listed)
    assert [found.pass_id for found in listed.passes] == [pass_id]
    assert ask(simulator, BatchStep("1", "DELETE", f"{listing.url}/{pass_id}"))["1"].status == 204
    assert judge_list(ask(simulator, listing)["1"], ADA) == Listed(())
