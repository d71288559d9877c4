"""The wheel: everything that the program reads is in it, nothing else is, and it is the same each time it is built."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import Parser
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

import bulktap
from bulktap.cli.version_line import version_line
from bulktap.version import __version__

ROOT = Path(bulktap.__file__).parents[1]
DATA = ("cli/schemas/*.json", "cli/topics/texts/*.txt", "results/handout/layouts/*.typ", "results/handout/texts/*.toml",
        "results/page/*.*", "storage/words.txt", "py.typed")  # fmt: skip
COMMIT = "bulktap/commit.txt"
BUILD = (
    "import sys; from hatchling.builders.wheel import WheelBuilder; "
    "list(WheelBuilder('.').build(directory=sys.argv[1]))"
)

pytestmark = [
    pytest.mark.skipif(find_spec("hatchling") is None, reason="hatchling, which builds wheels, is not installed"),
    pytest.mark.skipif(which("git") is None or not (ROOT / ".git").exists(), reason="needs a clone and git"),
]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two wheels, built of two clones of this commit in folders of different names."""
    built = []
    for name in ("one", "two"):
        folder = tmp_path_factory.mktemp(name)
        clone = folder / f"clone-{name}"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        subprocess.run([sys.executable, "-c", BUILD, str(folder)], cwd=clone, check=True, capture_output=True)
        built += folder.glob("*.whl")
    return built


def test_two_builds_are_the_same_byte_for_byte(wheels: list[Path]) -> None:
    """Whoever builds it again can tell that a published one is of this source."""
    one, two = wheels
    assert one.name == two.name == f"bulktap-{__version__}-py3-none-any.whl"
    assert one.read_bytes() == two.read_bytes()


def test_the_wheel_has_what_git_has_of_the_package_and_nothing_else(wheels: list[Path]) -> None:
    """No test, no sample, no cache; besides its metadata only the commit."""
    asked = ["git", "ls-tree", "-r", "--name-only", "HEAD", "bulktap"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True, text=True).stdout.splitlines()
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert names == {*listed, COMMIT}


@pytest.mark.parametrize("pattern", DATA)
def test_every_file_that_is_no_code_is_in_the_wheel(wheels: list[Path], pattern: str) -> None:
    """Schemas, languages, layouts, words, pages, help."""
    with zipfile.ZipFile(wheels[0]) as wheel:
        held = [name for name in wheel.namelist() if Path(name).match(f"bulktap/{pattern}")]
    assert held


def test_the_wheel_says_of_which_commit_it_was_built(wheels: list[Path]) -> None:
    """And `--version` says it too."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    told = version_line(zipfile.Path(wheels[0], "bulktap/"))
    assert f", commit {head[:12]}" in told
    assert "dirty" not in told


def test_the_wheel_needs_no_program_of_its_own_system(wheels: list[Path]) -> None:
    """One for all systems, with the console script, and without the tests' requirements."""
    with zipfile.ZipFile(wheels[0]) as wheel:
        metadata = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
        told = Parser().parsestr(wheel.read(metadata).decode("utf-8"))
        scripts = wheel.read(metadata.replace("METADATA", "entry_points.txt")).decode("ascii")
    assert "bulktap = bulktap.__main__:main" in scripts
    wanted = [one for one in told.get_all("Requires-Dist") or [] if "extra ==" not in one]
    assert not any("pytest" in one for one in wanted)


def test_a_version_of_which_the_commit_is_not_known_says_nothing_of_it(tmp_path: Path) -> None:
    """As from a source archive."""
    assert "commit" not in version_line(tmp_path)
