# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that are made or replaced as a whole."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)


def write_atomically(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write DATA to PATH in one step: a reader, or a run that is cut off, finds the old file or the new one, never half of one.

    A new file gets MODE, or the rights that the user's umask leaves; an old one keeps its own. Raises OSError.
    """
    if path.exists():
        mode = path.stat().st_mode & 0o777
    elif mode is None:
        mode = 0o666 & ~_umask()
    name = _part(path, data, mode)
    try:
        name.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            name.unlink()
        raise


def create_atomically(path: Path, data: bytes, mode: int, *, always_whole: bool = False) -> bool:
    """Make PATH, with DATA and MODE, in one step and return True; False where there is something in that place. Raises OSError.

    On a file system without links a run that is cut off in this moment leaves an empty file. With ALWAYS_WHOLE nothing is made there.
    """
    if os.path.lexists(path):
        return False
    name = _part(path, data, mode)
    try:
        os.link(name, path)
    except FileExistsError:
        return False
    except OSError as error:
        if always_whole or error.errno not in _NO_LINKS:
            raise
        return _create(path, data, mode)
    finally:
        with contextlib.suppress(OSError):
            name.unlink()
    return True


def _part(path: Path, data: bytes, mode: int) -> Path:
    """Return a new file beside PATH with DATA and MODE, or leave none and raise OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _create(path: Path, data: bytes, mode: int) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return True


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
