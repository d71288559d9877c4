"""What whoever may register the app has to do: in the portal, in PowerShell, or with the Azure CLI, with names and ids.

PowerShell is the module Microsoft.Graph; `az` is the Azure CLI. The lines are made for copying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bulktap.graph.permissions import GRAPH_APP_ID, NEEDS
from bulktap.model.cloud import Cloud, consent_link
from bulktap.model.sign_in_ways import SignInWay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APP_NAME = "bulktap"
_PORTALS = {Cloud.US_GOV: "https://entra.microsoft.us", Cloud.US_DOD: "https://entra.microsoft.us"}
_ENVIRONMENTS = {Cloud.US_GOV: "USGov", Cloud.US_DOD: "USGovDoD"}
_APP, _PRINCIPAL = "APP", "PRINCIPAL"
"""Stand for an id that is not known yet."""
_GRANTED = tuple(need for need in NEEDS if not need.seldom)
_FEDERATED = (
    ("name", "bulktap"),
    ("issuer", "https://token.actions.githubusercontent.com"),
    ("subject", "repo:ORGANISATION/REPOSITORY:ref:refs/heads/main"),
)
"""A federated credential as GitHub Actions needs it."""
_AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True, slots=True)
class Registration:
    """The app that is to be registered."""

    tenant: str
    cloud: Cloud
    way: SignInWay
    client_id: str = ""
    """Empty as long as it is not registered."""
    public_file: Path | None = None
    """The certificate to upload."""
    profile: str = "default"

    @property
    def app(self) -> str:
        """Its id, or what stands for it."""
        return self.client_id or _APP

    @property
    def consent_link(self) -> str:
        """The page on which an administrator consents."""
        return consent_link(self.cloud.authority, self.tenant, self.app)

    @property
    def by_machine(self) -> bool:
        """True if Azure makes the identity, and nobody registers anything."""
        return self.way is SignInWay.MANAGED_IDENTITY


def portal_steps(about: Registration) -> Iterator[str]:
    """Yield the steps in the Entra admin center."""
    portal = _PORTALS.get(about.cloud, "https://entra.microsoft.com")
    if about.by_machine:
        if about.client_id:
            yield f"In Azure's portal, assign the user-assigned identity {about.client_id} to the VM or App Service."
        else:
            yield "In Azure's portal, switch on the identity of the VM, App Service or Arc server (System assigned)."
        yield "Its permissions have no page in any portal: use PowerShell or az, below."
        return
    kind = "Delegated" if about.way.by_person else "Application"
    if about.client_id:
        yield f"Open the app {about.client_id} at {portal}, App registrations."
    else:
        yield (
            f"At {portal}: App registrations, New registration; name {APP_NAME}, accounts in this directory only. The "
            f"Overview page then has its Application (client) ID, which {_APP} stands for below; whoever asked for the "
            "app needs it."
        )
    yield f"API permissions, Add a permission, Microsoft Graph, {kind} permissions: " + ", ".join(
        f"{need.permission.name}{'' if need.required else ' (optional)'}" for need in _GRANTED
    )
    yield from _portal_proof(about)
    yield (
        "API permissions, Grant admin consent: a Privileged Role Administrator does that, there or by opening "
        f"{about.consent_link}"
        + ("" if about.way.by_person else " (which may end on the error AADSTS500113 although consent was given)")
    )
    if about.way.by_person:
        yield (
            "Whoever signs in must be an Authentication Administrator (Privileged Authentication Administrator for "
            "administrators), active in Privileged Identity Management before signing in."
        )


def _portal_proof(about: Registration) -> Iterator[str]:
    match about.way:
        case SignInWay.CERTIFICATE:
            yield f"Certificates & secrets, Certificates, Upload certificate: {about.public_file}"
        case SignInWay.SECRET:
            yield (
                "Certificates & secrets, New client secret: copy its value, not its id, and keep it in "
                "AZURE_CLIENT_SECRET, a file of your own (--client-secret-file) or the system's keyring."
            )
        case SignInWay.FEDERATION:
            yield (
                "Certificates & secrets, Federated credentials, Add credential: issuer and subject as your tokens have "
                f"them (for GitHub Actions: {_FEDERATED[1][1]} and {_FEDERATED[2][1]}), audience {_AUDIENCE}."
            )
        case _:
            yield (
                "Authentication: add the platform Mobile and desktop applications with http://localhost, and "
                "allow public client flows."
            )


def powershell_steps(about: Registration) -> Iterator[str]:
    """Yield the lines for PowerShell with the module Microsoft.Graph."""
    environment = _ENVIRONMENTS.get(about.cloud)
    yield "Connect-MgGraph{}{} -Scopes Application.ReadWrite.All,{}".format(
        f" -TenantId {about.tenant}" if about.tenant else "",
        f" -Environment {environment}" if environment else "",
        "DelegatedPermissionGrant.ReadWrite.All" if about.way.by_person else "AppRoleAssignment.ReadWrite.All",
    )
    yield f"$graph = Get-MgServicePrincipal -Filter \"appId eq '{GRAPH_APP_ID}'\""
    yield "$ids = @("
    ids = [need.permission.delegated_id if about.way.by_person else need.permission.application_id for need in _GRANTED]
    for need, one in zip(_GRANTED, ids, strict=True):
        yield f"  '{one}'  # {need.permission.name}"
    yield ")"
    if about.by_machine and about.client_id:
        yield f"$own = Get-MgServicePrincipal -Filter \"appId eq '{about.client_id}'\""
    elif about.by_machine:
        yield f"$own = Get-MgServicePrincipal -Filter \"displayName eq '{_PRINCIPAL}'\"  # the name of the machine"
    else:
        yield from _powershell_app(about)
    if about.way.by_person:
        scope = " ".join(need.permission.name for need in _GRANTED)
        yield "New-MgOauth2PermissionGrant -ClientId $own.Id -ConsentType AllPrincipals `"
        yield f"  -ResourceId $graph.Id -Scope '{scope}'"
    else:
        yield "$ids | ForEach-Object {"
        yield "  New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $own.Id `"
        yield "    -PrincipalId $own.Id -ResourceId $graph.Id -AppRoleId $_"
        yield "}"
    if not about.by_machine:
        yield "$app.AppId"


def _powershell_app(about: Registration) -> Iterator[str]:
    kind = "Scope" if about.way.by_person else "Role"
    yield f"$access = @{{ ResourceAppId = '{GRAPH_APP_ID}'"
    yield f"  ResourceAccess = @($ids | ForEach-Object {{ @{{ Id = $_; Type = '{kind}' }} }}) }}"
    if about.client_id:
        yield f"$app = Get-MgApplication -Filter \"appId eq '{about.client_id}'\""
        yield "# what the app has of these already, permissions it asks for and certificates, is replaced"
        yield "Update-MgApplication -ApplicationId $app.Id -RequiredResourceAccess $access"
    else:
        yield f"$app = New-MgApplication -DisplayName {APP_NAME} -SignInAudience AzureADMyOrg `"
        yield "  -RequiredResourceAccess $access"
    match about.way:
        case SignInWay.CERTIFICATE:
            yield "$certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new("
            yield f"  '{_quoted(about.public_file)}')"
            yield "Update-MgApplication -ApplicationId $app.Id -KeyCredentials @(@{"
            yield "  Type = 'AsymmetricX509Cert'; Usage = 'Verify'; Key = $certificate.RawData })"
        case SignInWay.SECRET:
            yield "(Add-MgApplicationPassword -ApplicationId $app.Id).SecretText  # shown only now"
        case SignInWay.FEDERATION:
            yield "New-MgApplicationFederatedIdentityCredential -ApplicationId $app.Id -BodyParameter @{"
            for name, value in _FEDERATED:
                yield f"  {name} = '{value}'"
            yield f"  audiences = @('{_AUDIENCE}') }}"
        case _:
            yield "Update-MgApplication -ApplicationId $app.Id -IsFallbackPublicClient `"
            yield "  -PublicClient @{ RedirectUris = @('http://localhost') }"
    yield "$own = Get-MgServicePrincipal -Filter \"appId eq '$($app.AppId)'\""
    yield "if (-not $own) { $own = New-MgServicePrincipal -AppId $app.AppId }"


def az_steps(about: Registration) -> Iterator[str]:
    """Yield the lines for the Azure CLI; in any shell, so that an id that a line prints is put in by hand."""
    if about.cloud in _ENVIRONMENTS:
        yield "az cloud set --name AzureUSGovernment"
    tenant = f" --tenant {about.tenant}" if about.tenant else ""
    yield f"az login{tenant} --allow-no-subscriptions"
    if about.by_machine:
        yield from _az_machine(about)
        return
    app, kind = about.app, "Scope" if about.way.by_person else "Role"
    public = " --is-fallback-public-client true --public-client-redirect-uris http://localhost"
    if not about.client_id:
        yield (
            f"az ad app create --display-name {APP_NAME} --sign-in-audience AzureADMyOrg --query appId --output tsv"
            f"{public if about.way.by_person else ''}"
        )
        yield f"# below, put the id that this printed in the place of {_APP}"
    ids = [need.permission.delegated_id if about.way.by_person else need.permission.application_id for need in _GRANTED]
    listed = " ".join(f"{one}={kind}" for one in ids)
    yield f"az ad app permission add --id {app} --api {GRAPH_APP_ID} --api-permissions {listed}"
    match about.way:
        case SignInWay.CERTIFICATE:
            yield f'az ad app credential reset --id {app} --append --cert "@{about.public_file}"'
        case SignInWay.SECRET:
            yield f"az ad app credential reset --id {app} --append"
        case SignInWay.FEDERATION:
            yield f"az ad app federated-credential create --id {app} --parameters credential.json"
            members = ", ".join(f'"{name}": "{value}"' for name, value in _FEDERATED)
            yield f'# credential.json: {{{members}, "audiences": ["{_AUDIENCE}"]}}'
        case _ if about.client_id:
            yield f"az ad app update --id {app}{public}"
        case _:
            pass
    if not about.client_id:
        yield f"az ad sp create --id {app}"
    yield f"az ad app permission admin-consent --id {app}"


def _az_machine(about: Registration) -> Iterator[str]:
    if about.client_id:
        yield f"az ad sp show --id {about.client_id} --query id --output tsv"
    else:
        yield f'az ad sp list --display-name {_PRINCIPAL} --query "[].id" --output tsv'  # zsh looks for files in []
    yield f"az ad sp show --id {GRAPH_APP_ID} --query id --output tsv"
    yield f"# below, put the first id in the place of {_PRINCIPAL}, and the second in that of RESOURCE"
    url = f"{about.cloud.graph_root}/v1.0/servicePrincipals/{_PRINCIPAL}/appRoleAssignments"
    for need in _GRANTED:
        role = need.permission.application_id
        body = f"{{'principalId':'{_PRINCIPAL}','resourceId':'RESOURCE','appRoleId':'{role}'}}"
        yield f'az rest --method post --url {url} --body "{body}"'


def permission_lines(about: Registration) -> Iterator[str]:
    """Yield each permission with its id, and what it is for."""
    for need in _GRANTED:
        one = need.permission.delegated_id if about.way.by_person else need.permission.application_id
        yield f"  {need.permission.name} ({one}): to {need.purpose}"


def _quoted(path: object) -> str:
    """Return a path for PowerShell's single quotes."""
    return str(path).replace("'", "''")
