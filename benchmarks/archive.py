"""An archive of any size made from the demo's reports, and models that remember what they said of a text.

Each copy of a report has an id of its own, another day and hour of half a year, and coordinates some hundred metres to a
few kilometres from the original's. What the models make of a text is worked out once; the graph does all its work again.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from benchmarks.bench import demo_city, demo_reports
from classifier.predict import OnnxClassifier
from core.classification import Classification
from core.types import Area, Extraction, Language, Location, Point, Relation, RelationKind, Report
from extraction.area_index import AreaIndex
from extraction.pipeline import Pipeline
from graph.sources import Row

__all__ = ["RememberingClassifier", "RememberingExtractor", "archive"]

_DAYS = 180
_SPREAD = 0.03  # degrees, standard deviation: about 3 km


def archive(count: int) -> Iterator[Row]:
    """Rows of an archive, oldest first; the same rows for the same count."""
    choose = random.Random(count)
    demo = demo_reports()
    last = max(report.reported_at for report in demo)
    ages = sorted((choose.uniform(0, _DAYS) for _ in range(count)), reverse=True)
    for number, age in enumerate(ages, start=1):
        report = demo[choose.randrange(len(demo))]
        at = report.location or Point(112.98, 28.19)
        yield Row(
            number,
            {
                "id": f"{number:06}",
                "text": report.text,
                "subject": report.subject,
                "language": report.language,
                "channel": report.channel,
                "reported_at": (last - timedelta(days=age)).isoformat(),
                "longitude": at.longitude + choose.gauss(0, _SPREAD),
                "latitude": at.latitude + choose.gauss(0, _SPREAD),
            },
        )


class RememberingClassifier:
    """The served models, asked once a text."""

    def __init__(self) -> None:
        self._models = OnnxClassifier()
        self._said: dict[str, Classification] = {}

    def classify(self, texts: Sequence[str], languages: Sequence[Language]) -> list[Classification]:
        """Implements core.types.Classifier."""
        pairs = zip(texts, languages, strict=True)
        new: dict[str, Language] = {text: language for text, language in pairs if text not in self._said}
        answers = self._models.classify(list(new), list(new.values()))
        self._said.update(zip(new, answers, strict=True))
        return [self._said[text] for text in texts]


class RememberingExtractor:
    """The extractor, asked once a text; the report's own coordinates say where it happened."""

    def __init__(self) -> None:
        areas: tuple[Area, ...] = demo_city().areas
        self._pipeline = Pipeline(areas, demo_city().places)
        self._index = AreaIndex(areas)
        self._found: dict[str, Extraction] = {}

    def extract(self, reports: Sequence[Report]) -> list[Extraction]:
        """Implements core.types.Extractor."""
        new = {report.full_text: report for report in reports if report.full_text not in self._found}
        self._found.update(zip(new, self._pipeline.extract(list(new.values())), strict=True))
        points = [report.location or Point(0, 0) for report in reports]
        districts, cells = self._index.locate([p.longitude for p in points], [p.latitude for p in points])
        return [
            _moved(self._found[report.full_text], point, district, cell)
            for report, point, district, cell in zip(reports, points, districts, cells, strict=True)
        ]


def _moved(found: Extraction, point: Point, district: str | None, cell: str | None) -> Extraction:
    area = cell or district
    location = Location(point, area, district, 0.95, "coordinates", "point in polygon", outside=area is None)
    kept = [one for one in found.relations if one.kind is not RelationKind.LOCATED_IN]
    if area:
        kept.append(Relation(RelationKind.LOCATED_IN, area, 0.95, "point in polygon", "benchmark"))
    return replace(found, relations=tuple(kept), location=location)
