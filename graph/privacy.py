"""What becomes of personal data on its way into the graph: masked always; dropped, or kept under a seal that one role may open."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from core.errors import BadInput, Conflict
from core.extraction import PersonalKind
from core.language import detect_language
from core.personal import Masked, PersonalMasker
from core.types import Language
from extraction.personal import Masker

__all__ = ["HiddenWords", "Kept", "Original", "Privacy", "Seal"]

_SHOWN = 400  # characters of a value that an error may show; BadInput and the reject file show fewer
_BROKEN = re.compile(r"[0-9A-Za-z@._+\- ]+$")  # what the cut left of a number or an address


@dataclass(frozen=True, slots=True)
class HiddenWords:
    """Words that are masked. part: field of the report; start, end: offsets in its original, end exclusive."""

    part: str
    kind: PersonalKind
    start: int
    end: int
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Original:
    """What a report said before it was masked: its fields that held personal data, and where."""

    fields: Mapping[str, str] = field(repr=False)
    hidden: tuple[HiddenWords, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A report's fields as they may be stored; sealed: the original under its seal, None where nothing is kept of it."""

    fields: Mapping[str, str | None]
    sealed: str | None = None


class Seal:
    """Closes originals, and opens them again: AES-128-CBC with HMAC-SHA256, the Fernet of the package cryptography."""

    def __init__(self, keys: str) -> None:
        """keys: one Fernet key or several with commas between; the first closes, each opens, so that keys can be changed.

        Raises BadInput for what is no key; the message never shows it.
        """
        try:
            self._fernet = MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
        except ValueError:
            expected = "one or several Fernet keys (32 bytes, URL-safe base64), with commas between"
            raise BadInput("CITYGRAPH_PERSONAL_KEY", "what is set", expected) from None

    def close(self, original: Original) -> str:
        """The original, readable only with a key."""
        plain = json.dumps(asdict(original), ensure_ascii=False, sort_keys=True)
        return self._fernet.encrypt(plain.encode()).decode("ascii")

    def open(self, sealed: str) -> Original:
        """What was closed; raises Conflict where none of the keys closed it."""
        try:
            plain = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise Conflict(
                "it was sealed with a key that CITYGRAPH_PERSONAL_KEY does not hold now; add that key"
            ) from None
        hidden = tuple(
            HiddenWords(one["part"], PersonalKind(one["kind"]), one["start"], one["end"], one["words"])
            for one in plain["hidden"]
        )
        return Original(plain["fields"], hidden)


@dataclass(frozen=True, slots=True)
class Privacy:
    """How personal data is kept out. seal: where it is given, originals are kept under it; None: they are dropped."""

    masker: PersonalMasker = field(default_factory=Masker)
    seal: Seal | None = None

    def keep(self, fields: Mapping[str, str | None], language: Language) -> Kept:
        """Mask a report's fields, each by itself. language: of the labels."""
        masked = {name: self.masker.mask(text, language) for name, text in fields.items() if text}
        touched = {name: one for name, one in masked.items() if one.hidden}
        texts = {name: masked[name].text if name in masked else text for name, text in fields.items()}
        sealed = self.seal.close(_original(fields, touched)) if self.seal and touched else None
        return Kept(texts, sealed)

    def without_personal(self, error: BadInput) -> BadInput:
        """The same error with its value masked, so that neither a reject file nor a log nor an answer carries personal data."""
        expected = self._masked(error.expected)
        if isinstance(error.value, str):
            return BadInput(error.field, self._masked(error.value), expected)
        shown = repr(error.value)
        masked = self._masked(shown)
        return BadInput(error.field, error.value if masked == shown else masked, expected)

    def _masked(self, text: str) -> str:
        read = text if len(text) <= _SHOWN else _BROKEN.sub("", text[:_SHOWN]) + "…"
        return self.masker.mask(read, detect_language(read)).text


def _original(fields: Mapping[str, str | None], touched: Mapping[str, Masked]) -> Original:
    return Original(
        {name: fields[name] or "" for name in touched},
        tuple(
            HiddenWords(name, hidden.span.kind, hidden.span.start, hidden.span.end, hidden.words)
            for name, one in touched.items()
            for hidden in one.hidden
        ),
    )
