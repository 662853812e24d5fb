"""The commands about places that reports name and the city does not know: review them, decide on one, count stored reports."""

import getpass
import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt
from rich.table import Table
from rich.text import Text

from api.app import open_store
from core.errors import BadInput, CityGraphError
from core.settings import Settings
from core.types import PlaceKind, Point
from graph.proposal_decisions import Decision, DecisionKind
from graph.proposal_views import ProposalDetail, ProposalState, ProposalView
from graph.proposals import SENSITIVE, Decided, Proposals

__all__ = ["places_app"]

places_app = typer.Typer(help="Places that reports name and the city does not know.", no_args_is_help=True)
console = Console()
_SHOWN = 3  # reports of a proposal in the review
_PAGE = 100
_LIST: TypeAdapter[list[ProposalView]] = TypeAdapter(list[ProposalView])
_DETAIL: TypeAdapter[ProposalDetail] = TypeAdapter(ProposalDetail)
_DECIDED: TypeAdapter[Decided] = TypeAdapter(Decided)


@places_app.command(epilog="Example: citygraph places review")
def review(
    state: Annotated[ProposalState, typer.Option(help="which ones")] = ProposalState.OPEN,
    kind: Annotated[str | None, typer.Option(help="road, estate, poi or crossing; unset: all")] = None,
    district: Annotated[str | None, typer.Option(help="id of a district; unset: all")] = None,
    min_reports: Annotated[int | None, typer.Option(min=1, help="named in at least so many reports")] = None,
    limit: Annotated[int, typer.Option(min=1, help="at most so many")] = 1000,
    by: Annotated[str | None, typer.Option(help="who decides; unset: the user of this machine")] = None,
    *,
    as_list: Annotated[bool, typer.Option("--list", help="only list them; so it is where nobody can answer")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="only list them, as JSON")] = False,
) -> None:
    """Go through the proposed places one by one: confirm, alias, reject or skip each."""
    with _reviewing() as proposals:
        found: list[ProposalView] = []
        key: str | None = None
        while len(found) < limit:
            page, key = proposals.proposals(
                state=state, kind=kind, district=district, min_reports=min_reports, after=key,
                limit=min(_PAGE, limit - len(found)),
            )  # fmt: skip
            found += page
            if key is None:
                break
        if as_json:
            _print_json(_LIST.dump_python(found, mode="json"))
        elif as_list or not sys.stdin.isatty() or state not in (ProposalState.OPEN, ProposalState.CANDIDATE):
            console.print(_table(found) if found else _nothing(state))
        elif found:
            _walk(proposals, found, by or getpass.getuser())
        else:
            console.print(_nothing(state))


@places_app.command(epilog="Example: citygraph places show estate:映霞小区")
def show(
    identifier: Annotated[str, typer.Argument(help="as `review --list` shows it")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="as JSON, with all decisions")] = False,
) -> None:
    """Show one proposed place: reports that use the name, names of the city like it, what seems right."""
    with _reviewing() as proposals:
        detail = proposals.proposal(identifier)
    if as_json:
        _print_json(_DETAIL.dump_python(detail, mode="json"))
    else:
        _show(detail, len(detail.examples))


@places_app.command(
    epilog="Example: citygraph places decide estate:映霞小区 confirm --location 112.93,28.19 --name-en 'Yingxia Estate'"
)
def decide(
    identifier: Annotated[str, typer.Argument(help="as `review --list` shows it")],
    decision: Annotated[DecisionKind, typer.Argument(help="confirm, alias, reject or undo")],
    *,
    place: Annotated[str | None, typer.Option(help="alias: id of the place that is meant")] = None,
    name_zh: Annotated[str | None, typer.Option(help="confirm: its Chinese name; unset: as proposed")] = None,
    name_en: Annotated[str | None, typer.Option(help="confirm: its English name; unset: as proposed")] = None,
    kind: Annotated[PlaceKind | None, typer.Option(help="confirm: what it is; unset: as proposed")] = None,
    location: Annotated[
        str | None, typer.Option(help="confirm: longitude,latitude (WGS 84); unset: as proposed")
    ] = None,
    sensitive: Annotated[str | None, typer.Option(help=f"confirm: {', '.join(SENSITIVE)}; unset: none")] = None,
    why: Annotated[str | None, typer.Option(help="the reason, in your words")] = None,
    by: Annotated[str | None, typer.Option(help="who decides; unset: the user of this machine")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="answer as JSON")] = False,
) -> None:
    """Decide on one proposed place, or undo the last decision about it."""
    with _reviewing() as proposals:
        decided = proposals.decide(
            identifier,
            Decision(
                decision, by or getpass.getuser(), why, place, name_zh, name_en, kind, _point(location), sensitive
            ),
        )
    if as_json:
        _print_json(_DECIDED.dump_python(decided, mode="json"))
    else:
        _say(decided)


