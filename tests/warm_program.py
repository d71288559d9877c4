"""The program, ready to start: a process that has loaded every library forks one process for each command.

Loading openpyxl, aiohttp and MSAL takes longer than most commands do, and it is the same every time. What a
test starts here is still a process of its own, with its own folder, environment, standard streams, signals and exit
code; only the loading is shared. New journals and workbooks get the passphrase's cheapest cost: at the real one, a
command of a few rows does little else. The program from cold and at full cost is what the crash harness, the terminal's
tests and the README's tests start. Where processes cannot be forked, every command starts from cold, at that cost too.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORKS: Final = sys.platform == "linux"
"""Whether processes are forked here; on macOS the system's own libraries do not survive it."""
PROGRAM: Final = (sys.executable, "-m", "bulktap")
_CHEAP_PROGRAM: Final = (sys.executable, str(Path(__file__).with_name("cheap_program.py")))
READ_BEFORE_ANY_CODE: Final = ("PYTHON", "LC_", "LANG", "OPENSSL", "LD_")
"""What the interpreter and its libraries read from the environment while they start."""
LIBRARIES: Final = (
    "aiohttp", "click.shell_completion", "csv", "cryptography.hazmat.backends.openssl.backend",
    "cryptography.hazmat.primitives.asymmetric.ec", "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.argon2", "cryptography.x509", "encodings.idna", "jinja2", "lzma", "msal",
    "msoffcrypto", "msoffcrypto.format.ooxml", "msoffcrypto.method.ecma376_agile", "openpyxl",
    "python_calamine", "requests", "sqlite3", "tqdm", "truststore", "tzlocal", "xlsxwriter",
)  # fmt: skip
_LONGEST_REQUEST: Final = 1 << 20
_DESCRIPTORS: Final = 4


def run(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], piped: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Run one command to its end and return how it ended.

    Raises:
        subprocess.TimeoutExpired: it had to be killed.
    """
    if FORKS and _starts_alike(environment):
        return _warm().run([*PROGRAM, *arguments], cwd, environment, piped, seconds)
    return _ended((*_CHEAP_PROGRAM, *arguments), cwd, environment, piped, seconds)


def run_from_cold(
    arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], piped: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Run one command as people start it; see `run`."""
    return _ended((*PROGRAM, *arguments), cwd, environment, piped, seconds)


def _ended(
    words: Sequence[str], cwd: Path, environment: Mapping[str, str], piped: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        words,
        cwd=cwd,
        env=environment,
        input=piped,
        capture_output=True,
        timeout=seconds,
        check=False,
    )


def _starts_alike(environment: Mapping[str, str]) -> bool:
    """Tell whether an interpreter with this environment starts as ours did, but for where its modules are."""
    changed = {name for name, _ in set(environment.items()) ^ set(os.environ.items())} - {"PYTHONPATH"}
    return not any(name.startswith(READ_BEFORE_ANY_CODE) for name in changed)


@functools.cache
def _warm() -> WarmProgram:
    warm = WarmProgram()
    atexit.register(warm.close)
    return warm


class WarmProgram:
    """A process with everything loaded, as the tests see it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._requests = ours
        self._lock = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Threads of numpy's would not be there after a fork.
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"},
            )

    def run(
        self, command: Sequence[str], cwd: Path, environment: Mapping[str, str], piped: bytes, seconds: float
    ) -> subprocess.CompletedProcess[bytes]:
        """See `run`."""
        request = json.dumps([list(command), str(cwd), dict(environment)]).encode()
        ended_here, ended_there = os.pipe()
        read, write = os.pipe()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            streams = [read, out.fileno(), err.fileno(), ended_there]
            with self._lock:
                socket.send_fds(self._requests, [request], streams)
            os.close(read)
            os.close(ended_there)
            feeder = threading.Thread(target=_feed, args=(write, piped), daemon=True)
            feeder.start()
            with open(ended_here, "rb", buffering=0) as ended:  # noqa: PTH123 - a descriptor, not a path
                code = _wait(ended.fileno(), seconds, command)
            feeder.join()
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(command, code, out.read(), err.read())

    def close(self) -> None:
        """End it."""
        self._requests.close()
        self._process.wait(60)


def _feed(write: int, piped: bytes) -> None:
    """Write what standard input brings, as far as anybody reads it."""
    with contextlib.suppress(BrokenPipeError), open(write, "wb") as stream:
        stream.write(piped)


def _wait(ended: int, seconds: float, command: Sequence[str]) -> int:
    """Return the exit code, of which the process id comes first."""
    process = int.from_bytes(os.read(ended, 4), "little")
    ready, _, _ = select.select([ended], [], [], seconds)
    if not ready:
        os.kill(process, signal.SIGKILL)
    status = int.from_bytes(os.read(ended, 4), "little")
    if not ready:
        raise subprocess.TimeoutExpired(command, seconds)
    return os.waitstatus_to_exitcode(status)


def _serve(requests: socket.socket) -> None:
    """Fork a process for each request; return in each of them, ready to be the program, and at the end nowhere."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, _LONGEST_REQUEST, _DESCRIPTORS)
        while _reaped():
            pass
        if not request:
            os._exit(0)
        if os.fork() == 0:
            requests.close()
            *streams, ended = descriptors
            if (program := os.fork()) == 0:
                os.close(ended)
                _become(streams, *json.loads(request))
                return
            for descriptor in streams:
                os.close(descriptor)
            os.write(ended, program.to_bytes(4, "little"))
            os.write(ended, os.waitpid(program, 0)[1].to_bytes(4, "little"))
            os._exit(0)
        for descriptor in descriptors:
            os.close(descriptor)


def _reaped() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return False


def _become(streams: list[int], command: list[str], cwd: str, environment: dict[str, str]) -> None:
    """Take over the streams, folder, environment and words of a command."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = command[len(PROGRAM) - 1 :]
    sys.path[0] = cwd
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _load() -> None:
    """Load the whole program and every library that it loads where it is used."""
    import importlib
    import pkgutil

    import bulktap

    for name in LIBRARIES:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(bulktap.__path__, "bulktap."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


if __name__ == "__main__":
    import gc
    import runpy

    from cheap_passphrases import cheap_passphrases

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The tests' own modules are not the program's; in its place comes the folder of each command.
    sys.path[0] = ""
    _load()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    with cheap_passphrases():
        runpy.run_module("bulktap", run_name="__main__", alter_sys=True)
