"""The steps for whoever registers the app do the same in each of the three forms, for an app that is there too."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from bulktap.cli.registration_steps import Registration, az_steps, portal_steps, powershell_steps
from bulktap.model.cloud import Cloud
from bulktap.model.sign_in_ways import SignInWay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

APP = "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37"


@pytest.mark.parametrize("app", ["", APP], ids=["new", "there"])
@pytest.mark.parametrize("way", [SignInWay.BROWSER, SignInWay.DEVICE_CODE])
def test_people_may_sign_in_whichever_form_is_followed(way: SignInWay, app: str) -> None:
    """The redirect address and the public flow are set by each, whether the app is made or there."""
    about = Registration("contoso.com", Cloud.GLOBAL, way, app)
    for form in (portal_steps, powershell_steps, az_steps):
        text = " ".join(form(about))
        assert "http://localhost" in text
        assert "ublic" in text
        assert app in text


@pytest.mark.parametrize("way", list(SignInWay))
@pytest.mark.parametrize("app", ["", APP], ids=["new", "there"])
def test_no_word_of_the_azure_cli_is_taken_for_a_pattern(way: SignInWay, app: str) -> None:
    """zsh, the shell of a Mac, refuses a line with brackets that name no file."""
    for line in az_steps(Registration("contoso.com", Cloud.GLOBAL, way, app)):
        if line.startswith("az "):
            bare = [word for word in shlex.split(line, posix=False) if not word.startswith(('"', "'"))]
            assert [word for word in bare if set("[]*?{}") & set(word)] == []


def test_a_user_assigned_identity_is_found_by_its_id() -> None:
    """It has a name of its own, which is not that of the machine."""
    about = Registration("contoso.com", Cloud.GLOBAL, SignInWay.MANAGED_IDENTITY, APP)
    for form in (portal_steps, powershell_steps, az_steps):
        assert APP in " ".join(form(about))
    assert "displayName" not in " ".join(powershell_steps(about))


@pytest.mark.parametrize("form", [powershell_steps, az_steps])
@pytest.mark.parametrize("app", ["", APP])
@pytest.mark.parametrize("cloud", [Cloud.GLOBAL, Cloud.US_GOV])
def test_a_tenant_that_nobody_named_leaves_no_gap(
    form: Callable[[Registration], Iterator[str]], app: str, cloud: Cloud
) -> None:
    """A machine's identity needs none; the next word would be taken for the tenant."""
    text = "\n".join(form(Registration("", cloud, SignInWay.MANAGED_IDENTITY, app)))
    (sign_in,) = [line for line in text.splitlines() if line.startswith(("Connect-MgGraph", "az login"))]

    assert "enant" not in sign_in
    assert "  " not in sign_in
    assert "contoso.com" in "\n".join(form(Registration("contoso.com", cloud, SignInWay.MANAGED_IDENTITY, app)))


@pytest.mark.parametrize("way", [way for way in SignInWay if way is not SignInWay.MANAGED_IDENTITY])
def test_what_the_portal_shows_is_told_before_it_is_asked_for(way: SignInWay) -> None:
    """The app's id is what the consent page takes and the asker needs; the page's error is not taken for a refusal."""
    first, *others = portal_steps(Registration("contoso.com", Cloud.GLOBAL, way))
    assert "Application (client) ID" in first
    assert "APP stands for below" in first
    assert "client_id=APP" in " ".join(others)
    assert ("AADSTS500113" in " ".join(others)) == (not way.by_person)
    there = " ".join(portal_steps(Registration("contoso.com", Cloud.GLOBAL, way, APP)))
    assert "APP " not in there
    assert f"client_id={APP}" in there
