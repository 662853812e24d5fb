"""The page's proposed places in a real browser: what people see and decide there."""

from collections.abc import Iterator

import httpx
import pytest
from city_graph import classifier, coarse_city, ingestor, load, take_in, texts
from page_server import KEY, NARROW, WIDE, Visit, _serving, browser, visit
from playwright.sync_api import Page, expect
from test_proposals import lines, row

from api.services import Services
from core.taxonomy import load_taxonomy
from graph.plans import PlanReader
from graph.proposals import Proposals
from graph.reader import Reader
from graph.schema import clear

__all__ = ["browser", "visit"]

EVIL = '<img src=x onerror="window.taken=1">'
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def address(embedded_server, tmp_path_factory) -> Iterator[str]:
    """The service with reports that name an estate with coordinates, one without, and a road that nobody can place."""
    clear(embedded_server)
    load(embedded_server)
    folder = tmp_path_factory.mktemp("places")
    spots = [(112.9301, 28.1903), (112.9312, 28.1911), (112.9306, 28.1907), (112.9309, 28.1898)]
    words = [
        "3栋门口垃圾没人收",
        "里面有人半夜唱歌，吵得睡不着",
        "垃圾成堆，苍蝇很多",
        "东门夜宵摊占道经营，人行道走不过去",
    ]
    rows = [
        row(n, f"🚨 岳麓区映霞小区{said} {'' if n else EVIL}", longitude=x, latitude=y, reported_at=f"2026-11-0{n + 1}T08:00:00Z")
        for n, (said, (x, y)) in enumerate(zip(words, spots, strict=True))
    ]  # fmt: skip
    rows += [
        row(f"b{n}", f"{said} on Birchwood Lane")
        for n, said in enumerate(("Loud music", "Trash dumped", "Parked cars"))
    ]
    rows += [
        row(f"c{n}", f"岳麓区荷塘月色小区{said}") for n, said in enumerate(("路灯坏了", "楼下工地太吵", "门口垃圾成堆"))
    ]
    rows += [row(f"d{n}", f"湘湖渔村小区{said}") for n, said in enumerate(("路灯坏了", "垃圾没人收", "门口垃圾成堆"))]
    take_in(embedded_server, lines(folder / "said.jsonl", *rows))
    services = Services(
        embedded_server, coarse_city().info, load_taxonomy(), ingestor(embedded_server), Reader(embedded_server),
        PlanReader(embedded_server), KEY["X-API-Key"], folder / "reports", classifier(), texts(),
        Proposals(embedded_server),
    )  # fmt: skip
    with _serving(services) as base:
        yield base


def shown(visit: Visit, proposal: str, language: str = "en", stage: str = "open") -> Page:
    page = visit.open(f"days=all&lang={language}&tab=places&stage={stage}&proposal={proposal}")
    expect(page.locator(".proposal h2")).to_be_visible()
    return page


def decide(page: Page, button: str, key: str = KEY["X-API-Key"]) -> None:
    page.get_by_label("Who decides").fill("Li Wei")
    page.get_by_label("Key for writes").fill(key)
    page.get_by_role("button", name=button, exact=True).click()


def test_the_list_shows_what_waits_the_most_named_first(visit):
    page = visit.open("days=all&lang=en&tab=places")
    expect(page.locator("button[data-proposal]")).to_have_count(4)
    names = page.locator("button[data-proposal] .title").all_inner_texts()
    assert names[0] == "映霞小区"
    assert "Birchwood Lane" in names
    expect(page.locator(".proposal h2")).to_have_text("映霞小区")


def test_a_proposal_shows_its_point_its_reports_points_and_sentences_with_the_name_marked(visit):
    page = shown(visit, "estate:映霞小区")
    expect(page.locator('.spot path[data-spot="reports"]')).to_have_count(1)
    assert set(page.locator(".named-in mark").all_inner_texts()) == {"映霞小区", "映霞小区3栋"}
    expect(page.locator(".named-in li")).to_have_count(4)
    assert page.evaluate("window.taken") is None
    assert page.locator(".named-in img").count() == 0


