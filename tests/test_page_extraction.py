"""What was read in a text, on the page in a real browser: a report's panel, and the box to try a text."""

import re

import pytest
from city_graph import ROOT
from page_server import INJECTION, NARROW, WIDE, address, browser, visit
from playwright.sync_api import expect

from api.extract_terminal import _PARTS
from core.types import Extraction, Link, LinkKind, Location, Mention, MentionKind, Role
from extraction.display import as_arrows, as_html

__all__ = ["address", "browser", "visit"]

TEXT = "昨晚11点岳麓区麓山南路的夜宵摊占道，五一广场也有，投诉五一广场物业乱收费，电话13812345678"

FULL = Extraction(
    mentions=(
        Mention(0, 5, "昨晚11点", MentionKind.TIME, 0.9, "times@1"),
        Mention(8, 12, "麓山南路", MentionKind.ROAD, 0.9, "gazetteer@1", None, Role.WHERE),
        Mention(13, 16, "夜宵摊", MentionKind.OBJECT, 0.8, "tagger@1", None, Role.CAUSE),
        Mention(16, 18, "占道", MentionKind.TRIGGER, 0.8, "tagger@1"),
    ),
    relations=(),
    location=Location(None, None, None, 0.0, "none", ""),
    links=(
        Link(LinkKind.AT, 3, 1, 0.8, "", "links@1"),
        Link(LinkKind.CAUSED_BY, 3, 2, 0.8, "", "links@1", hearsay=True),
        Link(LinkKind.HAPPENS_AT, 3, 0, 0.8, "", "links@1"),
    ),
)


def open_panel(visit, report, language="en"):
    """The card of a report with its panel open, and what the service says of it."""
    incident = visit.ask(f"reports/{report}")["incident"]
    page = visit.open(f"days=all&lang={language}&incident={incident}")
    card = page.locator(f'article[data-report="{report}"]')
    card.locator("> .why").nth(1).click()
    expect(card.locator(".extraction .facts")).to_be_visible()
    return card, visit.ask(f"reports/{report}/extraction?language={language}")


def read(visit, text, language="en"):
    """The page with this text read in the box."""
    page = visit.open(f"days=all&lang={language}&tab=try")
    page.locator("#try-text").fill(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".try-result")).to_have_attribute("aria-busy", "false")
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_says_what_was_read_in_it_and_which_places_were_considered(visit, language):
    card, said = open_panel(visit, "samples:own-2", language)
    assert card.locator(".drawing mark").count() == len(said["mentions"]) > 0
    for mark, mention in zip(card.locator(".drawing mark").all_inner_texts(), said["mentions"], strict=True):
        assert mark.startswith(mention["text"])
    assert card.locator(".places > li").count() == len(said["places"]) > 0
    for item, place in zip(card.locator(".places > li").all(), said["places"], strict=True):
        expect(item.locator(".place-head b")).to_have_text(place["chosen"][f"name_{language}"])
        best = place["considered"][0]
        expect(item.locator(".candidates .won span").nth(1)).to_have_text(best[f"name_{language}"])
        expect(item.locator(".candidates .won p")).to_contain_text({"zh": "名称", "en": "name"}[language])
        if language == "en":
            expect(item.locator(".candidates .won p")).to_contain_text(best["reason"])


def test_the_panel_is_read_once_and_closes_again(visit):
    card, _ = open_panel(visit, "samples:own-2")
    asked = []
    visit.page.on("request", lambda request: asked.append(request.url))
    button = card.locator("> .why").nth(1)
    button.click()
    expect(card.locator(".extraction")).to_be_hidden()
    button.click()
    expect(card.locator(".extraction .facts")).to_be_visible()
    assert asked == []


def test_what_people_write_stays_text_in_the_drawing_too(visit):
    card, _ = open_panel(visit, "samples:own-1")
    assert "<script>" in card.locator(".drawing").first.inner_text()
    page = read(visit, INJECTION)
    assert "<script>" in page.locator(".try-result .drawing").first.inner_text()
    for place in ("#incident", "#try-view"):
        assert page.locator(f"{place} img, {place} script").count() == 0
    assert page.evaluate("window.taken") is None


