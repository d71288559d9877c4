"""Whole commands against services that repeat what they were told: no secret on the screen, in a file or in /proc."""

from __future__ import annotations

import ssl
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from harness.echoing import EchoingGateway
from harness.leaks import LeakSearch
from harness.operators import PASSPHRASE
from harness.processes import wait_until
from harness.scene import APPLY, QUICK, SLOWLY, Scene, scene
from harness.traces import STRACE, read_trace
from harness.tracing import why_not_traced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.processes import Ended

pytestmark = pytest.mark.long
_REASON = why_not_traced()
traceable = pytest.mark.skipif(_REASON is not None, reason=_REASON or "")
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux keeps the environment of a process in /proc")


@contextmanager
def echoed(root: Path, rows: int, *, lets_in: bool = True) -> Iterator[tuple[Scene, EchoingGateway]]:
    """Open a scene whose operator reaches the tenant through the gateway."""
    with scene(root, rows) as stage:
        access = stage.operator.access
        trust = ssl.create_default_context(cafile=access["BULKTAP_CA_BUNDLE"])
        bundle = root / "gateway.pem"
        with EchoingGateway(access["BULKTAP_GRAPH_URL"], trust, bundle, lets_in=lets_in) as gateway:
            through = {"BULKTAP_GRAPH_URL": gateway.url, "BULKTAP_AUTHORITY_URL": gateway.url}
            stage.operator.access = {**access, **through, "BULKTAP_CA_BUNDLE": str(bundle)}
            yield stage, gateway


def secrets_of(stage: Scene, gateway: EchoingGateway) -> LeakSearch:
    """Return a search for all that the gateway has seen, the signatures of tokens too, and the passphrase."""
    signatures = [token.rpartition(".")[2] for token in gateway.tokens if "." in token]
    given = [PASSPHRASE, stage.operator.access["AZURE_CLIENT_SECRET"]]
    return LeakSearch([*given, *gateway.passcodes, *gateway.tokens, *gateway.forms, *signatures])


def traced(stage: Scene, *arguments: str) -> tuple[Ended, Path]:
    """Run a command under strace."""
    output = stage.root / f"trace-{stage.operator.started}"
    return stage.operator.run(*arguments, prefix=(*STRACE, "-o", str(output))), output


@traceable
@pytest.mark.parametrize("more", [(), ("--verbose",), ("--json",)])
def test_a_service_that_repeats_secrets_gets_none_written(tmp_path: Path, more: tuple[str, ...]) -> None:
    """Sign-in and Graph quote secret, token and passcodes in errors, headers and pages; every byte written is read."""
    with echoed(tmp_path, 12) as (stage, gateway):
        applied, apply = traced(stage, *APPLY, *QUICK, *more)
        verified, verify = traced(stage, "verify", stage.folder.name, *more)
        again, results = traced(stage, "results", stage.folder.name, *more)
        search = secrets_of(stage, gateway)

        assert [applied.exit_code, again.exit_code] == [3, 3], applied.err + again.err
        assert verified.exit_code in {0, 3}, verified.err
        assert len(stage.workbook().passes) >= 8
        assert set(stage.workbook().passcodes) <= set(gateway.passcodes)
        assert gateway.forms == {stage.operator.access["AZURE_CLIENT_SECRET"]}
        assert gateway.tokens
        assert gateway.echoes > 20
        for trace in map(read_trace, (apply, verify, results)):
            assert trace.leaks(search) == []
        assert search.in_folder(stage.operator.root) == []
    # What the gateway said of two rows did arrive, without what it quoted.
    log = (stage.folder / "log.jsonl").read_text("utf-8")
    assert "Not so: [secret]" in (stage.folder / "plan.json").read_text("utf-8")
    assert "[secret]" in log


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_sign_in_that_quotes_the_request_as_it_refuses_shows_no_secret(tmp_path: Path, command: str) -> None:
    """Whole form in `error_description`, in a header and on a page; the number is told all the same."""
    with echoed(tmp_path, 2, lets_in=False) as (stage, gateway):
        words = APPLY if command == "apply" else ("plan", "roster.csv")

        ended = stage.operator.run(*words, "--verbose")

        assert ended.exit_code == 5, ended.err
        assert "AADSTS9002313" in ended.err
        assert gateway.forms == {stage.operator.access["AZURE_CLIENT_SECRET"]}
        assert secrets_of(stage, gateway).in_folder(stage.operator.root) == []


def environments(pid: int) -> bytes:
    """Return the environment and the words of a process and of all that it has started, as far as they can be read."""
    found, waiting = [], [pid]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        for name in ("environ", "cmdline"):
            try:
                found.append((process / name).read_bytes())
            except OSError:  # it has ended, or may not be read: then nobody else can
                continue
        try:
            waiting += [
                int(child) for task in (process / "task").iterdir() for child in (task / "children").read_text().split()
            ]
        except OSError:
            continue
    return b"\n".join(found)


@linux
@pytest.mark.parametrize("command", ["apply", "resume", "results", "verify", "plan"])
def test_no_process_shows_a_secret_while_it_works(tmp_path: Path, command: str) -> None:
    """`/proc/PID/environ` and `cmdline` of the command and of what it starts, from its first word to its last."""
    with scene(tmp_path, 6) as stage:
        if command in {"resume", "results", "verify"}:
            assert stage.operator.run(*APPLY, *QUICK).exit_code in {0, 3}
        helper = tmp_path / "helper.py"
        helper.write_text(
            f"import os, sys\nsys.stdout.write({PASSPHRASE!r})\nopen('seen', 'w').write(repr(dict(os.environ)))\n"
        )
        words = {"apply": (*APPLY, *QUICK, *SLOWLY), "plan": ("plan", "roster.csv")}.get(
            command, (command, stage.folder.name if command not in {"apply", "plan"} else "")
        )
        asks = ("--passphrase-command", f"{sys.executable} {helper}") if command not in {"plan", "verify"} else ()
        search = LeakSearch([PASSPHRASE, stage.operator.access["AZURE_CLIENT_SECRET"], "pr0xy-w0rd-77"])
        proxy = {"HTTPS_PROXY": "http://operator:pr0xy-w0rd-77@proxy.contoso.com:8080"}

        running = stage.operator.start(*words, *asks, **proxy)
        said = running.screen.with_suffix(".err")
        wait_until(lambda: said.stat().st_size or not running.alive, 60, "the command's first word")
        shown, stop = [environments(running.process.pid)], threading.Event()
        while running.alive:
            shown.append(environments(running.process.pid))
            stop.wait(0.02)

        assert running.ends().exit_code in {0, 3, 6}
        if asks:
            seen = (stage.operator.root / "work" / "seen").read_bytes()
            assert b"AZURE_TENANT_ID" in seen
            assert "AZURE_CLIENT_SECRET" not in seen.decode()
            assert b"BULKTAP_PASSPHRASE" not in seen
        for moment in shown:
            assert search.in_bytes(moment, "/proc") == []
