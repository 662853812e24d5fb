"""The extractor of a running service: it learns the names that the city gets meanwhile."""

from collections.abc import Callable, Sequence
from threading import Lock

from core.types import Extraction, Extractor, Report

__all__ = ["LivingExtractor"]


class LivingExtractor:
    """An extractor that is made anew when names change. Thread-safe: who is extracting goes on with the one before."""

    def __init__(self, make: Callable[[], Extractor]) -> None:
        """Make the first one. make: an extractor that knows the city as the graph has it now."""
        self._make = make
        self._extractor = make()
        self._lock = Lock()

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        """Implements Extractor."""
        return self._extractor.extract(reports)

    def learn(self) -> None:
        """Know the city as it is now; of several at once, the last one made stays."""
        with self._lock:
            self._extractor = self._make()
