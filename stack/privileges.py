"""PostgreSQL refuses to run as root. As root it gets another user, and where the clone lies in a folder that
user may not cross (a home is often 0700) one single capability: crossing folders."""

from __future__ import annotations

import ctypes
import os
import pwd
from pathlib import Path

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 1 << 2
_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def database_user(root: Path) -> tuple[int, int] | None:
    """Who runs PostgreSQL: None (ourselves) unless we are root; then the clone's owner, or ``nobody``."""
    if os.geteuid() != 0:
        return None
    owner = root.stat().st_uid
    if owner != 0:
        try:
            entry = pwd.getpwuid(owner)
        except KeyError:
            pass
        else:
            return entry.pw_uid, entry.pw_gid
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def can_cross(path: Path, uid: int, gid: int) -> bool:
    """Whether ``uid`` may cross every folder above ``path`` by its mode bits."""
    for folder in path.resolve().parents:
        mode = folder.stat()
        bit = 0o100 if mode.st_uid == uid else 0o010 if mode.st_gid == gid else 0o001
        if not mode.st_mode & bit:
            return False
    return True


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def _capabilities(read: bool, data: ctypes.Array[_Data]) -> None:
    header = _Header(_VERSION_3, 0)
    _call("capget" if read else "capset", ctypes.byref(header), data)


def _keep(capability: int) -> None:
    """After the change of user: keep this capability alone, across exec too."""
    data = (_Data * 2)()
    bit = 1 << capability
    data[0] = _Data(bit, bit, bit)
    _capabilities(False, data)
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def become(uid: int, gid: int, crossing: bool) -> None:
    """Become ``uid`` for good. ``crossing``: keep the right to cross folders (containers often lack the
    read-only form, CAP_DAC_READ_SEARCH, and have CAP_DAC_OVERRIDE)."""
    data = (_Data * 2)()
    _capabilities(True, data)
    held = [c for c in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if data[0].permitted >> c & 1]
    if crossing and held:
        # Not KEEPCAPS: access(2), by which PostgreSQL finds its programs, ignores the capabilities of a user
        # who is not root unless the change of user leaves them alone. ``_keep`` then drops all but one.
        _call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if crossing and held:
        _keep(held[0])
