"""The page in a real browser: what people see, do and send to each other."""

import re
from typing import get_args

import pytest
from city_graph import ROOT
from page_server import EMOJI, INJECTION, NARROW, WIDE, Visit, address, browser, visit
from playwright.sync_api import Page, expect

from core.classification import Doubt, Intent, Sentiment

__all__ = ["address", "browser", "visit"]

WEB = ROOT / "api" / "web"
TOPS = ("littering", "noise", "obstruction", "other")
expect.set_options(timeout=20_000)


def shown(page: Page) -> int:
    """How many incidents the list says there are."""
    return int(re.findall(r"\d+", page.locator("#shown").inner_text())[0])


def open_incident(page: Page, incident: str) -> None:
    page.locator(f'#list button[data-incident="{incident}"]').click()
    expect(page.locator(".graph svg .node").first).to_be_visible()


def incident_of(visit: Visit, report: str) -> str:
    return visit.ask(f"reports/samples:{report}")["incident"]


def test_the_page_loads_without_errors_and_asks_nobody_else(visit):
    page = visit.open()
    expect(page.locator("#city")).to_contain_text("Changsha")
    assert visit.errors == []
    assert len(visit.hosts) == 1


def test_the_map_shows_the_districts_with_their_names_and_every_incident_that_has_a_place(visit):
    page = visit.open()
    expect(page.locator("path[data-district]")).to_have_count(9)
    expect(page.locator(".area-name:not(.area-name-near)")).to_have_count(9)
    features = visit.ask("incidents.geojson?limit=500")["features"]
    expect(page.locator("path[data-incident]")).to_have_count(sum(one["geometry"] is not None for one in features))
    assert shown(page) == len(features)


def test_a_filter_by_category_leaves_only_its_incidents(visit):
    page = visit.open()
    page.locator('.category-row input[value="noise"]').click()
    expect(page.locator('#list button[data-incident]:not([data-category^="noise"])')).to_have_count(0)
    expect(page.locator('path[data-incident]:not([data-category^="noise"])')).to_have_count(0)
    found = visit.ask("incidents?limit=500")
    assert shown(page) == sum(one["category"].split(".")[0] == "noise" for one in found) > 0
    page.locator('.category-row input[value="noise"]').click()
    expect(page.locator("#shown")).to_contain_text(str(len(found)))


def test_filters_by_district_and_period_ask_the_service(visit):
    page = visit.open()
    district = next(one["district"] for one in visit.ask("incidents?limit=500") if one["district"])
    page.locator("#filters select").select_option(district)
    expect(page.locator("#shown")).to_contain_text(str(len(visit.ask(f"incidents?limit=500&district={district}"))))
    expect(page.locator("#list")).to_have_attribute("aria-busy", "false")
    inside = shown(page)
    page.locator('.periods input[value="7"]').check()
    expect(page).to_have_url(re.compile(f"days=7.*district={district}|district={district}.*days=7"))
    expect(page.locator("#list")).to_have_attribute("aria-busy", "false")
    assert shown(page) <= inside


def test_the_counts_are_those_of_the_reports(visit):
    page = visit.open()
    counted = page.locator(".category-row .count").all_inner_texts()
    rows = visit.ask("graph/counts?since=2020-01-01")
    assert [int(one) for one in counted] == [
        sum(row["reports"] for row in rows if row["category"].split(".")[0] == top) for top in TOPS
    ]


def test_an_empty_selection_says_so_with_a_hint_and_a_way_out(visit):
    page = visit.open("days=all&lang=en&district=nowhere")
    expect(page.locator("#list .state-empty")).to_contain_text("Try a longer period")
    page.get_by_role("button", name="Show everything").click()
    expect(page.locator("#list button[data-incident]").first).to_be_visible()


def test_a_click_on_a_circle_opens_the_incident_with_its_words_marked_and_its_graph_drawn(visit):
    page = visit.open()
    at = page.evaluate(
        """() => [...document.querySelectorAll("path[data-incident]")].map((path) => {
          const box = path.getBoundingClientRect();
          const x = box.x + box.width / 2, y = box.y + box.height / 2;
          return { id: path.dataset.incident, x, y, free: document.elementFromPoint(x, y) === path };
        }).find((one) => one.free)"""
    )
    page.mouse.click(at["x"], at["y"])
    detail = visit.ask(f"incidents/{at['id']}")
    expect(page.locator("#incident h2")).to_have_text(detail["incident"]["title"])
    expect(page.locator("#incident article.report")).to_have_count(len(detail["reports"]))
    first = page.locator("#incident .ranking").first
    expect(first.locator("li")).to_have_count(4)
    expect(page.locator(".graph svg .node.middle")).to_have_attribute("data-key", f"Incident:{at['id']}")
    assert page.locator(".graph svg line").count() > 0


