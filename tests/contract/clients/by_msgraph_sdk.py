"""Microsoft's Python SDK, signed in by azure-identity."""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from contract.world import GROUP, PUPILS, UNIT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from contract.world import World

_NOBODY = "nobody@contoso.com"


async def drive(world: World) -> dict[str, Any]:
    """Carry out every operation that the SDK can, and return what it found."""
    async with _client(world) as client:
        return await _findings(client, world.graph_url)


async def _findings(client: Any, graph_url: str) -> dict[str, Any]:
    return {
        **await _organization(client),
        **await _users(client),
        "passes": await _passes(client),
        **await _groups(client),
        "batch": await _batch(client, graph_url),
        **await _policy(client),  # last, because it ends without passes
    }


@asynccontextmanager
async def _client(world: World) -> AsyncIterator[Any]:
    import httpx
    from azure.identity import ClientSecretCredential
    from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
    from msgraph import GraphServiceClient
    from msgraph.graph_request_adapter import GraphRequestAdapter
    from msgraph_core import GraphClientFactory

    simulator = world.simulator
    credential = ClientSecretCredential(
        simulator.tenant_id,
        simulator.client_id,
        simulator.client_secret,
        authority=simulator.authority_url,
        disable_instance_discovery=True,
        connection_verify=str(world.ca_file),
    )
    authentication = AzureIdentityAuthenticationProvider(
        credential, scopes=["https://graph.microsoft.com/.default"], allowed_hosts=["127.0.0.1"]
    )
    trust = ssl.create_default_context(cafile=world.ca_file)
    with credential:
        # The SDK puts a transport of its own around the client's, and does not close what is inside.
        async with httpx.AsyncHTTPTransport(verify=trust) as inner, httpx.AsyncClient(transport=inner) as plain:
            middleware = GraphClientFactory.create_with_default_middleware(client=plain)
            adapter = GraphRequestAdapter(authentication, middleware)
            client = GraphServiceClient(request_adapter=adapter)
            adapter.base_url = client.path_parameters["base_url"] = world.graph_url
            yield client


async def _organization(client: Any) -> dict[str, Any]:
    (one,) = (await client.organization.get()).value
    by_id = await client.organization.by_organization_id(one.id).get()
    return {"organization": one.display_name, "organizationById": by_id.display_name}


async def _users(client: Any) -> dict[str, Any]:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.users.users_request_builder import UsersRequestBuilder
    from msgraph_core.tasks.page_iterator import PageIterator

    query = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters
    names = ",".join(f"'{name}'" for name in PUPILS[:2])
    in_pages = RequestConfiguration(query_parameters=query(top=2))
    filtered = RequestConfiguration(query_parameters=query(filter=f"userPrincipalName in ({names})"))
    everybody: list[Any] = []
    pages = PageIterator(await client.users.get(request_configuration=in_pages), client.request_adapter)
    await pages.iterate(lambda user: everybody.append(user) is None)
    return {
        "user": (await client.users.by_user_id(PUPILS[0]).get()).display_name,
        "unknown": await _code(client.users.by_user_id(_NOBODY).get()),
        "users": len(everybody),
        "filtered": len((await client.users.get(request_configuration=filtered)).value),
        "methods": len((await client.users.by_user_id(PUPILS[0]).authentication.methods.get()).value),
        "userCount": await client.users.count.get(request_configuration=_advanced()),
        "memberOf": len((await client.users.by_user_id(PUPILS[0]).member_of.get()).value),
        "memberships": len((await client.users.by_user_id(PUPILS[0]).transitive_member_of.get()).value),
    }


async def _passes(client: Any) -> dict[str, Any]:
    from msgraph.generated.models.temporary_access_pass_authentication_method import (
        TemporaryAccessPassAuthenticationMethod,
    )

    def order(minutes: int) -> Any:
        return TemporaryAccessPassAuthenticationMethod(lifetime_in_minutes=minutes, is_usable_once=False)

    passes = client.users.by_user_id(PUPILS[0]).authentication.temporary_access_pass_methods
    created = await passes.post(order(60))
    listed = (await passes.get()).value
    one = passes.by_temporary_access_pass_authentication_method_id(created.id)
    usability = (await one.get()).method_usability_reason
    await one.delete()
    return {
        "passcode": len(created.temporary_access_pass),
        "listed": len(listed),
        "usability": usability,
        "afterwards": len((await passes.get()).value),
        "refused": await _code(passes.post(order(1440))),
    }


