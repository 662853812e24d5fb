"""Names that the city does not know: counted as reports come, decided on by people, taken back."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from city_graph import classifier, coarse_city, dump, intake, load, unchanged
from hypothesis import given
from hypothesis import strategies as st

from api.living import LivingExtractor
from core.errors import BadInput, CityMissing, Conflict, NotFound, OutsideCity
from core.taxonomy import load_taxonomy
from core.types import Considered, Mention, MentionKind, PlaceChoice, PlaceKind, Point, Role
from extraction.pipeline import Pipeline
from graph.ingest import Ingestor
from graph.proposal_counts import ProposalCount
from graph.proposal_decisions import Decision, DecisionKind
from graph.proposal_names import Naming, UnknownName, place_key, unknown_names
from graph.proposal_views import ProposalState
from graph.proposals import Proposals
from graph.reader import Reader
from graph.schema import clear
from graph.sources import fingerprint, read_rows
from graph.writer import write_city

ESTATE = "estate:映霞小区"  # no place of the demo city is called like it
PLACE = f"proposed:{ESTATE}"
YUELU = "430104"
SAID = (
    "岳麓区映霞小区3栋门口垃圾没人收",
    "岳麓区映霞小区里面有人半夜唱歌",
    "岳麓区映霞小区垃圾成堆，物业不管",
    "岳麓区映霞小区东门夜宵摊占道经营",
)
HERE = (
    {"longitude": 112.930, "latitude": 28.190},
    {"longitude": 112.932, "latitude": 28.192},
    {"longitude": 112.931, "latitude": 28.191},
)
CONFIRM = Decision(DecisionKind.CONFIRM, "Li Wei", name_en="Yingxia Estate")
REJECT = Decision(DecisionKind.REJECT, "Li Wei", "any estate is called so")
UNDO = Decision(DecisionKind.UNDO, "Wang Fang", "a slip")


@pytest.fixture
def city(store):
    load(store)
    return store


@pytest.fixture
def named(city, tmp_path):
    """A city with four reports that name the estate, three of them with coordinates."""
    take_in(
        city, lines(tmp_path / "x.jsonl", *(row(n, said, **(HERE[n] if n < 3 else {})) for n, said in enumerate(SAID)))
    )
    return city


@cache
def extractor():
    """One that reads names by the city's list and by their form, so that what is counted does not hang on a model."""
    return Pipeline(coarse_city().areas, coarse_city().places)


def ingestor(store, extracting=None):
    info = coarse_city().info
    return Ingestor(store, classifier(), extracting or extractor(), load_taxonomy(), city=info.area, zone=info.timezone)


def take_in(store, path):
    return ingestor(store).ingest_rows(
        read_rows(path), intake(path.stem), ingest=fingerprint(path), rejects=path.with_suffix(".rejects")
    )


def row(number, text, **more):
    return {"id": str(number), "text": text, "reported_at": "2026-11-01T08:00:00+08:00", **more}


def lines(path, *rows):
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")
    return path


def proposal(store, identifier=ESTATE):
    return Proposals(store).proposal(identifier).proposal


def ids(store, **filters):
    return [one.id for one in Proposals(store).proposals(**filters)[0]]


def decide(store, decision, identifier=ESTATE):
    return Proposals(store).decide(identifier, decision)


def alias(place):
    return Decision(DecisionKind.ALIAS, "Li Wei", place=place)


def tied(store, place):
    """Which reports the graph ties to a place, by each kind of relation, and by the targets of their mentions."""

    def work(tx):
        rows = tx.run(
            "MATCH (r:Report)-[l:AT|MENTIONS]->(:Place {id: $id}) RETURN type(l) AS type, r.id AS id", id=place
        )
        return {(one["type"], one["id"]) for one in rows}

    reports, _ = Reader(store).reports(limit=100)
    targets = {("target", one.id) for one in reports for mention in one.mentions if mention.target == place}
    return store.transact(work) | targets


