"""The single file: it becomes the program wherever its Python is, and runs nothing but what was put into it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, ClassVar

import pytest

import bulktap

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

ROOT = Path(bulktap.__file__).parents[1]
BUILDER = ROOT / ".ci" / "zipapp"
PROGRAM = """
import json, sys
from importlib.util import find_spec
from little import WORD

def main():
    other = find_spec("from_this_machine") is not None
    print(json.dumps({"word": WORD, "argv": sys.argv[1:], "path": sys.path, "other": other}))
    sys.exit(3)
"""


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"zipapp_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def here() -> str:
    """What the start says of the Python that runs the tests."""
    return str(_module(BUILDER / "start" / "__main__.py").of_this_python())


def _wheel(folder: Path, name: str, files: dict[str, str], *told: str) -> Path:
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for inner, content in files.items():
            wheel.writestr(inner, content)
        metadata = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *told]
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", "".join(f"{line}\n" for line in metadata))
        wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    return path


def _wheels(folder: Path) -> list[Path]:
    lists = (ROOT / "bulktap" / "storage" / "access_lists.py").read_text("utf-8")
    program = {"bulktap/__init__.py": "", "bulktap/__main__.py": PROGRAM, "bulktap/storage/access_lists.py": lists}
    little = {
        "little/__init__.py": "WORD = 'sound'\n",
        "little-1.0.data/purelib/beside.py": "",
        "pandas/tests/x.py": "",
    }
    return [_wheel(folder, "bulktap", program), _wheel(folder, "little", little)]


LEFT_OUT = (
    "pandas/tests/x.py",
    "numpy/core/tests/data/x.txt",
    "little/__pycache__/old.cpython-311.pyc",
    "little-1.0.data/scripts/little.exe",
    "little-1.0.data/headers/little.h",
)


class SingleFile:
    """A little program as a single file, and how it is started."""

    def __init__(self, folder: Path, made_for: str) -> None:
        self.path, self.place = folder / "a b ü.pyz", folder / "kept" / "ü b"
        _module(BUILDER / "archive.py").write_archive(_wheels(folder), made_for, self.path)

    def begin(self, *words: str, **changed: str) -> subprocess.Popen[str]:
        """Start it."""
        environment = {**os.environ, "BULKTAP_UNPACK_IN": str(self.place), "PYTHONIOENCODING": "utf-8", **changed}
        return subprocess.Popen(
            [sys.executable, str(self.path), *words],
            env={name: text for name, text in environment.items() if text},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __call__(self, *words: str, **changed: str) -> tuple[int, str, str]:
        """Start it, and return exit code and what it printed."""
        begun = self.begin(*words, **changed)
        out, err = begun.communicate(timeout=120)
        return begun.returncode, out, err

    def copies(self) -> list[Path]:
        """Return the folders in the place for copies, unfinished ones too."""
        return sorted(path for path in self.place.iterdir() if path.is_dir()) if self.place.exists() else []


@pytest.fixture
def single(tmp_path: Path, here: str) -> SingleFile:
    """The little program, for this Python."""
    return SingleFile(tmp_path, here)


def test_it_runs_as_the_program_from_a_copy_that_is_made_once(single: SingleFile) -> None:
    """Arguments and exit code are the program's; the second start says nothing of unpacking."""
    code, out, err = single("plan", "ü x")
    assert (code, json.loads(out)["word"], json.loads(out)["argv"]) == (3, "sound", ["plan", "ü x"])
    assert str(single.place) in err
    (copy,) = single.copies()
    assert json.loads(out)["path"][0] == str(copy)
    assert (copy / "beside.py").exists()
    assert [name for name in LEFT_OUT if (copy / name).exists()] == []
    assert single("x")[2] == ""
    assert single.copies() == [copy]


def test_all_is_compared_once_a_day_or_after_a_change(single: SingleFile) -> None:
    """A start that need not open every file does not."""
    single()
    (copy,) = single.copies()
    mark = copy.with_name(f"{copy.name}.checked")
    compared = []
    for make_old in (
        lambda: None,
        lambda: None,
        lambda: os.utime(mark, (time.time() - 86401,) * 2),
        lambda: os.utime(mark, (time.time() + 600,) * 2),
        lambda: os.utime(copy / "beside.py"),
        lambda: None,
    ):
        before = mark.stat().st_mtime if make_old() is None and mark.exists() else 0.0
        assert single()[0] == 3
        compared.append(mark.stat().st_mtime != before)
    assert compared == [True, False, True, True, True, False]