async def _policy(client: Any) -> dict[str, Any]:
    from msgraph.generated.models.authentication_methods_policy import AuthenticationMethodsPolicy
    from msgraph.generated.models.temporary_access_pass_authentication_method_configuration import (
        TemporaryAccessPassAuthenticationMethodConfiguration,
    )

    root = client.policies.authentication_methods_policy
    configurations = root.authentication_method_configurations
    passes = configurations.by_authentication_method_configuration_id("TemporaryAccessPass")
    maxima = [(await passes.get()).maximum_lifetime_in_minutes]
    await passes.patch(TemporaryAccessPassAuthenticationMethodConfiguration(maximum_lifetime_in_minutes=600))
    maxima.append((await passes.get()).maximum_lifetime_in_minutes)
    await passes.delete()
    maxima.append((await passes.get()).maximum_lifetime_in_minutes)
    await root.patch(AuthenticationMethodsPolicy(reconfirmation_in_days=30))
    return {
        "policy": maxima,
        "methodPolicies": len((await configurations.get()).value),
        "allMethodPolicies": len((await root.get()).authentication_method_configurations),
    }


def _advanced() -> Any:
    """Return what a count needs."""
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from kiota_abstractions.headers_collection import HeadersCollection

    headers = HeadersCollection()
    headers.add("ConsistencyLevel", "eventual")
    return RequestConfiguration(headers=headers)


async def _groups(client: Any) -> dict[str, Any]:
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder

    named = GroupsRequestBuilder.GroupsRequestBuilderGetQueryParameters(filter="displayName eq 'Class 7A'")
    groups = await client.groups.get(request_configuration=RequestConfiguration(query_parameters=named))
    group = client.groups.by_group_id(GROUP)
    units = client.directory.administrative_units
    unit = units.by_administrative_unit_id(UNIT)
    return {
        "groups": len(groups.value),
        "group": (await group.get()).display_name,
        "groupCount": await client.groups.count.get(request_configuration=_advanced()),
        "directMembers": len((await group.members.get()).value),
        "members": len((await group.transitive_members.get()).value),
        "units": len((await units.get()).value),
        "unit": (await unit.get()).display_name,
        "unitMembers": len((await unit.members.get()).value),
    }


async def _batch(client: Any, graph_url: str) -> list[int]:
    from msgraph.generated.models.temporary_access_pass_authentication_method import (
        TemporaryAccessPassAuthenticationMethod,
    )
    from msgraph_core.requests.batch_request_content import BatchRequestContent
    from msgraph_core.requests.batch_request_item import BatchRequestItem

    user = client.users.by_user_id(PUPILS[1])
    content, ids = BatchRequestContent(), []
    for step in (
        user.to_get_request_information(),
        client.users.by_user_id(_NOBODY).to_get_request_information(),
        user.authentication.temporary_access_pass_methods.to_post_request_information(
            TemporaryAccessPassAuthenticationMethod(is_usable_once=True)
        ),
    ):
        item = BatchRequestItem(step)
        # The SDK leaves the host where it is, which the service refuses (msgraph-sdk-python issue 1015).
        item.url = item.url.removeprefix(graph_url)
        content.add_request(item.id, item)
        ids.append(item.id)
    reply = await client.batch.post(content)
    return [reply.get_response_by_id(one).status for one in ids]


async def _code(asked: Awaitable[object]) -> str:
    """Return what it says of a request that the service refuses."""
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError

    with pytest.raises(ODataError) as refused:
        await asked
    assert refused.value.error is not None
    return f"{refused.value.response_status_code} {refused.value.error.code}"