def history_aside(store):
    """The graph, but for who held its lock and what was decided and undone."""
    return [one for one in dump(store, volatile=frozenset({"decisions"})) if "'Lock'" not in one]


# --- which names count, and when two are one ---


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("沁园小区", "沁园小区3栋"),
        ("丽发新城", "丽发新城小区5栋"),
        ("沁园小区", "沁園小區 三栋二单元"),
        ("恒大江湾", "恒大江湾二期3栋"),
        ("恒大江湾", "恒大江湾附近"),
        ("第十二中学", "第12中学"),
        ("Silver Oaks", "the Silver Oaks Apt 3"),
        ("Birchwood Lane", "birchwood ln."),
    ],
)
def test_spellings_of_one_place_have_one_key(one, other):
    assert place_key(one, MentionKind.ESTATE)[0] == place_key(other, MentionKind.ESTATE)[0]


@pytest.mark.parametrize(
    ("one", "other"), [("沁园小区", "沁心小区"), ("沁园", "沁园小区"), ("一中", "二中"), ("Elm St", "Oak St")]
)
def test_two_places_have_two_keys(one, other):
    assert place_key(one, MentionKind.ESTATE)[0] != place_key(other, MentionKind.ESTATE)[0]


def test_a_spelling_is_cut_from_the_words_and_a_crossing_keeps_what_makes_it_one():
    assert place_key("沁園小區三栋", MentionKind.ESTATE) == ("沁园小区", "沁園小區")
    assert place_key("丽发新城小区5栋", MentionKind.ESTATE) == ("丽发新城", "丽发新城小区")
    assert place_key("The Silver Oaks Apt 3", MentionKind.ESTATE)[1] == "Silver Oaks"
    assert place_key("映霞路口", MentionKind.CROSSING)[0] != place_key("映霞路", MentionKind.CROSSING)[0]


def mention(text, kind=MentionKind.ESTATE, source="patterns-zh@1", target=None):
    return Mention(0, len(text), text, kind, 0.8, source, target)


@pytest.mark.parametrize(
    "said",
    [
        mention("映霞小区", target="place-known"),
        mention("映霞街道", MentionKind.DISTRICT),
        mention("映霞物业公司", MentionKind.ORGANIZATION),
        mention("映霞路5号", MentionKind.ADDRESS),
        mention("小区门口"),
        mention("the park", MentionKind.POI),
        mention("A"),
        mention("长" * 90),
        mention("人民路", MentionKind.ROAD, source="gazetteer@2"),
    ],
    ids=lambda one: one.text[:12],
)
def test_known_names_areas_addresses_and_generic_words_are_no_proposals(said):
    assert list(unknown_names([said])) == []


def test_a_name_that_several_places_bear_is_known_though_left_open():
    several = (Considered("p1", "映霞小区", 0.8, {}, "its name"), Considered("p2", "映霞小区", 0.8, {}, "its name"))
    like = (Considered("p3", "映山小区", 0.5, {}, "nearly its name"),)
    said = [mention("映霞小区")]
    assert list(unknown_names(said, [PlaceChoice(0, None, 0.8, several, "left open")])) == []
    assert len(list(unknown_names(said, [PlaceChoice(0, None, 0.5, like, "nothing sure enough")]))) == 1


@pytest.mark.parametrize("junk", ["栋" * 20_000, "3 " * 9_000 + "apt 3", "路口" * 9_000, " \u3000" * 9_000 + "园"])
def test_junk_is_no_name(junk):
    assert all(len(one.key) <= 64 for one in unknown_names([mention(junk)]))


# --- counting ---


