# ruff: noqa: T201, S311 - a program too, whose accidents must be repeatable
"""Journals with one flipped byte; `python tests/journal/test_flipped_bytes.py --journals 1000`.

`runs`, `results` and `resume` are let at each. They end with an exit code of the contract, within seconds, and every
passcode that the bytes still hold is in the workbook. The same `--seed` flips the same bytes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pytest
from in_process import Ended, command, place

PASSPHRASE = "correct horse battery staple"
SECRET = ("--passphrase-file", "secret.txt")
ROSTER = "User;Name\n" + "".join(f"person{number}@contoso.com;Person {number}\n" for number in range(1, 7))


class Journals:
    """A run that was carried out, and damaged copies of its journal."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._random = random.Random(seed)
        (folder / "roster.csv").write_text(ROSTER, "utf-8")
        (folder / "secret.txt").write_text(PASSPHRASE, "utf-8")
        ended = command("apply", "roster.csv", "--simulate", "--yes", "--json", *SECRET)
        assert ended.code == 0, ended.err
        self.folder = Path(json.loads(ended.out)["folder"])
        self._files = {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def try_one(self) -> tuple[str, list[Ended]]:
        """Flip a byte and see how commands end."""
        content = bytearray(self._files["journal.db"])
        # Most bytes are sealed text; the first page and the clear parts are where a byte has a meaning.
        where = self._random.randrange(self._random.choice((100, 4096, len(content))))
        value = self._random.choice((content[where] ^ 1 << self._random.randrange(8), self._random.randrange(256)))
        content[where] = value
        self._put_back()
        (self.folder / "journal.db").write_bytes(content)
        thorough = self._random.random() < 0.1
        if not thorough:  # opening the old workbook is most of the work, and has nothing to do with the journal
            (self.folder / "results.xlsx").unlink()
        ended = [command("runs"), command("results", self.folder, *SECRET)]
        if thorough or ended[-1].code:
            ended.append(command("resume", self.folder, "--settle-wait", "500ms", *SECRET))
        return f"byte {where} = {value}", ended

    def _put_back(self) -> None:
        shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700)
        for name, content in self._files.items():
            (self.folder / name).write_bytes(content)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_journal_with_a_flipped_byte_is_read_or_called_damaged(tmp_path: Path, seed: int) -> None:
    """Exit 12, or 0 where the byte means nothing; never an internal error, never a hang."""
    with place(tmp_path):
        journals = Journals(tmp_path, seed)
        tried = [journals.try_one() for _ in range(6)]

    assert [(what, one) for what, ended in tried for one in ended if not one.is_sound] == []
    assert {one.code for _, ended in tried for one in ended} <= {0, 12}


def main() -> int:
    """Try as many journals as were asked for and count how they end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journals", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    codes: Counter[tuple[int, ...]] = Counter()
    bad, slowest = 0, 0.0
    with tempfile.TemporaryDirectory() as name, place(Path(name)):
        journals = Journals(Path(name), options.seed)
        for number in range(options.journals):
            what, ended = journals.try_one()
            codes[tuple(one.code for one in ended)] += 1
            slowest = max(slowest, *(one.seconds for one in ended))
            for one in ended:
                if not one.is_sound:
                    bad += 1
                    print(f"{number}: {what}: exit {one.code} in {one.seconds:.1f} s: {one.err[-300:]}")
    print(f"{options.journals} journals (runs, results, resume): {dict(codes.most_common())}; slowest {slowest:.1f} s")
    print(f"{bad} unsound")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
