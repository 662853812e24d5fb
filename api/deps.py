"""What endpoints ask for, as `Annotated` aliases: a signature reads as a sentence."""

import secrets
from datetime import datetime
from typing import Annotated, Literal, cast

from fastapi import Depends, Header, Path, Query, Request, Response

from api.services import Services
from core.classification import Doubt, Intent, Sentiment
from core.errors import BadInput, Unauthorised
from core.types import Language
from graph.plans import PlanReader
from graph.proposals import Proposals
from graph.reader import Reader

__all__ = [
    "After",
    "AskLanguage",
    "CategoryFilter",
    "DistrictFilter",
    "Latitude",
    "Limit",
    "Longitude",
    "NextPage",
    "NodeId",
    "Period",
    "Plans",
    "ReadGraph",
    "Reading",
    "Review",
    "Served",
    "WantsGeoJson",
    "WithKey",
    "of_our_time",
]

_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2200


def _services(request: Request) -> Services:
    return cast("Services", request.app.state.services)


def _reader(services: "Served") -> Reader:
    return services.reader


def _plans(services: "Served") -> PlanReader:
    return services.plans


def _review(services: "Served") -> Proposals:
    return services.proposals


def _with_key(
    services: "Served", x_api_key: Annotated[str | None, Header(description="printed at the first start")] = None
) -> None:
    if x_api_key is None or not secrets.compare_digest(x_api_key.encode(), services.key.encode()):
        raise Unauthorised("send the API key in the header X-API-Key; it was printed at the first start")


def _wants_geojson(request: Request) -> bool:
    """By suffix or by Accept."""
    return request.url.path.endswith(".geojson") or "application/geo+json" in request.headers.get("accept", "")


def _category(
    services: "Served", category: Annotated[str | None, Query(description="a category code")] = None
) -> str | None:
    return services.taxonomy[category].code if category else None


def of_our_time(field: str, moment: datetime | None) -> datetime | None:
    """The moment, checked to have a zone and to lie between 1900 and 2200; raises BadInput."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise BadInput(field, moment.isoformat(), "a time with a zone, such as 2026-11-20T08:00:00+08:00")
    if not _EARLIEST_YEAR <= moment.year < _LATEST_YEAR:
        raise BadInput(field, moment.isoformat(), f"a time between {_EARLIEST_YEAR} and {_LATEST_YEAR}")
    return moment


class _Period:
    """since, until: instants with zone, checked to be in order."""

    def __init__(
        self,
        since: Annotated[datetime | None, Query(description="from this instant on (ISO 8601)")] = None,
        until: Annotated[datetime | None, Query(description="up to this instant (ISO 8601)")] = None,
    ) -> None:
        since, until = of_our_time("since", since), of_our_time("until", until)
        if since and until and since > until:
            raise BadInput("until", until.isoformat(), f"after since ({since.isoformat()})")
        self.since = since
        self.until = until


class _Reading:
    """doubt, intent, sentiment: what the models read in a report."""

    def __init__(
        self,
        doubt: Annotated[Doubt | None, Query(description="why a person decides")] = None,
        intent: Annotated[Intent | None, Query(description="what the sender wants")] = None,
        sentiment: Annotated[Sentiment | None, Query(description="the tone")] = None,
    ) -> None:
        self.doubt = doubt
        self.intent: Intent | None = intent
        self.sentiment: Sentiment | None = sentiment


class _NextPage:
    """Adds `Link: <…>; rel="next"` (RFC 8288) where there is a next page."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request = request
        self._response = response

    def link(self, key: str | None) -> dict[str, str]:
        """Set the header for the page that starts after `key`, and return it for responses made by hand."""
        if key is None:
            return {}
        url = self._request.url.include_query_params(after=key)
        header = f'<{url.path}?{url.query}>; rel="next"'
        self._response.headers["Link"] = header
        return {"Link": header}


def _language(
    language: Annotated[Literal["zh", "en"] | None, Query(description="zh or en; unset: by Accept-Language")] = None,
    accept_language: Annotated[str, Header()] = "",
) -> Language:
    return language or ("en" if accept_language.lower().startswith("en") else "zh")


Served = Annotated[Services, Depends(_services)]
ReadGraph = Annotated[Reader, Depends(_reader)]
Plans = Annotated[PlanReader, Depends(_plans)]
Review = Annotated[Proposals, Depends(_review)]
WithKey = Depends(_with_key)
WantsGeoJson = Annotated[bool, Depends(_wants_geojson)]
CategoryFilter = Annotated[str | None, Depends(_category)]
DistrictFilter = Annotated[str | None, Query(description="id of a district", examples=["430104"])]
Period = Annotated[_Period, Depends()]
Reading = Annotated[_Reading, Depends()]
NextPage = Annotated[_NextPage, Depends()]
AskLanguage = Annotated[Language, Depends(_language)]
Limit = Annotated[int, Query(ge=1, le=500, description="rows a page")]
After = Annotated[str | None, Query(description="key of the page, from the Link header of the page before")]
NodeId = Annotated[str, Path(max_length=300)]
Longitude = Annotated[float, Query(ge=-180, le=180, description="WGS 84 degrees")]
Latitude = Annotated[float, Query(ge=-90, le=90, description="WGS 84 degrees")]
