"""What a file for support leaves out: people and secrets, however a path, a certificate or a message writes them."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from bulktap.model.errors import UsageError
from bulktap.operations.support_bundle import Spared, require_place, write_bundle

if TYPE_CHECKING:
    from pathlib import Path


def bundled(folder: Path, text: str, people: tuple[str, ...] = ()) -> str:
    """Return what becomes of a check's text."""
    file = folder / "support.zip"
    write_bundle(file, [{"found": text}], {}, folder / "reports", Spared(people=people))
    with zipfile.ZipFile(file) as bundle:
        return bundle.read("checks.json").decode()


@pytest.mark.parametrize("there", ["text", "empty", "workbook", "folder", "link to nowhere", "broken zip"])
def test_nothing_but_an_earlier_bundle_is_written_over(tmp_path: Path, there: str) -> None:
    """A roster's name may have been meant as such."""
    place = tmp_path / "students.xlsx"
    match there:
        case "folder":
            place.mkdir()
        case "link to nowhere":
            if os.name == "nt":
                pytest.skip("Windows lets few users make links")
            place.symlink_to(tmp_path / "nowhere")
        case "workbook":
            with zipfile.ZipFile(place, "w") as workbook:
                workbook.writestr("[Content_Types].xml", "<Types/>")
        case _:
            place.write_bytes({"text": b"Anna", "empty": b"", "broken zip": b"PK\x03\x04"}[there])

    with pytest.raises(UsageError) as caught:
        require_place(place)

    assert str(place) in caught.value.message


def test_an_earlier_bundle_may_be_written_over(tmp_path: Path) -> None:
    """Whoever follows the remedies asks once more."""
    place = tmp_path / "for-support.zip"
    require_place(place)
    write_bundle(place, [], {}, tmp_path / "reports", Spared())
    require_place(place)


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        (r"Certificate CN=Arendt\, Anna,O=Contoso, thumbprint AB", ("Arendt", "Anna"), "O=Contoso, thumbprint AB"),
        (r"Certificate UID=aarendt+CN=Anna,OU=IT", ("aarendt", "Anna"), "OU=IT"),
        ("Certificate 2.5.4.42=Anna,C=DE", ("Anna",), "C=DE"),
        ("Certificate cn=Anna Arendt", ("Anna", "Arendt"), "Certificate"),
        ("ca-bundle = /home/aarendt/ca.pem (profile)", ("aarendt",), "/ca.pem (profile)"),
        ("log = C:\\Users\\Anna.Arendt\\log.jsonl", ("Arendt",), "log.jsonl"),
        ("reports = D:/Users/aarendt/passes", ("aarendt",), "/passes"),
        ("log = C:\\Users\\Anna Maria Arendt\\log.jsonl", ("Anna", "Maria", "Arendt"), "log.jsonl"),
        ("log = C:\\Users\\Anna O'Brien\\log.jsonl", ("Anna", "Brien"), "log.jsonl"),
        ("log = c:\\users\\aarendt\\log.jsonl", ("aarendt",), "log.jsonl"),
        ("[Errno 13] denied: 'C:\\\\Users\\\\aarendt\\\\log.jsonl'", ("aarendt",), "log.jsonl"),
        ("log = \\\\?\\C:\\Users\\aarendt\\log.jsonl", ("aarendt",), "log.jsonl"),
        ("reports = \\\\fs01\\home$\\aarendt\\passes", ("aarendt",), "passes"),
        ("reports = //fs01/Users/Anna Arendt/passes", ("Anna", "Arendt"), "/passes"),
        ("reports = /mnt/c/Users/aarendt/passes", ("aarendt",), "/passes"),
        ("C:\\Users\\aarendt cannot be written; D:\\passes can.", ("aarendt",), "cannot be written; D:"),
        ("/Users/aarendt is no folder.", ("aarendt",), "is no folder."),
        ("log = C:\\Users\\Anna Arendt\\log.jsonl", ("Anna", "Arendt"), "log.jsonl"),
        ("D:/Users/Anna van der Arendt/x, and E:\\y", ("Anna", "Arendt"), "/x, and E:"),
        ("C:\\Users\\aarendt cannot be read by you.", ("aarendt",), "cannot be read by you."),
        ("reports = \\\\files\\Users\\Anna Arendt\\passes", ("Anna", "Arendt"), "passes"),
        ("reports = \\\\files.school\\home$\\aarendt\\passes", ("aarendt",), "passes"),
        ("reports = /var/home/aarendt/passes", ("aarendt",), "/passes"),
        ("reports = /export/home/aarendt/passes", ("aarendt",), "/passes"),
        ("signed in as anna.arendt@contoso.com.", ("arendt",), "signed in as"),
        ("reports = c:\\users\\aarendt\\passes", ("aarendt",), "passes"),
        ("GET /users/$count", (), "GET /users/$count"),
        ("the users of /homework/7a stay", (), "/homework/7a stay"),
        ("https://graph.microsoft.com/Users/list", (), "https://graph.microsoft.com/Users/list"),
    ],
)
def test_people_are_left_out(tmp_path: Path, text: str, gone: tuple[str, ...], stays: str) -> None:
    """In certificates, in paths, as sign-in names; what names nobody stays."""
    told = bundled(tmp_path, text)
    assert [name for name in gone if name in told] == []
    assert stays in told


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("reports = {home}/reports", "~/reports"),
        ("{home} cannot be written by you.", "~ cannot be written"),
        ("{real}/reports is in the git work tree {real}.", "~/reports is in the git work tree ~."),
        ("certificate = /mnt/share/aarendt/app.pem", "/mnt/share/[struck]/app.pem"),
        ("certificate = /mnt/share/aarendt", "/mnt/share/[struck]"),
    ],
)
def test_the_users_own_folder_is_left_out_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, stays: str
) -> None:
    """Through a link, as itself, and its name where others keep that user's things."""
    real = tmp_path / "people" / "aarendt"
    real.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(real))
    monkeypatch.setenv("USERPROFILE", str(real))

    told = bundled(tmp_path, text.format(home=real.as_posix(), real=real.resolve().as_posix()))

    assert stays in told
    assert "aarendt" not in told