@places_app.command(epilog="Example: citygraph places count")
def count() -> None:
    """Count the unknown names of reports that were stored before names were counted. Counting again changes nothing."""
    with _reviewing() as proposals, console.status("counting names …"):
        reports = proposals.count_stored()
    console.print(f"{reports:,} stored reports with unknown names were counted")


@contextmanager
def _reviewing() -> Generator[Proposals]:
    settings = Settings()
    with open_store(settings) as store:
        yield Proposals(store, open_from=settings.proposal_reports)


def _walk(proposals: Proposals, found: Sequence[ProposalView], by: str) -> None:
    """One proposal after another, until the end or q."""
    done = 0
    for at, view in enumerate(found, start=1):
        detail = proposals.proposal(view.id, examples=50)
        console.rule(f"{at} / {len(found)}")
        _show(detail, _SHOWN)
        decision: Decision | None = None
        while decision is None:
            answer = Prompt.ask(
                "[b]c[/b]onfirm, [b]a[/b]lias, [b]r[/b]eject, [b]s[/b]kip, [b]q[/b]uit",
                choices=["c", "a", "r", "s", "q"], default="s", show_choices=False, console=console,
            )  # fmt: skip
            if answer == "q":
                console.print(f"{done} decided, {len(found) - at + 1} left")
                return
            if answer == "s":
                break
            try:
                decision = _asked(answer, detail, by)
                _say(proposals.decide(view.id, decision))
                done += 1
            except CityGraphError as error:
                console.print(f"[red]{escape(str(error))}[/]", highlight=False)
                decision = None
    console.print(f"{done} of {len(found)} decided")


def _asked(answer: str, detail: ProposalDetail, by: str) -> Decision:
    """The decision, with what it still needs."""
    proposal = detail.proposal
    if answer == "c":
        known = proposal.location if proposal.location_basis == "reports" else None
        kind = proposal.kind if proposal.kind in set(PlaceKind) else PlaceKind.POI.value
        return Decision(
            DecisionKind.CONFIRM,
            by,
            name_zh=Prompt.ask("Chinese name", default=proposal.name_zh, console=console),
            name_en=Prompt.ask("English name", default=proposal.name_en, console=console),
            kind=PlaceKind(Prompt.ask("kind", choices=list(PlaceKind), default=kind, console=console)),
            location=_point(
                Prompt.ask("longitude,latitude", default=_shown(known), console=console)
                if known
                else Prompt.ask("longitude,latitude (no report has coordinates)", console=console)
            ),
            sensitive=Prompt.ask("sensitive", choices=["none", *SENSITIVE], default="none", console=console).replace(
                "none", ""
            )
            or None,
        )
    if answer == "a":
        places = [one for one in detail.near if one.label == "Place"]
        default = next((str(n) for n, one in enumerate(places, 1) if one.target == detail.suggestion.place), "1")
        numbers = "the number of a name above, or " if places else ""
        question = f"{numbers}the id of a place"
        meant = (
            Prompt.ask(question, default=default, console=console) if places else Prompt.ask(question, console=console)
        )
        chosen = places[int(meant) - 1].target if meant.isdecimal() and 1 <= int(meant) <= len(places) else meant
        return Decision(DecisionKind.ALIAS, by, place=chosen)
    return Decision(DecisionKind.REJECT, by, why=Prompt.ask("why", default="", console=console) or None)


