"""Folders: a private one for each run, one for locks with the permissions of the folder that it is in.

A folder that was there belongs to whoever made it: its mode, group, access list and owner are never changed.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from bulktap.storage.files import refusal, sync_folder

if sys.platform == "win32":
    import ctypes


def make_folder(path: Path) -> None:
    """Create a folder, and those above it, for the current user alone (0700); one that is there stays as it is.

    Raises:
        DiskRefuses: it cannot be created.
    """
    try:
        created = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in created:
            sync_folder(folder.parent)
    except OSError as error:
        raise refusal(path, error, doing="made") from error


def make_private_folder(path: Path) -> bool:
    """Create a folder that only the current user may enter: 0700, an access list on Windows; the one above is there.

    Return False, and touch nothing, if there is something of that name already.

    Raises:
        DiskRefuses: it cannot be created, or not be made private.
    """
    try:
        try:
            path.mkdir(mode=0o700)
        except FileExistsError:
            return False
        if sys.platform == "win32":
            _admit_only_current_user(path)
        sync_folder(path.parent)
    except OSError as error:
        raise refusal(path, error, doing="made a private folder") from error
    return True


def make_shared_folder(path: Path) -> None:
    """Create a folder for whoever may use the one above it, which is there: the same group, the same permissions.

    Raises:
        DiskRefuses: it cannot be created, or is no folder.
    """
    try:
        path.mkdir(exist_ok=True)
        if sys.platform == "win32":
            return  # it has inherited the access list
        above, own = path.parent.stat(), path.lstat()
        wanted = stat.S_IMODE(above.st_mode)
        if not stat.S_ISDIR(own.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        # Also one that an earlier bulktap made for itself alone, in a folder that is the team's.
        if own.st_uid == os.geteuid() and stat.S_IMODE(own.st_mode) != wanted:
            if own.st_gid != above.st_gid:
                with suppress(OSError):  # whoever is no member of that group keeps their own
                    os.chown(path, -1, above.st_gid, follow_symlinks=False)
            path.chmod(wanted)
    except OSError as error:
        raise refusal(path, error, doing="made") from error


if sys.platform == "win32":

    def _admit_only_current_user(path: Path) -> None:
        # The tools by absolute path, so that a program of the same name elsewhere in PATH is never run; the user by
        # SID, so that neither language nor domain matters. `/inheritance:r` drops what the folder above grants,
        # (OI)(CI) hands the grant down to every file that will be written
        # (Microsoft's reference of Windows commands, icacls).
        told = _run_system_tool("whoami.exe", "/user", "/fo", "csv", "/nh")
        sid = sid_in(told)
        _run_system_tool("icacls.exe", str(path.absolute()), "/inheritance:r", "/grant:r", f"*{sid}:(OI)(CI)F", "/q")

    def _run_system_tool(name: str, *arguments: str) -> str:
        import subprocess

        buffer = ctypes.create_unicode_buffer(260)
        if not ctypes.windll.kernel32.GetSystemDirectoryW(buffer, len(buffer)):
            raise OSError(errno.ENOENT, "Windows does not say where its system folder is")
        command = [str(Path(buffer.value) / name), *arguments]
        flags = subprocess.CREATE_NO_WINDOW
        try:
            done = subprocess.run(  # noqa: S603 - no shell; the folder is what Windows itself names, the arguments ours
                command, capture_output=True, text=True, errors="replace", check=False, timeout=30, creationflags=flags
            )
        except subprocess.TimeoutExpired as error:
            raise OSError(errno.ETIMEDOUT, f"{name} does not come to an end") from error
        if done.returncode != 0:
            raise OSError(errno.EACCES, f"{name} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout


def sid_in(csv_line: str) -> str:
    r"""Return the security identifier that `whoami /user /fo csv /nh` printed, as in `"CONTOSO\adele","S-1-5-21-7"`.

    Raises:
        OSError: there is none.
    """
    sid = csv_line.strip().rpartition(",")[2].strip('"')
    if not (sid.startswith("S-1-") and sid[4:].replace("-", "").isdigit()):
        raise OSError(errno.EINVAL, "Windows does not say who the current user is")
    return sid