def test_marked_words_are_the_mentions_even_after_characters_of_two_units(visit):
    page = visit.open()
    open_incident(page, incident_of(visit, "own-2"))
    card = page.locator('article[data-report="samples:own-2"]')
    assert card.locator(".words").inner_text() == EMOJI
    mentions = visit.ask("reports/samples:own-2")["mentions"]
    marked = card.locator(".words mark").all_inner_texts()
    assert "麓山南路" in marked
    assert set(marked) <= {mention["text"] for mention in mentions}


def test_a_card_says_what_was_read_in_the_report(visit):
    rows = visit.ask("reports?limit=100")
    names = {one["code"]: one["name_zh"] for one in visit.ask("categories")}
    for report in (next(one for one in rows if one["doubt"]), next(one for one in rows if not one["doubt"])):
        page = visit.open(f"days=all&lang=zh&incident={report['incident']}")
        tags = page.locator(f'article[data-report="{report["id"]}"] .readings')
        if report["code"] != report["category"]:
            expect(tags.locator(".tag-code").first).to_contain_text(names[report["code"]])
        for also in report["also"]:
            expect(tags).to_contain_text(f"还涉及：{names[also['category']]}")
        expect(tags).to_contain_text({1: "常规", 2: "尽快处理", 3: "立即处理"}[report["urgency"]])
        expect(tags).to_contain_text({"negative": "不满", "neutral": "平和", "positive": "满意"}[report["sentiment"]])
        expect(tags.locator(".tag-warn")).to_have_count(1 if report["doubt"] else 0)


def test_words_of_evidence_are_lit_inside_and_outside_of_mentions_and_the_text_stays_whole(visit):
    rows = visit.ask("reports?limit=100")

    def both(report):
        return any(
            one["start"] < other["end"] and other["start"] < one["end"]
            for one in report["evidence"]
            for other in report["mentions"]
        )

    report = next(one for one in rows if both(one))
    page = visit.open(f"days=all&lang=en&incident={report['incident']}")
    card = page.locator(f'article[data-report="{report["id"]}"]')
    expect(card.locator(".words .evidence").first).to_be_attached()
    assert card.locator(".words").text_content() == report["full_text"]
    assert "".join(card.locator(".words .evidence").all_text_contents()) == "".join(
        one["text"] for one in report["evidence"]
    )
    assert card.locator(".words mark .evidence").count() > 0


def test_a_report_says_why_it_has_its_category_when_asked(visit):
    report = next(one for one in visit.ask("reports?limit=100") if one["source"] == "samples" and not one["doubt"])
    said = visit.ask(f"reports/{report['id']}/explanation")["explanation"]
    page = visit.open(f"days=all&lang=en&incident={report['incident']}")
    card = page.locator(f'article[data-report="{report["id"]}"]')
    expect(card.locator(".explanation")).to_be_hidden()
    button = card.get_by_role("button", name="Why this category?")
    button.click()
    expect(card.locator(".weights li.for")).to_have_count(len(said["moved"]))
    expect(card.locator(".weights li.against")).to_have_count(len(said["against"]))
    assert card.locator(".weights .word").all_text_contents() == [
        one["text"] for one in said["moved"] + said["against"]
    ]
    assert card.locator(".examples b").all_text_contents() == [one["name_en"] for one in said["neighbours"]]
    assert card.locator(".examples p").all_text_contents() == [one["text"] for one in said["neighbours"]]
    button.click()
    expect(card.locator(".explanation")).to_be_hidden()


def test_what_people_write_stays_text(visit):
    page = visit.open()
    open_incident(page, incident_of(visit, "own-1"))
    assert page.locator('article[data-report="samples:own-1"] .words').inner_text() == INJECTION
    assert page.locator("#incident img, #incident script, #list img").count() == 0
    assert page.evaluate("window.taken") is None


def test_the_graph_can_be_walked_and_left_again(visit):
    page = visit.open()
    for one in visit.ask("incidents?limit=20"):
        open_incident(page, one["id"])
        if page.locator(".node.walkable").count():
            break
    home = page.locator(".node.middle").get_attribute("data-key")
    step = page.locator(".node.walkable").first
    goal = step.get_attribute("data-key")
    step.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".node.middle")).to_have_attribute("data-key", goal)
    page.get_by_role("button", name="Back to this incident").click()
    expect(page.locator(".node.middle")).to_have_attribute("data-key", home)


