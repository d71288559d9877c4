"""Access lists of Windows: a folder has its own from the moment it is there, and what one says can be read.

Windows itself is asked, through its API, and none of its programs: `whoami.exe` and `icacls.exe` are blocked by policy
in many firms, and print in the user's language. A file in a folder made here inherits that folder's list.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Well-known security identifiers ([MS-DTYP] 2.4.2.4): the system, its administrators and its installer can write
# anywhere in any case; "creator owner" and "owner rights" mean whoever owns the folder, who is looked at apart.
_ADMINISTRATORS: Final = frozenset({"S-1-5-18", "S-1-5-32-544"})
_TRUSTED: Final = _ADMINISTRATORS | {
    "S-1-3-0",
    "S-1-3-4",
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
}
_NAMES: Final = {
    "S-1-1-0": "Everyone",
    "S-1-5-2": "Network",
    "S-1-5-4": "Interactive",
    "S-1-5-7": "Anonymous Logon",
    "S-1-5-11": "Authenticated Users",
    "S-1-5-32-545": "Users",
    "S-1-5-32-546": "Guests",
}
# Access mask ([MS-DTYP] 2.4.3, winnt.h): add a file, add a folder, delete what is in it, write the access list, take
# ownership, and the generic rights to write and to do all.
_WRITES: Final = 0x2 | 0x4 | 0x40 | 0x40000 | 0x80000 | 0x40000000 | 0x10000000


@dataclass(frozen=True, slots=True)
class AccessList:
    """Who owns a folder, and who is allowed what in it."""

    owner: str
    """Security identifiers are texts such as `S-1-5-18`, here and below."""
    allowed: Sequence[tuple[str, int]] | None
    """Whom each entry allows which access mask; None where there is no list, which allows everybody everything."""
    is_remote: bool = False
    """Whether another computer keeps the folder, and perhaps knows users by other identifiers."""


def is_foreign(found: AccessList, user: str) -> bool:
    """Whether a folder belongs to another user, who is no administrator."""
    if found.owner == user or found.owner in _ADMINISTRATORS:
        return False
    # A server outside the domain names users by numbers of its own: then the owner says nothing, unless we are listed.
    return not found.is_remote or any(who == user for who, _ in found.allowed or ())


def strangers(found: AccessList, user: str) -> list[str]:
    """Return the security identifiers of the others, no administrators, who may write to a folder."""
    if found.allowed is None:
        return ["S-1-1-0"]
    writers = dict.fromkeys(who for who, mask in found.allowed if mask & _WRITES)
    # On such a server the one number that is not well known may be ours.
    unsure = found.is_remote and user not in writers
    return [one for one in writers if one != user and one not in _TRUSTED and (one in _NAMES or not unsure)]


def name_of(identifier: str) -> str:
    """Return the English name of a well-known identifier; another is its own name."""
    return _NAMES.get(identifier, identifier)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    _security = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel.CloseHandle.argtypes = [wintypes.HANDLE]
    _kernel.LocalFree.argtypes = [ctypes.c_void_p]
    _security.OpenProcessToken.argtypes = [wintypes.HANDLE, wintypes.DWORD, ctypes.c_void_p]
    _security.GetTokenInformation.argtypes = [
        wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p,
    ]  # fmt: skip
    _security.ConvertSidToStringSidW.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    _security.GetNamedSecurityInfoW.argtypes = [
        wintypes.LPCWSTR, ctypes.c_int, wintypes.DWORD, *([ctypes.c_void_p] * 5),
    ]  # fmt: skip
    _security.GetAce.argtypes = [ctypes.c_void_p, wintypes.DWORD, ctypes.c_void_p]

    _TOKEN_QUERY = 0x8
    _TOKEN_USER = 1
    _REVISION = 1
    _FILE_OBJECT = 1
    _OWNER_AND_LIST = 0x1 | 0x4  # OWNER_SECURITY_INFORMATION, DACL_SECURITY_INFORMATION
    _ALLOWS = frozenset({0, 9})  # ACCESS_ALLOWED_ACE_TYPE, and the same with a condition
    _SID_OFFSET = 8  # of ACCESS_ALLOWED_ACE: header (4), mask (4), SID
    _PERSISTENT_ACLS = 0x8  # GetVolumeInformation's flags; FAT and exFAT lack it
    _REMOTE = 4  # DRIVE_REMOTE
    _HAS_NONE = frozenset({1, 50})  # ERROR_INVALID_FUNCTION, ERROR_NOT_SUPPORTED

    class _SecurityAttributes(ctypes.Structure):
        _fields_ = (("length", wintypes.DWORD), ("descriptor", ctypes.c_void_p), ("inherit", wintypes.BOOL))

    class _ListHeader(ctypes.Structure):
        _fields_ = (
            ("revision", ctypes.c_ubyte), ("reserved", ctypes.c_ubyte), ("size", wintypes.WORD),
            ("count", wintypes.WORD), ("reserved2", wintypes.WORD),
        )  # fmt: skip

    class _EntryHeader(ctypes.Structure):
        _fields_ = (
            ("kind", ctypes.c_ubyte),
            ("flags", ctypes.c_ubyte),
            ("size", wintypes.WORD),
            ("mask", wintypes.DWORD),
        )

    def current_user() -> str:
        """Return the security identifier of the user whom this process runs as.

        Raises:
            OSError: Windows does not say.
        """
        token = wintypes.HANDLE()
        _require(_security.OpenProcessToken(_kernel.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)))
        try:
            size = wintypes.DWORD()
            _security.GetTokenInformation(token, _TOKEN_USER, None, 0, ctypes.byref(size))
            buffer = ctypes.create_string_buffer(max(size.value, 1))
            _require(_security.GetTokenInformation(token, _TOKEN_USER, buffer, size, ctypes.byref(size)))
            return _text_of(ctypes.c_void_p.from_buffer(buffer).value)  # TOKEN_USER begins with the SID's address
        finally:
            _kernel.CloseHandle(token)

    def make_for_current_user(path: Path) -> None:
        """Create a folder that admits the current user alone, as does what will be in it; nothing is inherited.

        Raises:
            OSError: it cannot be created; FileExistsError, if something of that name is there.
        """
        descriptor = ctypes.c_void_p()
        # Protected (P), so that the folder above grants nobody anything; handed down to files (OI) and folders (CI).
        wanted = f"D:P(A;OICI;FA;;;{current_user()})"
        convert = _security.ConvertStringSecurityDescriptorToSecurityDescriptorW
        _require(convert(ctypes.c_wchar_p(wanted), _REVISION, ctypes.byref(descriptor), None))
        try:
            attributes = _SecurityAttributes(ctypes.sizeof(_SecurityAttributes), descriptor, False)
            _require(_kernel.CreateDirectoryW(ctypes.c_wchar_p(str(path)), ctypes.byref(attributes)), path)
        finally:
            _kernel.LocalFree(descriptor)

    def access_list(path: Path) -> AccessList | None:
        """Return the access list of a folder; None where its file system has none.

        Raises:
            OSError: it cannot be read.
        """
        owner, entries, descriptor = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_void_p()
        failed = _security.GetNamedSecurityInfoW(
            str(path), _FILE_OBJECT, _OWNER_AND_LIST,
            ctypes.byref(owner), None, ctypes.byref(entries), None, ctypes.byref(descriptor),
        )  # fmt: skip
        if failed in _HAS_NONE:
            return None
        if failed:
            raise ctypes.WinError(failed)
        try:
            remote = _kernel.GetDriveTypeW(_volume_of(path)) == _REMOTE
            allowed = _entries(entries.value) if entries.value else None
            return AccessList(_text_of(owner.value) if owner.value else "", allowed, remote)
        finally:
            _kernel.LocalFree(descriptor)

    def keeps_lists(path: Path) -> bool:
        """Whether the file system of a folder keeps access lists; FAT and exFAT show one that nobody made."""
        flags = wintypes.DWORD()
        told = _kernel.GetVolumeInformationW(_volume_of(path), None, 0, None, None, ctypes.byref(flags), None, 0)
        return not told or bool(flags.value & _PERSISTENT_ACLS)

    def _volume_of(path: Path) -> ctypes.Array[ctypes.c_wchar]:
        root = ctypes.create_unicode_buffer(1024)
        _require(_kernel.GetVolumePathNameW(ctypes.c_wchar_p(str(path.absolute())), root, len(root)), path)
        return root

    def _entries(place: int) -> list[tuple[str, int]]:
        found = []
        for number in range(_ListHeader.from_address(place).count):
            entry = ctypes.c_void_p()
            _require(_security.GetAce(place, number, ctypes.byref(entry)))
            if entry.value and (header := _EntryHeader.from_address(entry.value)).kind in _ALLOWS:
                found.append((_text_of(entry.value + _SID_OFFSET), int(header.mask)))
        return found

    def _text_of(identifier: int | None) -> str:
        text = ctypes.c_wchar_p()
        _require(_security.ConvertSidToStringSidW(identifier, ctypes.byref(text)))
        try:
            return text.value or ""
        finally:
            _kernel.LocalFree(text)

    def _require(done: int, path: Path | None = None) -> None:
        if not done:
            error = ctypes.WinError(ctypes.get_last_error())
            if path is not None:
                error.filename = str(path)
            raise error
