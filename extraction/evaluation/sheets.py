"""What was measured, as tables: the command line prints them, the model card holds them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.types import Language
from extraction.evaluation.agreement import Agreement
from extraction.evaluation.geocoding import Outcomes
from extraction.evaluation.measured import Measured
from extraction.evaluation.messages import Evaluation

__all__ = ["Sheet", "as_markdown", "sheets_of"]

_NONE: Final = "–"
_LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table. note: a sentence below it, "" for none."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def sheets_of(
    measured: Sequence[Measured], taggers: Mapping[Language, Mapping[str, float]] | None = None
) -> list[Sheet]:
    """Tables of what was measured of some extractors, side by side.

    taggers: figures by name that a tagger's manifest gives for families it had not seen ("f1_road", "f1_all").
    """
    return [
        sheet
        for sheet in (
            *_names(measured),
            _parties(measured),
            _lengths(measured),
            _districts(measured),
            *_marked(measured, taggers or {}),
            _addresses(measured),
            _cases(measured),
        )
        if sheet.rows
    ]


def as_markdown(sheet: Sheet) -> str:
    """A sheet as Markdown, its title in bold before it."""
    lines = [f"| {' | '.join(row)} |" for row in (sheet.head, ("---",) * len(sheet.head), *sheet.rows)]
    return "\n\n".join(part for part in (f"**{sheet.title}**", "\n".join(lines), sheet.note) if part)


def _names(measured: Sequence[Measured]) -> Iterator[Sheet]:
    head = ("by", "names", "wanted", "P", "R", "F1 (95 %)", "part P", "part R", "part F1")
    for language in _LANGUAGES:
        some = [(one.name, one.gold[language]) for one in measured if language in one.gold]
        if not some:
            continue
        rows = [row for name, evaluation in some for row in _name_rows(name, evaluation)]
        first = some[0][1]
        note = f"One reader against the other, as far as the file tells: F1 {first.readers:.3f}."
        yield Sheet(f"Names of places, {first.messages} real messages, {language}", head, tuple(rows), note)


def _name_rows(name: str, evaluation: Evaluation) -> Iterator[tuple[str, ...]]:
    for key, exact in evaluation.exact.items():
        yield (
            name,
            key,
            str(exact.wanted),
            *_prf(exact),
            *_prf(evaluation.partial.get(key), plain=True),
        )
    either = evaluation.either
    yield (
        name,
        "either",
        str(either.wanted),
        *_prf(either),
        *_prf(evaluation.either_partial, plain=True),
    )


def _parties(measured: Sequence[Measured]) -> Sheet:
    rows = [
        (one.name, language, words, str(figures.wanted), *_prf(figures))
        for one in measured
        for language, evaluation in one.gold.items()
        for words, figures in (("both", evaluation.party), ("either", evaluation.party_either))
    ]
    head = ("by", "language", "readers", "wanted", "P", "R", "F1 (95 %)")
    return Sheet("Whom the message complains about: the surest party, to the letter", head, tuple(rows))


def _lengths(measured: Sequence[Measured]) -> Sheet:
    rows = [
        (one.name, language, length, str(messages), *_prf(figures))
        for one in measured
        for language, evaluation in one.gold.items()
        for length, (messages, figures) in evaluation.lengths.items()
    ]
    head = ("by", "language", "length", "messages", "P", "R", "F1 (95 %)")
    return Sheet("Names of places by length (short: below 60 characters, long: from 200)", head, tuple(rows))


def _districts(measured: Sequence[Measured]) -> Sheet:
    rows = [
        (one.name, f"{words}, {language}", str(figures.named), _share(figures.found, figures.named),
         _share(figures.right, figures.named))
        for one in measured
        for words, some in (
            ("marked", {language: evaluation.districts for language, evaluation in one.gold.items()}),
            ("all", one.messages),
        )
        for language, figures in some.items()
        if figures.named
    ]  # fmt: skip
    head = ("by", "set", "messages", "found", "right")
    return Sheet("District of the location, real messages that name one in full", head, tuple(rows))


def _marked(measured: Sequence[Measured], taggers: Mapping[Language, Mapping[str, float]]) -> Iterator[Sheet]:
    for language in _LANGUAGES:
        some = [(one.name, one.marked[language]) for one in measured if language in one.marked]
        held = {
            name.removeprefix("f1_"): value
            for name, value in taggers.get(language, {}).items()
            if name.startswith("f1_")
        }
        kinds = dict.fromkeys([*(kind for _, figures in some for kind in figures), *held])
        rows = tuple(
            (
                kind,
                str(some[0][1][kind].wanted) if some and kind in some[0][1] else _NONE,
                *(f"{figures[kind].f1:.3f}" if kind in figures else _NONE for _, figures in some),
                *((f"{held[kind]:.3f}" if kind in held else _NONE,) if held else ()),
            )
            for kind in kinds
        )
        head = (
            "kind or role",
            "wanted",
            *(f"F1, {name}" for name, _ in some),
            *(("F1, the tagger alone",) if held else ()),
        )
        note = "The tagger alone as its manifest has it; it had not seen these families." if held else ""
        yield Sheet(f"The project's own marked texts, held-out families, {language}: exact spans", head, rows, note)


def _addresses(measured: Sequence[Measured]) -> Sheet:
    some = [(one.name, one.addresses) for one in measured if one.addresses]
    rows = [
        (name, kind, str(exact.wanted), *_prf(exact), *_prf(figures.partial[kind], plain=True))
        for name, figures in some
        for kind, exact in figures.exact.items()
    ]
    head = ("by", "type", "wanted", "P", "R", "F1 (95 %)", "part P", "part R", "part F1")
    count = some[0][1].addresses if some else 0
    return Sheet(f"Out of domain: {count:,} Chinese delivery addresses, nothing learnt from them", head, tuple(rows))


def _cases(measured: Sequence[Measured]) -> Sheet:
    rows = [
        (one.name, name, *_outcomes(figures.place), *_outcomes(figures.district)[1:],
         f"{figures.nothing.right} of {figures.nothing.cases}" if figures.nothing.cases else _NONE)
        for one in measured
        for name, figures in one.cases.items()
    ]  # fmt: skip
    head = (
        "by", "set", "cases", "place right", "wrong", "none", "distr. right", "wrong", "none",
        "left alone",
    )  # fmt: skip
    return Sheet("Placing in the city", head, tuple(rows))


def _outcomes(outcomes: Outcomes) -> tuple[str, ...]:
    return (str(outcomes.cases), *(_share(count, outcomes.cases) for count in outcomes))


def _prf(figures: Agreement | None, *, plain: bool = False) -> tuple[str, str, str]:
    if figures is None:
        return _NONE, _NONE, _NONE
    low, high = figures.interval
    f1 = f"{figures.f1:.3f}" if plain else f"{figures.f1:.3f} ({low:.2f}–{high:.2f})"
    return f"{figures.precision:.3f}", f"{figures.recall:.3f}", f1


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else _NONE
