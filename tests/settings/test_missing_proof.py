"""What an app lacks to prove itself with is told with where it comes from, on this computer and on GitHub."""

from __future__ import annotations

import pytest
from chosen_sign_in import settings_of

from bulktap.cli.setting_options import with_options
from bulktap.model.errors import UsageError

PERMISSION = "id-token: write"
NAMED = {"tenant": "contoso.com", "client_id": "7d1c5a9e-3b52-4c68-9f0a-6e2b8d4f1a37"}


@pytest.mark.parametrize(
    ("job", "sign_in", "words", "others"),
    [
        ("", "federation", "AZURE_FEDERATED_TOKEN_FILE to the file", PERMISSION),
        ("true", "federation", PERMISSION, "bulktap init"),
        ("true", None, PERMISSION, "PEM"),
        ("true\r", None, PERMISSION, "PEM"),
        ("true", "certificate", "PEM or PFX", PERMISSION),
        ("", "certificate", "`bulktap init` makes one", PERMISSION),
        ("false", None, "bulktap init", PERMISSION),
        ("", "secret", "bulktap init", PERMISSION),
    ],
)
def test_a_proof_that_is_missing_has_its_remedy(
    monkeypatch: pytest.MonkeyPatch, job: str, sign_in: str | None, words: str, others: str
) -> None:
    """A job without the permission has no variable of GitHub's that could be missing by name."""
    monkeypatch.setenv("GITHUB_ACTIONS", job)
    for name in ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "AZURE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(UsageError) as caught:
        settings_of(**NAMED, **({} if sign_in is None else {"sign_in": sign_in}))

    hint = with_options(caught.value.hint)
    assert words in hint
    assert others not in hint
