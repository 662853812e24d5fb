"""Time limits for a store that keeps none of its own: what runs too long is terminated on the server.

The embedded store ignores a transaction's timeout but knows Cypher's SHOW and TERMINATE TRANSACTIONS.
"""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["Deadline", "Deadlines"]

_AGAIN_SECONDS = 0.25  # a statement that was not there to be terminated yet


@dataclass(slots=True, eq=False)
class Deadline:
    """When a statement's time is over. due: of time.monotonic(); expired: that moment came while it ran."""

    query: str
    seconds: float
    due: float
    expired: bool = False


class Deadlines:
    """Watches running statements in one thread and calls `terminate` for each whose time is over, until it has ended."""

    def __init__(self, terminate: Callable[[Deadline], None]) -> None:
        self._terminate = terminate
        self._changed = threading.Condition()
        self._running: list[Deadline] = []
        self._closed = False
        self._thread: threading.Thread | None = None

    @contextmanager
    def of(self, query: str, seconds: float) -> Generator[Deadline]:
        """Watch what runs inside the block."""
        deadline = Deadline(query, seconds, time.monotonic() + seconds)
        with self._changed:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._watch, daemon=True, name="query-deadlines")
                self._thread.start()
            self._running.append(deadline)
            self._changed.notify()
        try:
            yield deadline
        finally:
            with self._changed:
                self._running.remove(deadline)

    def close(self) -> None:
        """Stop watching."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
                now = time.monotonic()
                over = [deadline for deadline in self._running if deadline.due <= now]
                for deadline in over:
                    deadline.expired = True
                    deadline.due = now + _AGAIN_SECONDS
                if not over:
                    next_due = min((deadline.due for deadline in self._running), default=None)
                    self._changed.wait(None if next_due is None else next_due - now)
                    continue
            for deadline in over:
                self._terminate(deadline)