def test_a_name_is_counted_by_report_with_where_and_when_it_is_said(named):
    one = proposal(named)
    assert (one.reports, one.state, one.name, one.kind) == (4, ProposalState.OPEN, "映霞小区", "estate")
    assert [(spelling.text, spelling.reports) for spelling in one.spellings] == [("映霞小区", 4)]
    assert [(district.id, district.name_en, district.reports) for district in one.districts] == [
        (YUELU, "Yuelu District", 4)
    ]
    assert one.location == Point(112.931, 28.191)
    assert (one.location_basis, one.located) == ("reports", 3)
    assert 100 < one.spread_metres < 200
    assert 0 < one.confidence <= 1


def test_a_report_that_names_a_place_twice_counts_once(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", row(1, "映霞小区垃圾成堆，映霞小区3栋门口最多")))
    assert proposal(city).reports == 1
    assert city.read("MATCH (:Report)-[names:NAMES]->(:ProposedPlace) RETURN count(names) AS n") == [{"n": 2}]


def test_a_place_without_coordinates_is_shown_in_the_middle_of_its_district_and_marked_so(city, tmp_path):
    far = {"longitude": 121.47, "latitude": 31.23}
    take_in(city, lines(tmp_path / "x.jsonl", row(1, SAID[0]), row(2, SAID[1], **far)))
    one = proposal(city)
    assert (one.location_basis, one.located, one.spread_metres) == ("district", 0, None)
    assert one.location == Reader(city).area(YUELU).centroid


def test_coordinates_that_contradict_the_text_do_not_tell_where_the_place_is(city, tmp_path):
    elsewhere = {"longitude": 112.985, "latitude": 28.15}
    take_in(city, lines(tmp_path / "x.jsonl", row(1, SAID[0], **elsewhere)))
    assert Reader(city).report("x:1").location_contradicted == YUELU
    assert proposal(city).located == 0


def test_a_name_is_proposed_from_three_reports_on_or_as_many_as_are_set(city, tmp_path):
    for n in range(3):
        assert ids(city) == []
        take_in(city, lines(tmp_path / f"x{n}.jsonl", row(n, SAID[n])))
        assert ids(city, state=ProposalState.CANDIDATE) == ([ESTATE] if n < 2 else [])
    assert ids(city) == [ESTATE]
    assert ids(city, min_reports=4) == []
    assert [one.id for one in Proposals(city, open_from=4).proposals()[0]] == []
    assert [one.id for one in Proposals(city, open_from=4).proposals(min_reports=2)[0]] == [ESTATE]


def test_a_repeated_file_changes_nothing(named, tmp_path):
    with unchanged(named):
        take_in(named, tmp_path / "x.jsonl")


def test_a_file_taken_in_parts_counts_as_the_whole(named, tmp_path):
    whole = [one for one in dump(named, volatile=frozenset({"received_at", "at"})) if "ProposedPlace" in one]
    text = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    clear(named)
    load(named)
    part = tmp_path / "part" / "x.jsonl"
    part.parent.mkdir()
    for upto in (1, 3, 4):
        part.write_text("".join(text[:upto]), encoding="utf-8")
        take_in(named, part)
    assert [one for one in dump(named, volatile=frozenset({"received_at", "at"})) if "ProposedPlace" in one] == whole


def test_eight_writers_at_once_lose_no_report_and_double_none(city, tmp_path):
    files = [
        lines(tmp_path / f"f{part}.jsonl", *(row(n, SAID[n % 4], **HERE[n % 3]) for n in range(5))) for part in range(8)
    ]
    failed = []

    def work(path):
        try:
            take_in(city, path)
            take_in(city, path)
        except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
            failed.append(error)

    threads = [threading.Thread(target=work, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    one = proposal(city)
    assert (one.reports, one.located) == (40, 40)
    assert one.spellings[0].reports == one.districts[0].reports == 40
    assert city.read("MATCH (:Report)-[n:NAMES]->(:ProposedPlace {id: $id}) RETURN count(n) AS n", id=ESTATE) == [
        {"n": 40}
    ]


def test_names_of_reports_stored_before_names_were_counted_are_counted_later_once(named):
    before = history_aside(named)
    named.write("MATCH (p:ProposedPlace) DETACH DELETE p")
    assert Proposals(named).count_stored() == 4
    assert history_aside(named) == before
    assert Proposals(named).count_stored() == 0
    assert history_aside(named) == before


POINTS = st.builds(Point, st.floats(112, 113), st.floats(28, 29))
NAMINGS = st.lists(
    st.builds(
        Naming,
        report=st.uuids().map(str),
        reported_at=st.integers(0, 10**6).map(lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)),
        district=st.sampled_from([None, "a", "b"]),
        point=st.none() | POINTS,
        names=st.lists(
            st.builds(
                UnknownName, st.just(MentionKind.ESTATE), st.just("园"), st.sampled_from(["园", "園", "Yuan"]), st.just(0),
                st.just(1), st.just("园"), st.floats(0, 1), st.none(),
            ),
            min_size=1, max_size=3,
        ).map(tuple),
    ),
    min_size=1, max_size=150,
)  # fmt: skip


@given(NAMINGS, st.data())
def test_counts_are_the_same_however_reports_are_batched(namings, data):
    whole = ProposalCount("estate:园", "estate", "园")
    batched = ProposalCount("estate:园", "estate", "园")
    for naming in namings:
        whole.add(naming, list(naming.names))
        batched.add(naming, list(naming.names))
        if data.draw(st.booleans()):
            batched = ProposalCount.of({"id": batched.id, **batched.properties()})
    assert batched.properties() == whole.properties()
    assert whole.reports == len(namings)
    point, spread = whole.location()
    assert (point is None) == (whole.located == 0)
    if point:
        assert spread >= 0
        for values, value in (
            ([one.longitude for one in whole.positions], point.longitude),
            ([one.latitude for one in whole.positions], point.latitude),
        ):
            assert min(values) - 1e-6 <= value <= max(values) + 1e-6


# --- listing ---


def test_the_list_is_paged_by_key_and_filtered(city, tmp_path):
    rows = [row(f"{name}{n}", f"岳麓区{name}小区垃圾没人收") for name in ("映霞", "荷塘月色", "沁园") for n in range(2)]
    take_in(city, lines(tmp_path / "x.jsonl", *rows, row("r", "Loud music on Birchwood Lane")))
    found, key = Proposals(city).proposals(min_reports=1, limit=2)
    rest, end = Proposals(city).proposals(min_reports=1, limit=2, after=key)
    assert end is None
    assert [one.reports for one in found + rest] == [2, 2, 2, 1]
    assert len({one.id for one in found + rest}) == 4
    assert ids(city, min_reports=1, kind="road") == ["road:birchwood ln"]
    assert len(ids(city, min_reports=1, district=YUELU)) == 3
    assert ids(city, min_reports=1, district="430102") == []
    for wrong in ({"kind": "district"}, {"after": "x~y"}, {"after": "9" * 5000 + "~y"}, {"after": "٣~y"}):
        with pytest.raises(BadInput):
            Proposals(city).proposals(**wrong)


def test_a_proposal_shows_how_reports_name_it(named):
    detail = Proposals(named).proposal(ESTATE)
    assert [one.sentence[one.start : one.end].startswith("映霞小区") for one in detail.examples] == [True] * 4
    assert {one.report for one in detail.examples} == {f"x:{n}" for n in range(4)}
    assert [one.location is not None for one in sorted(detail.examples, key=lambda one: one.report)] == [
        True,
        True,
        True,
        False,
    ]


def test_only_the_sentence_around_the_name_is_shown(city, tmp_path):
    text = f"先说别的。{'长' * 200}映霞小区里面{'长' * 200}很吵！再见。"
    take_in(city, lines(tmp_path / "x.jsonl", row(1, text)))
    one = Proposals(city).proposal(ESTATE).examples[0]
    assert one.sentence[one.start : one.end].startswith("映霞小区")
    assert "先说" not in one.sentence
    assert "再见" not in one.sentence
    assert len(one.sentence) < 210


def test_names_of_the_city_like_it_come_with_why_in_both_languages_and_lead_to_a_suggestion(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", *(row(n, "岳麓区映霞小区垃圾没人收") for n in range(3))))
    changed = {"name": "德正园小区", "spellings": ["德正园小区"], "districts": ["430102"]}  # 德政园小区, as it sounds
    city.write("MATCH (p:ProposedPlace) SET p += $changed", changed=changed)
    detail = Proposals(city).proposal(ESTATE)
    near = detail.near[0]
    assert near.target == "place-dezhengyuan-estate"
    assert 0.5 < near.similarity < 1
    assert near.why_zh
    assert near.why_en
    assert (detail.suggestion.decision, detail.suggestion.place) == (DecisionKind.ALIAS, near.target)


def test_what_reports_place_well_is_suggested_as_a_place_and_what_nobody_can_place_is_not(named, tmp_path):
    assert Proposals(named).proposal(ESTATE).suggestion.decision is DecisionKind.CONFIRM
    take_in(named, lines(tmp_path / "b.jsonl", *(row(n, "Loud music on Birchwood Lane") for n in range(3))))
    assert Proposals(named).proposal("road:birchwood ln").suggestion.decision is None


# --- confirming ---


def test_a_confirmed_name_becomes_a_place_and_earlier_reports_are_tied_to_it(named):
    before = {one.id: one for one in Reader(named).reports(limit=100)[0]}
    incidents = Reader(named).incidents()[0]
    decided = decide(named, replace(CONFIRM, kind=PlaceKind.POI, sensitive="school"))
    place = Reader(named).place_history(PLACE).place
    assert (place.name_zh, place.name_en, place.kind, place.sensitive) == (
        "映霞小区",
        "Yingxia Estate",
        "poi",
        "school",
    )
    assert (place.location, place.district) == (Point(112.931, 28.191), YUELU)
    assert decided.record.reports == 4
    assert decided.detail.proposal.state is ProposalState.CONFIRMED
    assert (decided.detail.proposal.place, decided.detail.proposal.decided_by) == (PLACE, "Li Wei")
    assert tied(named, PLACE) == {(kind, f"x:{n}") for kind in ("AT", "MENTIONS", "target") for n in range(4)}
    assert ids(named) == []
    assert ids(named, state=ProposalState.CONFIRMED) == [ESTATE]
    assert Reader(named).incidents()[0] == incidents  # they are not matched again
    for one in Reader(named).reports(limit=100)[0]:
        assert replace(one, mentions=before[one.id].mentions) == before[one.id]


def test_a_report_from_another_district_names_the_place_but_is_not_at_it(named, tmp_path):
    take_in(named, lines(tmp_path / "y.jsonl", row(1, "雨花区的工地太吵，和映霞小区那次一样")))
    decide(named, CONFIRM)
    assert {kind for kind, report in tied(named, PLACE) if report == "y:1"} == {"MENTIONS", "target"}


class Told:
    """Reads as the extractor of these tests does, and tells one role for every name."""

    def __init__(self, role):
        self._role = role

    def extract(self, reports):
        return [
            replace(read, mentions=tuple(replace(mention, role=self._role) for mention in read.mentions))
            for read in extractor().extract(reports)
        ]


@pytest.mark.parametrize(("role", "at"), [(None, True), (Role.WHERE, True), (Role.NEAR, False), (Role.CAUSE, False)])
def test_a_report_is_at_the_place_unless_the_name_plays_another_part(city, role, at):
    reports = [intake("x").accept(row(n, SAID[n], **HERE[n])) for n in range(3)]
    ingestor(city, Told(role)).accept(reports, ingest="x")
    decide(city, CONFIRM)
    kinds = {kind for kind, _ in tied(city, PLACE)}
    assert kinds == {"MENTIONS", "target", "AT"} if at else kinds == {"MENTIONS", "target"}


def test_a_location_may_be_given_and_its_district_comes_from_the_polygons(named):
    decide(named, replace(CONFIRM, location=Point(112.976, 28.197)))
    assert Reader(named).place_history(PLACE).place.district == "430102"


def test_who_extracts_learns_a_new_name_at_once(named, tmp_path):
    reader = Reader(named)
    living = LivingExtractor(lambda: Pipeline(reader.all_areas(), reader.all_places()))
    serving = ingestor(named, living)
    Proposals(named, learn=living.learn).decide(ESTATE, CONFIRM)
    report = intake("later").accept(row("z", "映霞小区3栋门口又堆满垃圾"))
    serving.accept([report], ingest="later")
    read = reader.report("later:z")
    assert (read.location_method, read.location, read.district) == ("place", Point(112.931, 28.191), YUELU)
    assert proposal(named).reports == 4  # it is a known name now


def test_a_report_read_by_somebody_who_does_not_know_the_name_yet_is_tied_as_it_comes(named, tmp_path):
    decide(named, CONFIRM)
    take_in(named, lines(tmp_path / "y.jsonl", row(1, SAID[0])))  # by the extractor of before
    assert {kind for kind, report in tied(named, PLACE) if report == "y:1"} == {"AT", "MENTIONS", "target"}
    assert proposal(named).reports == 5


def test_many_reports_are_tied_in_one_go(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", *(row(n, SAID[n % 4], **HERE[n % 3]) for n in range(1203))))
    assert decide(city, CONFIRM).record.reports == 1203
    assert city.read("MATCH (:Report)-[m:MENTIONS]->(:Place {id: $id}) RETURN count(m) AS n", id=PLACE) == [{"n": 1203}]
    assert decide(city, UNDO).record.reports == 1203
    assert city.read("MATCH (:Report)-[m]->(p:Place {id: $id}) RETURN count(m) AS n", id=PLACE) == [{"n": 0}]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"location": Point(121.47, 31.23)}, "location"),
        ({"location": Point(float("nan"), 28.0)}, "location"),
        ({"name_zh": "小区"}, "name_zh"),
        ({"name_en": "x"}, "name_en"),
        ({"name_en": "x" * 101}, "name_en"),
        ({"sensitive": "bank"}, "sensitive"),
        ({"place": "place-wuyi-square"}, "place"),
        ({"by": " "}, "by"),
        ({"by": "x" * 101}, "by"),
        ({"why": "x" * 1001}, "why"),
        ({"decision": DecisionKind.ALIAS, "name_en": None}, "place"),
        ({"decision": DecisionKind.REJECT}, "name_en"),
        ({"decision": DecisionKind.UNDO}, "name_en"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_and_changes_nothing(named, changed, field):
    with unchanged(named), pytest.raises(BadInput) as refused:
        decide(named, replace(CONFIRM, **changed))
    assert refused.value.field == field


def test_a_point_outside_the_city_is_said_to_be_so(named):
    with pytest.raises(OutsideCity):
        decide(named, replace(CONFIRM, location=Point(0.0, 0.0)))


def test_a_place_that_no_report_can_locate_needs_a_location(city, tmp_path):
    take_in(city, lines(tmp_path / "x.jsonl", *(row(n, SAID[n]) for n in range(3))))
    with pytest.raises(BadInput, match="location"):
        decide(city, CONFIRM)
    assert decide(city, replace(CONFIRM, location=Point(112.93, 28.19))).record.place == PLACE


def test_a_second_place_of_one_kind_name_and_district_is_a_conflict(named):
    known = next(one for one in coarse_city().places if one.kind is PlaceKind.ESTATE and one.area == YUELU)
    with unchanged(named), pytest.raises(Conflict, match="alias"):
        decide(named, replace(CONFIRM, name_zh=known.name_zh))


# --- another name of a place ---


def test_another_name_of_a_place_ties_its_reports_and_is_found_from_then_on(named):
    target = next(one for one in coarse_city().places if one.kind is PlaceKind.ESTATE and one.area == YUELU)
    decided = decide(named, alias(target.id))
    assert (decided.record.aliases, decided.record.reports) == (("映霞小区",), 4)
    assert decided.detail.proposal.state is ProposalState.ALIAS
    assert tied(named, target.id) == {(kind, f"x:{n}") for kind in ("AT", "MENTIONS", "target") for n in range(4)}
    place = next(one for one in Reader(named).all_places() if one.id == target.id)
    assert set(place.aliases) == {*target.aliases, "映霞小区"}
    report = intake("later").accept(row("z", SAID[0]))
    read = Pipeline(Reader(named).all_areas(), Reader(named).all_places()).extract([report])[0]
    assert target.id in {one.target for one in read.mentions}


def test_an_alias_needs_a_place_that_is_there(named):
    for place in ("place-none", YUELU):
        with unchanged(named), pytest.raises(NotFound):
            decide(named, alias(place))


# --- rejecting ---


def test_a_rejected_name_stays_away_however_often_it_is_said(named, tmp_path):
    decide(named, REJECT)
    take_in(named, lines(tmp_path / "y.jsonl", *(row(n, SAID[n]) for n in range(4))))
    assert ids(named) == ids(named, state=ProposalState.CANDIDATE) == []
    detail = Proposals(named).proposal(ESTATE)
    assert detail.proposal.state is ProposalState.REJECTED
    assert [(one.decision, one.by, one.why) for one in detail.decisions] == [
        (DecisionKind.REJECT, "Li Wei", REJECT.why)
    ]
    decide(named, UNDO)
    assert proposal(named).reports == 8  # those of meanwhile count too
    assert ids(named) == [ESTATE]


# --- undoing ---


@pytest.mark.parametrize("decision", [CONFIRM, REJECT, alias("place-wuyi-square")], ids=["confirm", "reject", "alias"])
def test_undoing_leaves_the_graph_of_before_but_for_the_history(named, decision):
    before = history_aside(named)
    decide(named, decision)
    assert history_aside(named) != before
    detail = decide(named, UNDO).detail
    assert history_aside(named) == before
    assert detail.proposal.state is ProposalState.OPEN
    assert detail.proposal.decided_by is None
    assert [(one.decision, one.by) for one in detail.decisions] == [
        (decision.decision, "Li Wei"),
        (DecisionKind.UNDO, "Wang Fang"),
    ]
    assert detail.decisions[1].undoes is decision.decision


def test_a_place_that_something_else_points_at_is_retired_by_undoing_and_comes_back(named, tmp_path):
    decide(named, CONFIRM)
    knows = Pipeline(Reader(named).all_areas(), Reader(named).all_places())
    ingestor(named, knows).accept([intake("later").accept(row("z", SAID[2]))], ingest="later")
    decide(named, UNDO)
    assert {report for _, report in tied(named, PLACE)} == {"later:z"}
    assert PLACE not in {one.id for one in Reader(named).all_places()}
    decide(named, CONFIRM)
    assert PLACE in {one.id for one in Reader(named).all_places()}


def test_a_place_that_another_name_means_is_not_taken_back_before_that_name(named, tmp_path):
    take_in(named, lines(tmp_path / "y.jsonl", *(row(n, "岳麓区荷塘月色小区垃圾没人收") for n in range(3))))
    decide(named, CONFIRM)
    decide(named, alias(PLACE), "estate:荷塘月色")
    with pytest.raises(Conflict, match="荷塘月色"):
        decide(named, UNDO)
    decide(named, UNDO, "estate:荷塘月色")
    assert decide(named, UNDO).detail.proposal.state is ProposalState.OPEN


def test_a_name_found_by_extraction_stays_when_a_decision_about_another_is_undone(named, tmp_path):
    text = "岳麓区五一广场和映霞小区都有垃圾"
    take_in(named, lines(tmp_path / "y.jsonl", row(1, text)))
    found = tied(named, "place-wuyi-square")
    assert ("MENTIONS", "y:1") in found
    decide(named, alias("place-wuyi-square"))
    decide(named, UNDO)
    assert tied(named, "place-wuyi-square") == found


# --- states, and everything at once ---


def test_what_is_decided_is_not_decided_again_and_what_is_not_is_not_undone(named):
    with pytest.raises(Conflict, match="nothing is decided"):
        decide(named, UNDO)
    for decision, again in (
        (REJECT, CONFIRM),
        (CONFIRM, alias("place-wuyi-square")),
        (alias("place-wuyi-square"), REJECT),
    ):
        decide(named, decision)
        with pytest.raises(Conflict, match="undo that first"):
            decide(named, again)
        decide(named, UNDO)


@pytest.mark.parametrize("decision", [CONFIRM, REJECT, UNDO, alias("place-wuyi-square")], ids=lambda one: one.decision)
def test_an_unknown_proposal_is_not_found(named, decision):
    with pytest.raises(NotFound):
        decide(named, decision, "estate:none")
    with pytest.raises(NotFound):
        Proposals(named).proposal("estate:none")


def test_of_two_who_decide_at_once_one_is_refused(named):
    came = []

    def work(decision):
        try:
            came.append(decide(named, decision).record.decision)
        except Conflict as error:
            came.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in (CONFIRM, REJECT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, Conflict) for one in came) == 1
    assert len(Proposals(named).proposal(ESTATE).decisions) == 1


def test_reports_that_come_while_somebody_decides_are_all_tied(named, tmp_path):
    path = lines(tmp_path / "y.jsonl", *(row(n, SAID[n % 4]) for n in range(300)))
    taking = threading.Thread(target=take_in, args=(named, path))
    taking.start()
    decide(named, CONFIRM)
    taking.join()
    assert len({report for kind, report in tied_by(named, "MENTIONS")}) == proposal(named).reports == 304


def tied_by(store, kind):
    return store.transact(
        lambda tx: {
            (kind, one["id"])
            for one in tx.run("MATCH (r:Report)-[:MENTIONS]->(:Place {id: $id}) RETURN r.id AS id", id=PLACE)
        }
    )


def test_loading_the_city_again_keeps_what_people_decided(named, tmp_path):
    take_in(named, lines(tmp_path / "y.jsonl", *(row(n, "岳麓区荷塘月色小区垃圾没人收") for n in range(3))))
    decide(named, CONFIRM)
    decide(named, alias("place-wuyi-square"), "estate:荷塘月色")
    with unchanged(named):
        load(named)
        named.write("MATCH (lock:Lock) SET lock.holder = 'Li Wei'")
    places = {one.id: one for one in Reader(named).all_places()}
    assert PLACE in places
    assert "荷塘月色小区" in places["place-wuyi-square"].aliases


def test_a_place_of_a_district_that_the_city_no_longer_has_is_retired_with_it(named):
    decide(named, CONFIRM)
    kept = coarse_city()
    areas = tuple(one for one in kept.areas if YUELU not in (one.id, one.parent))
    left = {one.id for one in areas}
    write_city(
        named,
        replace(
            kept, areas=areas, borders=(), crews=(), departments=(),
            places=tuple(one for one in kept.places if one.area in left),
        ),
    )  # fmt: skip
    assert PLACE not in {one.id for one in Reader(named).all_places()}


def test_without_a_city_there_is_nothing_to_review(store):
    with pytest.raises(CityMissing):
        Proposals(store).proposals()


def test_the_extractor_of_the_tests_does_not_know_the_name():
    """Else these tests would say nothing."""
    report = intake("x").accept(row(1, SAID[0]))
    assert {one.target for one in extractor().extract([report])[0].mentions if one.text.startswith("映霞小区")} == {
        None
    }