def _show(detail: ProposalDetail, examples: int) -> None:
    """A proposal as a person judges it."""
    proposal = detail.proposal
    head = Text.assemble((proposal.name, "bold"), f"  {proposal.kind}, {proposal.state}  ", (proposal.id, "dim"))
    console.print(head)
    spellings = "; ".join(f"{one.text} ({one.reports})" for one in proposal.spellings[:6])
    districts = "; ".join(f"{one.name_zh} {one.name_en} ({one.reports})" for one in proposal.districts[:4])
    where = _shown(proposal.location) or "nobody knows"
    if proposal.location_basis == "district":
        where += ", the middle of the district: no report has coordinates"
    elif proposal.location_basis == "reports":
        where += f", from {proposal.located} reports, three of four within {proposal.spread_metres:,.0f} m"
    for label, text in (
        ("reports", f"{proposal.reports}, {proposal.first_seen:%Y-%m-%d} to {proposal.last_seen:%Y-%m-%d}"),
        ("spellings", spellings),
        ("districts", districts or "unknown"),
        ("location", where),
    ):
        console.print(Text.assemble((f"{label}: ", "dim"), text))
    for one in _different(detail)[:examples]:
        words = one.sentence
        marked = Text.assemble(
            "  · ", words[: one.start], (words[one.start : one.end], "bold yellow"), words[one.end :]
        )
        console.print(marked)
    places = 0
    for one in detail.near:
        places += one.label == "Place"
        number = f"{places}" if one.label == "Place" else "–"
        console.print(
            Text.assemble(
                (f"  {number} ", "bold"), f"{one.name_zh} {one.name_en} ", (f"{one.target} ", "dim"),
                f"{one.similarity:.2f}  {one.why_zh} / {one.why_en}",
            )
        )  # fmt: skip
    suggestion = detail.suggestion
    verdict = suggestion.decision.value if suggestion.decision else "look closer"
    console.print(
        Text.assemble(("suggestion: ", "dim"), (verdict, "bold green"), f"  {suggestion.why_zh} / {suggestion.why_en}")
    )
    for record in detail.decisions:
        why = f": {record.why}" if record.why else ""
        console.print(
            Text.assemble(("decided: ", "dim"), f"{record.at:%Y-%m-%d} {record.decision} by {record.by}{why}")
        )


def _different(detail: ProposalDetail) -> list[Any]:
    """The examples, those with words of their own before the ones that repeat."""
    first = {one.sentence: one for one in reversed(detail.examples)}
    own = [one for one in detail.examples if first[one.sentence] is one]
    return own + [one for one in detail.examples if first[one.sentence] is not one]


def _say(decided: Decided) -> None:
    record, proposal = decided.record, decided.detail.proposal
    place = f" → {record.place}" if record.place else ""
    reports = f", {record.reports} reports {'untied' if record.undoes else 'tied to it'}" if record.place else ""
    console.print(f"{proposal.name}: {proposal.state}{place}{reports}", highlight=False, markup=False, soft_wrap=True)


def _table(found: Sequence[ProposalView]) -> Table:
    table = Table("id", "reports", "spellings", "districts", "location", "spread", "last seen")
    for one in found:
        location = _shown(one.location) + (" (district)" if one.location_basis == "district" else "")
        table.add_row(
            escape(one.id), str(one.reports), escape(", ".join(s.text for s in one.spellings[:3])),
            ", ".join(d.name_zh for d in one.districts[:2]), location,
            f"{one.spread_metres:,.0f} m" if one.spread_metres is not None else "", f"{one.last_seen:%Y-%m-%d}",
        )  # fmt: skip
    return table


def _nothing(state: ProposalState) -> str:
    return f"no proposed place is {state}"


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _shown(point: Point | None) -> str:
    return f"{point.longitude:.6f},{point.latitude:.6f}" if point else ""


def _point(text: str | None) -> Point | None:
    """A point from "longitude,latitude"; raises BadInput."""
    if not text:
        return None
    longitude, _, latitude = text.replace("，", ",").partition(",")
    try:
        return Point(float(longitude), float(latitude))
    except ValueError:
        raise BadInput("location", text, "longitude,latitude in degrees (WGS 84), such as 112.976,28.197") from None
