"""Files for secrets: readable by their owner only, and there wholly or not at all."""

import os
from pathlib import Path

__all__ = ["write_privately"]


def write_privately(path: Path, text: str) -> None:
    """Write a file that its owner alone can read; a kill in the middle leaves what was there before."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)
