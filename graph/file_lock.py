"""Locks between processes, as files: the kernel lets go of them however their holder ends."""

import fcntl
import os
from pathlib import Path

__all__ = ["open_lock", "try_lock"]


def open_lock(path: Path) -> int:
    """Open a lock file, made where it is missing and readable by its owner only; closing the descriptor lets go."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(descriptor: int, kind: int) -> bool:
    """Take a lock, fcntl.LOCK_SH or LOCK_EX; False where others hold it."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
