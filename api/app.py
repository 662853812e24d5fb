"""The service: settings → services → FastAPI application. One of the two places where parts are put together."""

import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from importlib.resources import files
from pathlib import Path
from time import perf_counter

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from api.extracting import TextExtractor, make_extractor
from api.living import LivingExtractor
from api.problems import PROBLEM_RESPONSES, install_problems
from api.routes import allocation, areas, classify, extract, graph, health, incidents, originals, places, plans, reports
from api.schedule import Schedule
from api.services import Services
from classifier.predict import OnnxClassifier
from core.errors import CityMissing
from core.observe import REQUEST_SECONDS
from core.private_file import write_privately
from core.settings import Settings
from core.taxonomy import load_taxonomy
from core.types import AreaKind
from extraction.personal import Masker
from extraction.tagging.tagger import OnnxTagger
from graph.city import read_city_info
from graph.embedded import ensure_running
from graph.ingest import Ingestor
from graph.plans import PlanReader
from graph.privacy import Privacy, Seal
from graph.proposals import Proposals
from graph.reader import Reader
from graph.schema import migrate
from graph.store import Store, connect
from graph.writer import write_taxonomy

__all__ = ["create_app", "open_services", "open_store"]

_DESCRIPTION = """Urban management over a knowledge graph: reports in, incidents and explained plans out.
Reads are open; writes need the header `X-API-Key`. Errors are RFC 9457 problem details; places are WGS 84."""


@contextmanager
def open_store(settings: Settings) -> Generator[Store]:
    """Connect to the graph store the settings name, the embedded one by default, and bring its schema up to date."""
    if settings.neo4j_uri:
        password = settings.neo4j_password.get_secret_value()
        with connect(
            settings.neo4j_uri, settings.neo4j_user, password, settings.neo4j_database,
            timeout=settings.query_timeout, row_cap=settings.row_cap,
        ) as store:  # fmt: skip
            migrate(store)
            yield store
        return
    with (
        ensure_running(settings.home / "store", heap=settings.heap) as running,
        connect(
            running.uri, running.user, running.password, timeout=settings.query_timeout, row_cap=settings.row_cap
        ) as store,
    ):
        migrate(store)
        yield store


@contextmanager
def open_services(settings: Settings) -> Generator[Services]:
    """Everything a request may need, on one store; raises CityMissing where the graph holds no city yet."""
    with open_store(settings) as store:
        city, taxonomy, reader = read_city_info(settings.city), load_taxonomy(), Reader(store)
        if not reader.all_areas((AreaKind.CITY, AreaKind.DISTRICT)):
            raise CityMissing(
                "the graph holds no city yet, so no place could be found: run `citygraph load-geography` first"
            )
        write_taxonomy(store, taxonomy)
        classifier = OnnxClassifier()
        seal = Seal(settings.personal_key.get_secret_value()) if settings.personal_key else None
        reader_key = settings.personal_reader_key
        tagger = OnnxTagger()
        extractor = LivingExtractor(
            lambda: make_extractor(reader.all_areas(), reader.all_places(), city.language, city.timezone, tagger)
        )
        texts = TextExtractor(extractor, reader.all_areas(), reader.all_places(), city.timezone)

        def learn() -> None:
            extractor.learn()
            texts.learn(reader.all_areas(), reader.all_places())

        yield Services(
            store=store,
            city=city,
            taxonomy=taxonomy,
            ingestor=Ingestor(store, classifier, extractor, taxonomy, city=city.area, zone=city.timezone),
            reader=reader,
            plans=PlanReader(store),
            key=write_key(settings),
            reports=settings.home / "reports",
            classifier=classifier,
            texts=texts,
            proposals=Proposals(store, open_from=settings.proposal_reports, learn=learn),
            privacy=Privacy(Masker(), seal if settings.personal_data == "seal" else None),
            seal=seal,
            reader_key=reader_key.get_secret_value() if reader_key else None,
        )


def create_app(settings: Settings, services: Services | None = None) -> FastAPI:
    """The ASGI application. services: opened already (their owner closes them), or None to open them at start-up."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        with nullcontext(services) if services else open_services(settings) as opened:
            app.state.services = opened
            with Schedule(opened, hour=settings.report_hour):
                yield

    app = FastAPI(
        title="citygraph",
        version="0.1.0",
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
        docs_url=None,  # the page and /openapi.json; the usual docs page fetches scripts from elsewhere
        redoc_url=None,
        responses=PROBLEM_RESPONSES,
    )
    install_problems(app)
    app.middleware("http")(_measure)
    for routes in (allocation, classify, extract, originals, reports, incidents, places, areas, graph, plans, health):
        app.include_router(routes.router)
    web = Path(str(files("api").joinpath("web")))
    # Browsers ask for it under this name beside any page.
    app.add_api_route(
        "/favicon.ico",
        lambda: FileResponse(web / "icon.svg", media_type="image/svg+xml"),
        include_in_schema=False,
        response_model=None,
    )
    app.mount("/", StaticFiles(directory=web, html=True), name="page")
    return app


def write_key(settings: Settings) -> str:
    """The key for writes: from the settings, or made at the first start and kept in the home directory (mode 0600)."""
    if settings.api_key:
        return settings.api_key.get_secret_value()
    path = settings.home / "api_key"
    if not path.exists() or not path.read_text(encoding="ascii").strip():
        settings.home.mkdir(parents=True, exist_ok=True)
        write_privately(path, secrets.token_urlsafe(24))
    return path.read_text(encoding="ascii").strip()


async def _measure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Time each request by route, and send the headers that keep a browser from guessing."""
    began = perf_counter()
    response = await call_next(request)
    route = getattr(request.scope.get("route"), "path", "page")
    REQUEST_SECONDS.labels(request.method, route, response.status_code).observe(perf_counter() - began)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; worker-src 'self' blob:"
    )
    return response