def test_the_list_is_reached_and_an_incident_opened_and_closed_by_keyboard(visit):
    page = visit.open()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the skip link
    page.keyboard.press("Tab")
    chosen = page.evaluate("document.activeElement.dataset.incident")
    page.keyboard.press("Enter")
    expect(page.locator("#incident h2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#incident")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.incident") == chosen


def test_the_language_follows_the_browser_switches_everything_and_survives_a_reload(visit):
    page = visit.open("days=all")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#tabs")).to_contain_text("Incidents")
    page.locator('#language button[lang="zh"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#city")).to_contain_text("长沙市")
    expect(page.locator('.category-row[data-category="noise"]')).to_contain_text("噪音扰民")
    expect(page.locator("#filters select")).to_contain_text("岳麓区")
    visit.open("days=all")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#list h2")).to_have_text("最热事件")


def test_a_view_can_be_sent_to_somebody(visit):
    page = visit.open()
    page.locator('.category-row input[value="obstruction"]').click()
    page.locator("#list button[data-incident]").first.click()
    title = page.locator("#incident h2").inner_text()
    count, link = shown(page), page.url.partition("#")[2]
    visit.open(link)
    expect(page.locator("#incident h2")).to_have_text(title)
    assert shown(page) == count
    expect(page.locator('.category-row input[value="noise"]')).not_to_be_checked()


def test_the_plan_says_who_goes_where_and_why_and_what_is_left_out(visit):
    plan = visit.ask(f"plans/{visit.ask('plans')[0]['id']}")
    job = plan["assignments"][0]
    page = visit.open()
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.locator(".crew li[data-incident]")).to_have_count(len(plan["assignments"]))
    crew = page.locator(f'.crew[data-crew="{job["crew"]}"]')
    expect(crew.locator("> h4")).to_contain_text(job["crew_en"])
    item = crew.locator(f'li[data-incident="{job["incident"]}"]')
    expect(item.locator(".job-why")).to_contain_text(job["why_en"].partition("incident:")[0].strip())
    item.locator("summary").click()
    for rule in job["fired"]:
        expect(item.locator(".reasons")).to_contain_text(rule["reason_en"])
    expect(page.locator(".left-group li")).to_have_count(len(plan["left_out"]))
    item.locator(".job-title button").click()
    expect(page.locator(".decision-sent")).to_contain_text(job["crew_en"])
    expect(page.locator(".decision-sent .points").first).to_contain_text(job["fired"][0]["reason_en"])


def test_invented_data_are_called_invented(visit):
    page = visit.open()
    expect(page.locator("#notice")).to_contain_text("invented, not real")


def test_a_wrong_address_shows_the_services_own_words(visit):
    page = visit.open("days=all&lang=en&incident=incident:nothing")
    expect(page.locator("#incident .state-error")).to_contain_text("incident:nothing")
    visit.errors[:] = [error for error in visit.errors if "404" not in error]  # the browser's own line about it


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_fits_the_width(visit, language, size):
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    hottest = visit.ask("incidents?limit=1")[0]["id"]
    ready = {"map": "path[data-incident]", "incident": ".graph svg .node", "plan": ".plan-columns"}
    for view, fragment in (("map", ""), ("incident", f"&incident={hottest}"), ("plan", "&tab=plan")):
        page = visit.open(f"days=all&lang={language}{fragment}")
        page.wait_for_selector(ready[view], state="attached")
        if view == "incident":
            page.locator("article.report > .why").first.click()
            expect(page.locator(".examples li").first).to_be_visible()
        visit.shot(f"{view}-{language}-{size[0]}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_every_text_the_page_asks_for_is_there_in_both_languages():
    rows = re.findall(
        r'^  (\w+): \["(.*?)", "(.*?)"\],$', (WEB / "js" / "texts.js").read_text(encoding="utf-8"), re.MULTILINE
    )
    texts = {key: (zh, en) for key, zh, en in rows}
    sources = "".join(path.read_text(encoding="utf-8") for path in (WEB / "js").glob("*.js"))
    assert set(re.findall(r'\bt\("(\w+)"', sources)) <= texts.keys()
    assert {f"doubt_{one}{more}" for one in Doubt for more in ("", "_why")} <= texts.keys()
    assert {f"tone_{one}" for one in get_args(Sentiment)} | {
        f"intent_{one}" for one in get_args(Intent)
    } <= texts.keys()
    for zh, en in texts.values():
        assert zh.strip()
        assert en.strip()
        assert set(re.findall(r"\{\w+\}", zh)) == set(re.findall(r"\{\w+\}", en))