def test_a_text_can_be_tried_and_nothing_of_it_is_kept(visit):
    before = visit.ask("health")["reports"]
    page = read(visit, TEXT)
    result = page.locator(".try-result")
    for words in ("麓山南路", "road", "五一广场物业", "[电话]", "昨晚11点"):
        expect(result).to_contain_text(words)
    expect(result.locator(".candidates .won").first).to_be_visible()
    assert "13812345678" not in page.url
    assert visit.ask("health")["reports"] == before


def test_a_text_that_was_tried_is_read_again_in_the_other_language_and_after_another_view(visit):
    page = read(visit, TEXT)
    page.locator('#language button[lang="zh"]').click()
    expect(page.locator(".try-result h4").first).to_have_text("读出的词")
    expect(page.locator(".try-result .drawing").first).to_contain_text("道路")
    page.locator('#tabs button[data-choice="map"]').click()
    expect(page.locator("#try-view")).to_be_hidden()
    page.locator('#tabs button[data-choice="try"]').click()
    assert page.locator("#try-text").input_value() == TEXT
    expect(page.locator(".try-result .places")).to_be_visible()


def test_an_example_is_at_hand(visit):
    page = visit.open("days=all&lang=zh&tab=try")
    page.get_by_role("button", name="用例句").click()
    expect(page.locator(".try-result .places")).to_contain_text("麓山南路")
    expect(page.locator(".try-result .facts")).to_contain_text("每天")


def test_a_text_that_names_nothing_says_so(visit):
    page = read(visit, "唉，算了吧")
    expect(page.locator(".try-result")).to_contain_text("It names no place, time or party.")
    expect(page.locator(".try-result")).to_contain_text("not placed")


def test_a_text_that_cannot_be_read_shows_the_services_own_words(visit):
    page = read(visit, "😀")
    expect(page.locator(".try-result .state-error")).to_contain_text("words")
    visit.errors[:] = [error for error in visit.errors if "422" not in error]  # the browser's own line about it


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_read_fits_the_width(visit, language, size):
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    card, _ = open_panel(visit, "samples:own-2", language)
    card.locator(".extraction").scroll_into_view_if_needed()
    visit.shot(f"extraction-{language}-{size[0]}")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert visit.page.evaluate(
        "document.querySelector('#incident').scrollWidth <= document.querySelector('#incident').clientWidth"
    )
    page = read(visit, TEXT, language)
    visit.shot(f"try-{language}-{size[0]}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_links_are_drawn_as_arrows_that_scroll_within_their_frame(visit):
    said = visit.ask("reports/samples:own-2/extraction?language=en")
    said["drawing"] = {"spans": as_html(TEXT, FULL, "en"), "arrows": as_arrows(FULL, "en")}
    visit.page.route("**/extraction?language=en", lambda route: route.fulfill(json=said))
    visit.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    card, _ = open_panel(visit, "samples:own-2")
    expect(card.locator(".arrows svg .displacy-arrow")).to_have_count(len(FULL.links))
    card.locator(".arrows").scroll_into_view_if_needed()
    visit.shot(f"arrows-en-{NARROW[0]}")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    labels = card.locator(".arrows textPath").all_text_contents()
    assert labels == ["at", "caused by (hearsay)", "happens at"]


def test_every_part_of_a_score_has_a_name_on_the_page_and_in_the_terminal():
    parts = set(re.findall(r'_step\(\s*"(\w+)"', (ROOT / "extraction" / "evidence.py").read_text(encoding="utf-8"))) | {
        "name"
    }
    texts = (ROOT / "api" / "web" / "js" / "texts.js").read_text(encoding="utf-8")
    assert {part for part in parts if f"part_{part}:" not in texts} == set()
    assert parts <= _PARTS.keys()


def test_every_kind_and_role_of_a_mention_has_a_name_and_a_colour_on_the_page():
    texts = (ROOT / "api" / "web" / "js" / "texts.js").read_text(encoding="utf-8")
    style = (ROOT / "api" / "web" / "incident.css").read_text(encoding="utf-8")
    assert {kind for kind in MentionKind if f"kind_{kind}:" not in texts or f".mention-{kind} " not in style} == set()
    assert {role for role in Role if f"role_{role}:" not in texts} == set()
