"""The page as people get it: the real app on the embedded store with a small real graph, and a real Chromium to look with."""

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn
from city_graph import DEMO, ROOT, classifier, coarse_city, ingestor, load, take_in, texts
from playwright.sync_api import Browser, Page, sync_playwright

from api.app import create_app
from api.services import Services
from core.settings import Settings
from core.taxonomy import load_taxonomy
from graph.plans import PlanReader
from graph.proposals import Proposals
from graph.reader import Reader
from graph.schema import clear
from graph.store import Store

KEY = {"X-API-Key": "a-key-for-the-page"}
SHOTS = ROOT / "artifacts" / "screenshots"
WIDE, NARROW = (1280, 800), (390, 844)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
)  # fmt: skip

INJECTION = '<img src=x onerror="window.taken=1"><script>window.taken=1</script> 劳动东路"; MATCH (n) DETACH DELETE n // 垃圾没人收'
EMOJI = "🚨🚨 👨‍👩‍👧 岳麓区麓山南路夜宵摊占道经营，人行道走不过去"
OWN = (
    {"id": "own-1", "text": INJECTION, "channel": "web"},
    {"id": "own-2", "text": EMOJI, "channel": "app"},
)


@dataclass(slots=True)
class Visit:
    """A page that is open, where it was asked for, and what went wrong on it."""

    page: Page
    base: str
    errors: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def open(self, fragment: str = "days=all&lang=en") -> Page:
        """Open the page anew at a fragment and wait until its incidents are there."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.base}/#{fragment}")
        self.page.wait_for_selector("#list[aria-busy=false]", state="attached")
        return self.page

    def ask(self, path: str) -> Any:
        """What the API says, for comparison."""
        answer = httpx.get(f"{self.base}/{path}", headers=KEY)
        answer.raise_for_status()
        return answer.json()

    def shot(self, name: str) -> None:
        """Keep a picture of what is seen."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png")


@pytest.fixture(scope="module")
def address(embedded_server: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service with some sixty reports of the demo city and two awkward ones, and a plan."""
    clear(embedded_server)
    load(embedded_server)
    folder = tmp_path_factory.mktemp("page")
    take_in(embedded_server, _samples(folder))
    services = Services(
        embedded_server, coarse_city().info, load_taxonomy(), ingestor(embedded_server), Reader(embedded_server),
        PlanReader(embedded_server), KEY["X-API-Key"], folder / "reports", classifier(), texts(),
        Proposals(embedded_server),
    )  # fmt: skip
    with _serving(services) as base:
        httpx.post(f"{base}/plans", json={}, headers=KEY, timeout=60).raise_for_status()
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium; CI fails without one, elsewhere the tests are skipped and say so."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        reason = "no Chromium on this machine: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """An empty page of a desk's size. Whatever a test does: no error on the console, nothing asked of another host."""
    with _visiting(browser, address, WIDE) as visit:
        yield visit
        assert visit.errors == []
        assert visit.hosts == {urlsplit(address).netloc}


@contextmanager
def _visiting(browser: Browser, address: str, size: tuple[int, int]) -> Iterator[Visit]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    visit = Visit(page, address)
    page.on(
        "console", lambda message: visit.errors.append(message.text) if message.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: visit.errors.append(str(error)))
    page.on("request", lambda request: visit.hosts.add(urlsplit(request.url).netloc))
    yield visit
    context.close()


def _samples(folder: Path) -> Path:
    lines = (DEMO / "reports.jsonl").read_text(encoding="utf-8").splitlines()[-60:]
    at = json.loads(lines[-1])["reported_at"]
    path = folder / "samples.jsonl"
    own = [json.dumps({**row, "reported_at": at, "synthetic": True}, ensure_ascii=False) for row in OWN]
    path.write_text("\n".join([*lines, *own]) + "\n", encoding="utf-8")
    return path


@contextmanager
def _serving(services: Services) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(create_app(Settings(), services), log_level="warning", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            httpx.get(f"{base}/health", timeout=60).raise_for_status()
            yield base
        finally:
            server.should_exit = True
            thread.join()
