// Drives a tenant with Microsoft's JavaScript SDK and prints what it found as JSON.
// Environment: SDK (its folder), WORLD (where the tenant is, as JSON); NODE_EXTRA_CA_CERTS is Node.js's own.
"use strict";

const { BatchRequestContent, BatchResponseContent, Client, PageIterator } = require(process.env.SDK);
const world = JSON.parse(process.env.WORLD);
const ROOT_POLICY = "/policies/authenticationMethodsPolicy";
const POLICY = `${ROOT_POLICY}/authenticationMethodConfigurations/TemporaryAccessPass`;
const POLICY_TYPE = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";
const PASSES = `/users/${world.users[0]}/authentication/temporaryAccessPassMethods`;

async function token() {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: world.clientId,
    client_secret: world.clientSecret,
    scope: "https://graph.microsoft.com/.default",
  });
  return (await (await fetch(world.tokenUrl, { method: "POST", body: form })).json()).access_token;
}

async function code(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return `${error.statusCode} ${error.code}`;
  }
}

async function everyPage(client, url) {
  const items = [];
  const first = await client.api(url).get();
  await new PageIterator(client, first, (item) => items.push(item) > 0).iterate();
  return items.length;
}

// A batch is put together from whole URLs, of which the SDK takes the host away and nothing else.
async function batch(client) {
  const root = new URL(world.graphUrl).origin;
  const passes = { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"isUsableOnce":true}' };
  const content = new BatchRequestContent([
    { id: "1", request: new Request(`${root}/users/${world.users[1]}`) },
    { id: "2", request: new Request(`${root}/users/nobody@contoso.com`) },
    {
      id: "3",
      request: new Request(`${root}/users/${world.users[1]}/authentication/temporaryAccessPassMethods`, passes),
    },
  ]);
  const replies = new BatchResponseContent(await client.api("/$batch").post(await content.getContent()));
  return ["1", "2", "3"].map((id) => replies.getResponseById(id).status);
}

async function passes(client) {
  const created = await client.api(PASSES).post({ lifetimeInMinutes: 60, isUsableOnce: false });
  const listed = (await client.api(PASSES).get()).value;
  const one = await client.api(`${PASSES}/${created.id}`).get();
  await client.api(`${PASSES}/${created.id}`).delete();
  return {
    passcode: created.temporaryAccessPass.length,
    listed: listed.length,
    usability: one.methodUsabilityReason,
    afterwards: (await client.api(PASSES).get()).value.length,
    refused: await code(client.api(PASSES).post({ lifetimeInMinutes: 1440 })),
  };
}

async function policy(client) {
  const maximum = async () => (await client.api(POLICY).get()).maximumLifetimeInMinutes;
  const maxima = [await maximum()];
  await client.api(POLICY).patch({ "@odata.type": POLICY_TYPE, maximumLifetimeInMinutes: 600 });
  maxima.push(await maximum());
  await client.api(POLICY).delete();
  maxima.push(await maximum());
  await client.api(ROOT_POLICY).patch({ reconfirmationInDays: 30 });
  return maxima;
}

async function main() {
  const bearer = await token();
  const client = Client.init({
    baseUrl: new URL(world.graphUrl).origin,
    customHosts: new Set(["127.0.0.1"]),
    authProvider: (done) => done(null, bearer),
  });
  const names = world.users.slice(0, 2).map((name) => `'${name}'`);
  const count = async (url) => (await client.api(url).get()).value.length;
  const number = async (url) => Number(await client.api(url).header("ConsistencyLevel", "eventual").get());
  const organization = (await client.api("/organization").get()).value[0];
  console.log(
    JSON.stringify({
      organization: organization.displayName,
      organizationById: (await client.api(`/organization/${organization.id}`).get()).displayName,
      user: (await client.api(`/users/${world.users[0]}`).select("id,displayName").get()).displayName,
      unknown: await code(client.api("/users/nobody@contoso.com").get()),
      users: await everyPage(client, "/users?$top=2"),
      filtered: (await client.api("/users").filter(`userPrincipalName in (${names})`).get()).value.length,
      passes: await passes(client),
      methods: await count(`/users/${world.users[0]}/authentication/methods`),
      userCount: await number("/users/$count"),
      memberOf: await count(`/users/${world.users[0]}/memberOf`),
      memberships: await count(`/users/${world.users[0]}/transitiveMemberOf`),
      groups: await count("/groups?$filter=displayName eq 'Class 7A'"),
      group: (await client.api(`/groups/${world.group}`).get()).displayName,
      groupCount: await number("/groups/$count"),
      directMembers: await count(`/groups/${world.group}/members`),
      members: await count(`/groups/${world.group}/transitiveMembers`),
      units: await count("/directory/administrativeUnits"),
      unit: (await client.api(`/directory/administrativeUnits/${world.unit}`).get()).displayName,
      unitMembers: await count(`/directory/administrativeUnits/${world.unit}/members`),
      batch: await batch(client),
      // Last, because it ends without passes.
      policy: await policy(client),
      methodPolicies: await count(`${ROOT_POLICY}/authenticationMethodConfigurations`),
      allMethodPolicies: (await client.api(ROOT_POLICY).get()).authenticationMethodConfigurations.length,
    }),
  );
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