def test_a_place_that_reports_cannot_tell_is_found_by_a_click_on_the_map(visit):
    page = shown(visit, "road:birchwood ln")
    assert page.get_by_label("Longitude (WGS 84)").input_value() == ""
    page.locator(".spot").click(position={"x": 300, "y": 140})
    assert 111 < float(page.get_by_label("Longitude (WGS 84)").input_value()) < 115
    expect(page.locator(".spot path[data-spot]")).to_have_count(1)


def test_a_decision_needs_a_name_and_the_key_and_a_wrong_key_is_said(visit):
    page = shown(visit, "estate:荷塘月色")
    page.get_by_role("button", name="Not a place").click()
    expect(page.locator(".answer.wrong")).to_contain_text("Say who decides")
    decide(page, "Not a place", key="wrong")
    expect(page.locator(".answer.wrong")).to_contain_text("API key")
    assert visit.ask("places/proposals/estate:荷塘月色")["proposal"]["state"] != "rejected"
    visit.errors[:] = [error for error in visit.errors if "401" not in error]  # the browser's own line about it


def test_a_name_is_confirmed_and_taken_back_in_the_page(visit):
    page = shown(visit, "estate:映霞小区")
    page.get_by_label("English name").fill("Yingxia Estate")
    decide(page, "Confirm as a place")
    expect(page.locator(".decide")).to_contain_text("Confirmed as the place Yingxia Estate; 4 reports are tied to it.")
    expect(page.locator('button[data-proposal="estate:映霞小区"]')).to_have_count(0)
    place = visit.ask("places/proposals/estate:映霞小区")["proposal"]["place"]
    assert place in {one["id"] for one in visit.ask("places?limit=500")}
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Confirm as a place")).to_be_visible()
    assert visit.ask("places/proposals/estate:映霞小区")["proposal"]["state"] == "open"


def test_a_rejected_name_is_listed_as_such_only(visit):
    page = shown(visit, "estate:荷塘月色")
    decide(page, "Not a place")
    expect(page.locator(".decide")).to_contain_text("it is not proposed again")
    page.get_by_label("State").select_option("rejected")
    expect(page.locator("button[data-proposal] .title")).to_have_text(["荷塘月色小区"])
    httpx.post(
        f"{visit.base}/places/proposals/estate:荷塘月色/decision", json={"decision": "undo", "by": "t"}, headers=KEY
    ).raise_for_status()


def test_a_name_like_a_known_one_is_called_another_name_of_it(visit):
    page = shown(visit, "estate:湘湖渔村")
    near = page.locator('.near-names li[data-target="place-xianghu-estate"]')
    expect(near).to_contain_text("it is nearly its name")
    visit.shot("places-near")
    page.get_by_label("Who decides").fill("Li Wei")
    page.get_by_label("Key for writes").fill(KEY["X-API-Key"])
    near.get_by_role("button", name="Another name of this").click()
    expect(page.locator(".decide")).to_contain_text("3 reports are tied to it")
    assert visit.ask("places/proposals/estate:湘湖渔村")["proposal"]["place"] == "place-xianghu-estate"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Confirm as a place")).to_be_visible()


def test_an_empty_list_says_so(visit):
    page = visit.open("days=all&lang=en&tab=places&stage=alias")
    expect(page.locator(".proposals .state-empty")).to_contain_text("No name is in this state")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_proposed_places_fit_the_width(visit, language, size):
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = shown(visit, "estate:映霞小区", language)
    expect(page.locator(".spot path[data-spot]")).to_be_visible()
    visit.shot(f"places-{language}-{size[0]}")
    page.locator(".decide .buttons").scroll_into_view_if_needed()
    visit.shot(f"places-decide-{language}-{size[0]}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