def test_the_same_wheels_make_the_same_file(tmp_path: Path, here: str) -> None:
    """Whoever makes it again can tell that it was not changed."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (SingleFile(tmp_path / name, here).path for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_packages_of_the_machine_are_not_mixed_in(single: SingleFile, tmp_path: Path) -> None:
    """They may be of other versions than those that were tested together."""
    installed = tmp_path / "lib" / "site-packages"
    installed.mkdir(parents=True)
    (installed / "from_this_machine.py").touch()
    (installed / "little.py").write_text("WORD = 'foreign'\n", "utf-8")
    told = json.loads(single(PYTHONPATH=str(installed))[1])
    assert (told["word"], told["other"]) == ("sound", False)


def _edited(copy: Path) -> None:
    path = copy / "little" / "__init__.py"
    before = path.stat()
    path.write_text("WORD = 'wrong'\n", "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    if sys.platform == "win32":  # which shows no time of change: found a day later
        os.utime(copy.with_name(f"{copy.name}.checked"), (before.st_atime - 86400,) * 2)


def _shadowing(copy: Path) -> None:
    (copy / "json.py").write_text("raise SystemExit(99)\n", "utf-8")


def _linked(copy: Path) -> None:
    path = copy / "little" / "__init__.py"
    other = copy.parent / "elsewhere.py"
    path.rename(other)
    path.symlink_to(other)


def _half(copy: Path) -> None:
    for path in sorted(copy.rglob("*.py"))[1:]:
        path.unlink()


def _a_folder(copy: Path) -> None:
    (copy / "little" / "__init__.py").unlink()
    (copy / "little" / "__init__.py").mkdir()


UNSOUND: dict[str, Callable[[Path], None]] = {
    "edited, with the old length and time": _edited,
    "a module too many, before Python's own": _shadowing,
    "half unpacked": _half,
    "one file missing": lambda copy: (copy / "little" / "__init__.py").unlink(),
    "one file emptied": lambda copy: (copy / "little" / "__init__.py").write_bytes(b""),
    "one byte more": lambda copy: (copy / "bulktap" / "__main__.py").write_bytes(PROGRAM.encode() + b"\n"),
    "a folder in place of a file": _a_folder,
    "compiled code without its source": lambda copy: (copy / "little" / "more.pyc").write_bytes(b"x"),
    "a link to elsewhere": _linked,
}


@pytest.mark.parametrize("spoil", UNSOUND.values(), ids=UNSOUND)
def test_a_copy_that_is_not_what_was_packed_is_not_run(single: SingleFile, spoil: Callable[[Path], None]) -> None:
    """A new one is made beside it, and the unsound one is left to whoever may run from it."""
    for _ in range(2):
        single()
    (copy,) = single.copies()
    try:
        spoil(copy)
    except OSError:
        pytest.skip("Windows lets only administrators make links")
    code, out, _ = single()
    assert (code, json.loads(out)["word"]) == (3, "sound")
    assert len(single.copies()) == 2
    assert json.loads(out)["path"][0] == str(single.copies()[1])
    assert single()[2] == ""


def test_starts_at_once_share_one_copy(single: SingleFile) -> None:
    """Each gets the whole of it, whoever was first."""
    begun = [single.begin(str(number)) for number in range(4)]
    told = [one.communicate(timeout=120)[0] for one in begun]
    assert [json.loads(out)["word"] for out in told] == ["sound"] * 4
    assert len({json.loads(out)["path"][0] for out in told}) == 1
    assert len(single.copies()) == 1


def test_what_a_killed_start_left_goes_after_a_day_and_an_unused_copy_after_a_month(single: SingleFile) -> None:
    """What is younger, or none of ours, stays."""
    single.place.parent.mkdir()
    single()
    (copy,) = single.copies()
    kept = ["0123456789abcdef-1", "0123456789abcdef.0123456789abcdef", "notes"]
    gone = ["0123456789abcdef-0", "0123456789abcdef.0000000000000000"]
    for name in (*kept, *gone):
        (single.place / name).mkdir()
    now = time.time()
    for name, days in zip([*kept, *gone], (29, 0.9, 99, 31, 1.1), strict=True):
        os.utime(single.place / name, (now - days * 86400,) * 2)
    (copy / "beside.py").unlink()  # so that another is made
    single()
    assert {path.name for path in single.copies()} == {*kept, copy.name, copy.name.replace("-0", "-1")}


def _flipped(path: Path) -> None:
    with zipfile.ZipFile(path) as outer:
        data = path.read_bytes().index(outer.read("packages.zip"))
    spoilt = bytearray(path.read_bytes())
    spoilt[data + 60] ^= 1
    path.write_bytes(spoilt)


def _other_member(path: Path) -> None:
    with zipfile.ZipFile(path) as outer:
        parts = {name: outer.read(name) for name in outer.namelist()}
    parts["packages.zip"] = parts["packages.zip"][:-30]
    with zipfile.ZipFile(path, "w") as outer:
        for name, content in parts.items():
            outer.writestr(name, content)


@pytest.mark.parametrize("spoil", [_flipped, _other_member])
def test_a_damaged_file_says_so_and_leaves_nothing(single: SingleFile, spoil: Callable[[Path], None]) -> None:
    """As after a download that broke off."""
    spoil(single.path)
    code, out, err = single()
    assert (code, out) == (2, "")
    assert "is damaged" in err
    assert "Get the file again." in err
    assert single.copies() == []


MADE_FOR = (
    "CPython 3.9 on win-amd64",
    "CPython 3.99 on linux-x86_64",
    "CPython 3.13t on win-arm64",
    "PyPy 3.11 on darwin-arm64",
    "CPython 3.12 on linux-riscv64",
)


@pytest.mark.parametrize("made_for", MADE_FOR)
def test_another_python_is_turned_away_with_the_one_that_it_is_for(tmp_path: Path, here: str, made_for: str) -> None:
    """Compiled modules of another would fail somewhere in the middle."""
    single = SingleFile(tmp_path, made_for)
    code, _, err = single()
    assert code == 2
    assert f"This bulktap is for {made_for}, and this is {here}." in err
    assert f"py -{made_for.split()[1]}" in err
    assert single.copies() == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes are not what Windows keeps others out by")
@pytest.mark.parametrize("case", ["group", "everybody", "other user", "link", "file"])
def test_a_place_that_is_not_the_users_alone_is_refused(single: SingleFile, tmp_path: Path, case: str) -> None:
    """What stands there is run, so nobody else may be able to write it."""
    single.place.parent.mkdir()
    if case == "link":
        (tmp_path / "theirs").mkdir()
        single.place.symlink_to(tmp_path / "theirs")
    elif case == "file":
        single.place.touch()
    else:
        single.place.mkdir(mode=0o700)
        single.place.chmod({"group": 0o770, "everybody": 0o707}.get(case, 0o700))
    if case == "other user":
        if os.geteuid() != 0:
            pytest.skip("only root gives folders away")
        os.chown(single.place, 12345, -1)
    code, out, err = single()
    assert (code, out) == (2, "")
    assert f"{single.place} is no place to run a program from" in err
    assert "BULKTAP_UNPACK_IN" in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other folders")
def test_the_place_is_private_from_the_start(single: SingleFile) -> None:
    """Nobody else gets in, whatever the umask says."""
    single()
    assert [path.stat().st_mode & 0o777 for path in (single.place, *single.copies())] == [0o700, 0o700]


@pytest.mark.parametrize("case", ["below a file", "no room for a copy"])
def test_a_place_where_nothing_can_be_made_says_what_to_set(single: SingleFile, case: str) -> None:
    """A full disk, a file in the way: one sentence, and the variable that names another place."""
    if case == "below a file":
        single.place.parent.write_bytes(b"")
    else:
        single()
        (copy,) = single.copies()
        for number in range(50):
            copy.with_name(f"{copy.name[:-2]}-{number}").mkdir(exist_ok=True)
        (copy / "beside.py").unlink()
    code, _, err = single()
    assert code == 7
    assert "Error: " in err
    assert "Hint:  " in err


def test_without_the_variable_it_is_kept_among_what_the_users_programs_can_do_without(single: SingleFile) -> None:
    """Under the name that the system has for it."""
    home = single.path.parent / "home"
    home.mkdir()
    told = single(BULKTAP_UNPACK_IN="", LOCALAPPDATA=str(home), XDG_CACHE_HOME="relative", HOME=str(home))[1]
    assert Path(json.loads(told)["path"][0]).is_relative_to(home)


@pytest.mark.long
@pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="pip, which downloads wheels, is not installed")
class TestWheels:
    """Which wheels are wanted."""

    REQUIRED = (
        'onwindows; sys_platform == "win32"',
        'onlinux; platform_system == "Linux"',
        'onmac; sys_platform == "darwin"',
        'onposix; os_name == "posix"',
        'onarm; platform_machine in "arm64 aarch64 ARM64"',
        'onold; python_version < "3.12"',
        'onpypy; implementation_name == "pypy"',
        'asked; extra == "more"',
        'unasked; extra == "less"',
        "both[extra]",
    )
    WANTED: ClassVar = {
        ("win_amd64", "3.11"): {"onwindows", "onold"},
        ("win32", "3.12"): {"onwindows"},
        ("win_arm64", "3.13"): {"onwindows", "onarm"},
        ("manylinux_2_28_x86_64", "3.14"): {"onlinux", "onposix"},
        ("manylinux2014_aarch64", "3.11"): {"onlinux", "onposix", "onarm", "onold"},
        ("macosx_11_0_arm64", "3.12"): {"onmac", "onposix", "onarm"},
    }

    @pytest.mark.parametrize(("tag", "python"), WANTED)
    def test_they_are_those_of_the_target_not_of_this_machine(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str, python: str
    ) -> None:
        """Also what a wheel wants that is wanted on the target only."""
        have = tmp_path / "have"
        have.mkdir()
        names = {one.split(";")[0].split("[")[0] for one in self.REQUIRED} | {"below", "byextra"}
        needs = {
            "first": self.REQUIRED,
            "onwindows": ["below"],
            "onposix": ["below"],
            "both": ['byextra; extra=="extra"'],
        }
        for name in {*names, "first"}:
            told = "".join(f"Requires-Dist: {one}\n" for one in needs.get(name, []))
            told += "Provides-Extra: more\nProvides-Extra: less\nProvides-Extra: extra\n"
            path = _wheel(have, name, {})
            with zipfile.ZipFile(path, "w") as wheel:
                wheel.writestr(
                    f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{told}"
                )
                wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(have))
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        folder = tmp_path / "got"
        folder.mkdir()
        wheels = _module(BUILDER / "wheels.py")
        found = wheels.wheels_for(have / "first-1.0-py3-none-any.whl", ["more"], wheels.Target(python, (tag,)), folder)
        names = {path.name.split("-")[0] for path in found}
        assert names == {"first", "asked", "both", "byextra", "below", *self.WANTED[tag, python]}


@pytest.mark.long
@pytest.mark.skipif(which("git") is None or not (ROOT / ".git").exists(), reason="needs a clone and git")
def test_the_program_itself_rehearses_from_its_single_file(tmp_path: Path, base_environment: dict[str, str]) -> None:
    """Made with one command; the README's rehearsal runs in it to its end, where nothing is installed."""
    bare = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3")
    reached = [str(bare), "-m", "pip", "download", "-q", "--no-deps", "-d", str(tmp_path / "try"), "hatchling"]
    if subprocess.run(reached, capture_output=True, check=False).returncode:
        pytest.skip("no package registry can be reached")
    output = tmp_path / "bulktap.pyz"
    subprocess.run([str(bare), str(BUILDER), str(output)], check=True)
    environment = {name: text for name, text in base_environment.items() if name != "PYTHONPATH"}
    environment |= {"BULKTAP_UNPACK_IN": str(tmp_path / "kept")}
    work = tmp_path / "work"
    work.mkdir()

    def start(*words: str) -> subprocess.CompletedProcess[str]:
        asked = [str(bare), "-I", str(output), *words]
        return subprocess.run(asked, cwd=work, env=environment, capture_output=True, text=True, check=False)

    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert f", commit {head[:12]}" in start("--version").stdout
    roster = str(ROOT / "samples" / "student-onboarding.xlsx")
    done = start("apply", roster, "--simulate", "--simulate-weather", "showers", "--yes")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "60 issued" in done.stdout
