"""Everything a request may need, composed once by api/app.py or api/cli.py and handed on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.extracting import TextExtractor
from classifier.predict import OnnxClassifier
from core.taxonomy import Taxonomy
from graph.city import CityInfo
from graph.ingest import Ingestor
from graph.plans import PlanReader
from graph.privacy import Privacy, Seal
from graph.proposals import Proposals
from graph.reader import Reader
from graph.store import Store

__all__ = ["Services"]

_STALE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Services:
    """The composed parts. key: what a write must carry. reports: folder of the allocation reports.

    classifier, texts: with the models that the ingestor asks, for texts that are not taken in and for reasons.
    proposals: the review of names that the city does not know; both extractors learn from it.
    privacy: what becomes of personal data on its way in. seal: opens sealed originals, for whoever has reader_key; None: nobody.
    """

    store: Store
    city: CityInfo
    taxonomy: Taxonomy
    ingestor: Ingestor
    reader: Reader
    plans: PlanReader
    key: str
    reports: Path
    classifier: OnnxClassifier
    texts: TextExtractor
    proposals: Proposals
    privacy: Privacy = field(default_factory=Privacy)
    seal: Seal | None = None
    reader_key: str | None = None

    def clock(self) -> tuple[datetime, bool]:
        """The city's now, and whether it is a replay: where the newest report is over a week old, time stands at it.

        So a demo city, or an archive, shows its own last days instead of an empty present.
        """
        now = datetime.now(UTC)
        latest = self.reader.latest_report_at()
        return (latest, True) if latest and now - latest > _STALE else (now, False)
