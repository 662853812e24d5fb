"""The commands that ask the classifier: of a file, and of one text with the reasons."""

from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.answers import batches, whole_file, write_line
from classifier.explain import Explanation, explain
from classifier.predict import OnnxClassifier
from core.classification import Classification
from core.errors import BadInput
from core.language import detect_language
from core.taxonomy import load_taxonomy
from core.types import Language
from graph.sources import Row, read_rows

__all__ = ["explain_text", "predict_file"]

console = Console()
_CHUNK = 256  # rows classified together


def predict_file(
    file: Annotated[
        Path, typer.Argument(help="JSONL, CSV or Excel with text and, where there are, id, subject, language")
    ],
    out: Annotated[Path, typer.Option(help="JSONL, one line a row of the file, in its order")],
    language: Annotated[Language | None, typer.Option(help="zh or en; unset: each text's own")] = None,
    models: Annotated[Path | None, typer.Option(help="folder of models; unset: the packaged ones")] = None,
) -> None:
    """Classify every row of a file: label, confidence, top 3, sub-code, urgency, sentiment, intent, evidence; no graph needed.

    A row that cannot be read gets a line with its error, and the others go on.
    """
    classifier = OnnxClassifier(models)
    answered = refused = 0
    with whole_file(out) as stream:
        for rows in batches(read_rows(file), _CHUNK):
            for line in _lines(classifier, rows, language):
                refused += "error" in line
                answered += "error" not in line
                write_line(stream, line)
    console.print(f"{answered:,} rows classified, {refused:,} not readable: {out}")


def explain_text(
    text: Annotated[str, typer.Argument(help="what somebody wrote")],
    language: Annotated[Language | None, typer.Option(help="zh or en; unset: the text's own")] = None,
    models: Annotated[Path | None, typer.Option(help="folder of models; unset: the packaged ones")] = None,
) -> None:
    """Show what the classifier says of a text and why: the words for and against it, and the examples most like it."""
    said = language or detect_language(text)
    explanation = explain(OnnxClassifier(models), text, said)
    _show(explanation, text, said)


def _lines(classifier: OnnxClassifier, rows: tuple[Row, ...], language: Language | None) -> list[dict[str, Any]]:
    """One answer a row, in their order."""
    lines: list[dict[str, Any]] = [{"id": _id(row)} for row in rows]
    asked: list[tuple[int, str, Language]] = []
    for place, row in enumerate(rows):
        try:
            text = _text(row)
            asked.append((place, text, language or _language(row, text)))
        except BadInput as error:
            lines[place]["error"] = str(error)
    said = classifier.classify([text for _, text, _ in asked], [language for _, _, language in asked])
    for (place, _, language_of_text), answer in zip(asked, said, strict=True):
        lines[place] |= {"language": language_of_text, **_answer(answer)}
    return lines


def _id(row: Row) -> object:
    given = row.fields.get("id")
    return row.number if given is None else given


def _text(row: Row) -> str:
    if row.error is not None:
        raise row.error
    text, subject = row.fields.get("text"), row.fields.get("subject")
    if not isinstance(text, str):
        raise BadInput("text", text, "a text")
    return f"{subject}\n{text}" if isinstance(subject, str) and subject else text


def _language(row: Row, text: str) -> Language:
    given = row.fields.get("language")
    if given in (None, ""):
        return detect_language(text)
    if given not in get_args(Language):
        raise BadInput("language", given, "'zh' or 'en'")
    return "zh" if given == "zh" else "en"


def _answer(said: Classification) -> dict[str, Any]:
    """A classification as plain JSON. Offsets count characters of subject, a line break and text."""
    return {
        "label": said.category,
        "confidence": round(said.confidence, 4),
        "top3": [{"label": one.category, "probability": round(one.probability, 4)} for one in said.ranking[:3]],
        "doubt": said.doubt,
        "sub_code": said.code,
        "urgency": said.urgency,
        "sentiment": said.sentiment,
        "intent": said.intent,
        "also": [one.category for one in said.also],
        "evidence": [
            {"start": one.start, "end": one.end, "text": one.text, "label": one.category} for one in said.evidence
        ],
        "model": said.model,
    }


def _show(explanation: Explanation, text: str, language: Language) -> None:
    said, taxonomy = explanation.classification, load_taxonomy()
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("category", f"{said.category} · {taxonomy[said.category].name(language)}  {said.confidence:.0%}")
    table.add_row("sub-code", f"{said.code} · {taxonomy[said.code].name(language)}  {said.code_confidence:.0%}")
    table.add_row("next", ", ".join(f"{one.category} {one.probability:.0%}" for one in said.ranking[1:3]))
    if said.urgency is not None:
        table.add_row("urgency, tone, intent", f"{said.urgency} · {said.sentiment} · {said.intent}")
    if said.also:
        table.add_row("also", ", ".join(f"{one.category} {one.probability:.0%}" for one in said.also))
    if said.doubt is not None:
        table.add_row("[yellow]a person decides[/]", str(said.doubt))
    console.print(table, "")
    words = Text(text.replace("\r", " "))  # rich drops it, and every place after it would shift
    for one in explanation.moved:
        words.stylize("black on bright_green", one.start, one.end)
    for one in explanation.against:
        words.stylize("black on bright_red", one.start, one.end)
    for one in said.evidence:
        words.stylize("underline", one.start, one.end)
    console.print(words)
    console.print(
        "[dim]green: spoke for the category · red: against it · underlined: the words that carry the trouble[/]"
    )
    nearest = Table("near", "code", box=None, padding=(0, 2, 0, 0), expand=True)
    nearest.add_column("the training examples most like it", ratio=1, no_wrap=True)
    nearest.columns[1].no_wrap = True
    for one in explanation.neighbours:
        nearest.add_row(f"{one.similarity:.2f}", one.code, Text(one.text))
    console.print("", nearest)
