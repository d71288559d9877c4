"""Logging out drops what is kept of people's sign-ins, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whole_run import Program


def kept_file(program: Program) -> Path:
    """Return where tokens are kept."""
    if sys.platform == "win32":
        return Path(program.environment["LOCALAPPDATA"]) / "bulktap" / "sign-in.bin"
    if sys.platform == "darwin":
        return Path(program.environment["HOME"]) / "Library" / "Application Support" / "bulktap" / "sign-in.bin"
    return Path(program.environment["XDG_STATE_HOME"]) / "bulktap" / "sign-in.bin"


def test_what_is_kept_is_dropped_once(program: Program) -> None:
    """With the file that locks it; what else is in the folder stays, and a second time there is nothing."""
    file = kept_file(program)
    file.parent.mkdir(parents=True)
    other = file.with_name("issued.json")
    for one in (file, file.with_name("sign-in.bin.lockfile"), other):
        one.write_bytes(b"\x01")

    assert program("logout", "--json").json["dropped"] is True
    assert sorted(file.parent.iterdir()) == [other]
    assert program("logout", "--json").json["dropped"] is False
    assert "No tokens were kept." in program("logout").out


def test_a_person_who_logged_out_is_asked_again(tmp_path: Path) -> None:
    """The real MSAL; where a secret store holds tokens, deleting the file that only tells of them would not do."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    paths = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]
    if sys.platform == "linux":  # a stand-in of libsecret's bindings, which few servers have
        package = tmp_path / "stand_in" / "gi"
        (package / "repository").mkdir(parents=True)
        (package / "__init__.py").write_text("from . import repository\n\n\ndef require_version(*_):\n    pass\n")
        (package / "repository" / "__init__.py").write_text(STORE)
        paths.insert(0, str(package.parent))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "STAND_IN": str(tmp_path / "store.json")}

    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "sign-in.bin")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    if sys.platform == "linux":
        assert set(json.loads((tmp_path / "store.json").read_text()).values()) == {"{}"}


SCRIPT = """
import sys
from pathlib import Path

from sign_in_world import OPERATOR, tenant_with, tokens_of

from bulktap.graph.sign_in import PersonCredentials
from bulktap.graph.sign_in.token_cache import forget_tokens
from bulktap.model.sign_in_ways import SignInWay

place, asked = Path(sys.argv[1]), []
with tenant_with(operator=OPERATOR) as service:
    person = PersonCredentials(service.tenant_id, service.client_id, SignInWay.DEVICE_CODE, cache=place)
    tokens_of(person, service).sign_in(asked.append)
    tokens_of(person, service).sign_in(asked.append)
    assert len(asked) == 1, asked
    assert forget_tokens(place)
    assert not place.exists()
    tokens_of(person, service).sign_in(asked.append)
    assert len(asked) == 2, asked
    assert forget_tokens(place)
"""
STORE = """
import json, os, pathlib

FILE = pathlib.Path(os.environ["STAND_IN"])


def _held():
    return json.loads(FILE.read_text()) if FILE.exists() else {}


class Secret:
    class SchemaFlags:
        NONE = 0

    class SchemaAttributeType:
        STRING = 0

    class Schema:
        @staticmethod
        def new(name, *_):
            return name

    @staticmethod
    def password_store_sync(schema, _attributes, _collection, _label, password, _cancellable):
        FILE.write_text(json.dumps(_held() | {schema: password}))
        return True

    @staticmethod
    def password_lookup_sync(schema, _attributes, _cancellable):
        return _held().get(schema)

    @staticmethod
    def password_clear_sync(schema, _attributes, _cancellable):
        FILE.write_text(json.dumps({name: one for name, one in _held().items() if name != schema}))
        return True


class GLib:
    class Error(Exception):
        pass
"""
