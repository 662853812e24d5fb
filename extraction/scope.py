"""How far words reach: sentences and clauses; what a text denies, has from others, and complained of before.

Denied: "不是…", "isn't". From others: "听说", "I heard". Before: "多次投诉未果", "called three times".
"""

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

__all__ = ["Scopes"]

# A full stop ends an English sentence only before a space, not after an abbreviation and not within a number.
_SENTENCE_END: Final = re.compile(
    r"[。！？!?\n…]+|\.(?=\s|$|[\"”’)])(?<!\bst\.)(?<!\bave\.)(?<!\bblvd\.)(?<!\brd\.)(?<!\bdr\.)(?<!\bmr\.)(?<!\bmrs\.)(?<!\bms\.)"
    r"(?<!\bno\.)(?<!\bapt\.)(?<!\bapprox\.)(?<![a-z]\.[a-z]\.)",
    re.IGNORECASE,
)
_CLAUSE_END: Final = re.compile(
    r"[，；：;—()（）]|(?<!\d)[,:]|[,:](?!\d)|\s-{1,2}\s|\b(?:but|because(?! of)|although|though|while|whereas)\b"
    r"|但是|可是|不过|然而|(?<!是)因为|而是|而且",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(r"[?？]|[吗么](?=[。！!\n]|$)")

# What follows is denied: to the end of the clause, or only right behind the words.
_DENIES_CLAUSE: Final = re.compile(
    r"(?<![是要可还莫无这那就])(?:并?不是|并非|绝非|不属于|不关|不怪|怪不得|怪不了|不针对|不(?:想|要)?投诉|不赖|赖不着)"
    r"(?!一[次天两个]|[一二两三第]|很|太|在|没|不|吗|么|嘛|办法|滋味|人[，。]|说|想|要)"
    r"|(?:不|没有?|未)(?:是因为|是由于)"
    r"|(?:\bnot|n['’]t) (?:about|because of|caused by|due to|coming from|from|the fault of|complaining about|blaming|"
    r"talking about|reporting|accusing|blame)\b|\b(?:nothing to do with|no fault of)\b",
    re.IGNORECASE,
)
_DENIES_NEXT: Final = re.compile(
    r"(?:(?<![有还])没有?|未见|不存在|无(?=任何)|不影响|不扰)(?:任何|再|什么|出现|发现|发生|听到|看到|看见|闻到|受到|到)?的?$"
    r"|(?:\b(?:is|are|was|were|be|been|am|it['’]s|that['’]s|they['’]re) not|\b(?:is|are|was|were|ai)n['’]t|\bnot)"
    r"(?: (?:a|an|the|any|really|actually|even|another|our|my|your)){0,2}(?: (?!so\b|just\b|only\b)[a-z]+)?[ ]$"
    r"|\b(?:no|without)(?: (?:more|such|real|loud|actual|further|longer))?[ ]$",
    re.IGNORECASE,
)
# What stands before is denied.
_DENIES_BACK: Final = re.compile(
    r"(?:本身|其实|倒|并|也|都|可)*(?:没有?|无)(?:什么|任何|半点|一点|直接)?(?:责任(?!心|感)|过错|过失|关系|关联|错)"
    r"|(?:毫|完全|并)?(?:无关|无责|无辜|不相干)|(?:是|也是|很)(?:无辜|冤枉)的?"
    r"|[ ](?:(?:is|are|was|were)(?: really)? not|(?:is|are|was|were)n['’]t)(?: really| even)? "
    r"(?:to blame|at fault|the (?:problem|issue|cause|culprit)|responsible|involved|it\b)"
    r"|[ ](?:has|have|had) nothing to do with|[ ]did nothing wrong",
    re.IGNORECASE,
)
_NEXT_REACH: Final = 28  # characters before a mention in which a denial of the next words may stand
_BACK_REACH: Final = 32
_HEARSAY: Final = re.compile(
    r"听说|据说|据传|据称|据悉|传闻|传言|听闻|风闻|听[^，。！？；,\n]{1,6}(?:说|讲)(?:起|过|是)?|有人(?:说|讲|称)|网传"
    r"|(?:网上|群里|外面|邻居|街坊|大家|人家|都)们?(?:在|都)?(?:说|讲|传)(?![话明来好不]|了算)"
    r"|据[^，。！？；,\n]{1,8}?(?:讲|说|称|反映|介绍|透露)"
    r"|\b(?:apparently|allegedly|supposedly|reportedly|purportedly|rumou?r(?:s|ed)?|hearsay|word is"
    r"|i hear(?= (?:that|it|they|he|she|there|from)\b)"
    r"|(?:i|we|i['’]ve|we['’]ve) (?:have )?heard (?:that|from|it['’]?s|its|it is|they|he|she|there|about"
    r"|the \w+ (?:is|are|was|were|will|has|have|did)\b)"
    r"|(?:i|we)(?:['’]ve| have| was| were)? (?:been |being )?told(?: that| by|(?= (?:it|they|the|he|she)\b))"
    r"|according to (?:my|our|the|a|some|other) (?:\w+ )?(?:neighbou?rs?|residents?|tenants?|people|guy|lady|clerk|kids?)"
    r"|(?:neighbou?rs?|people|everyone|somebody|someone|residents|folks|locals)(?: \w+)? "
    r"(?:say|says|said|claim|claims|tell me|told me|tells me|think|swear))\b",
    re.IGNORECASE,
)

# Words of an earlier complaint; the group is their verb.
_NUMBER: Final = "[0-9两二三四五六七八九十几多数无好]{1,3}"
_OUTCOME: Final = (
    "(?:[，,]?(?:都|均|也|但|一直|至今|却|仍)*(?:未果|无果|没有?结果|没有?(?:任何)?(?:回复|回应|回音|答复|下文|解决|处理|人管|人理|用)|"
    "无人(?:管|理|处理|问津)|不管|不予理睬|不予受理|未(?:予)?(?:处理|解决|回复)|得不到解决|石沉大海|无效|不了了之))"
)
_FORMER: Final = (
    f"(?:多次|数次|屡次|再三|反复|一再|再次|又一?次|第?{_NUMBER}次|不止一次|曾经?|之前|以前|此前|上次|早前|早就|已经?)"
)
_TIMES: Final = (
    r"(?:(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|eleven|many|several"
    r"|multiple|numerous|countless|a dozen|a few) times"
    r"|twice|again and again|over and over|before|already|repeatedly|previously|to no avail"
    r"|(?:last|earlier this) (?:week|month|year|spring|summer|fall|winter)|(?:\w+ )?(?:days|weeks|months|years) ago"
    r"|(?:with|and|but),? (?:no|never (?:got|had|heard)|nothing|still|got no|nobody|no one)\b)"
)
_CALLED: Final = "called|reported|complained|emailed|e-mailed|written|wrote|contacted|notified|filed|submitted|phoned"
_EARLIER: Final = re.compile(
    "|".join(
        (
            (
                rf"{_FORMER}{{1,2}}(?:就此|为此|就这个?问题)?(?:(?:向|跟|和|给|到|找)[^，。！？；,\n]{{1,12}}?)?"
                r"(?P<said>投诉|反映|反应|举报|报警|上报|报修|信访|上访|打电话|致电|拨打|去信|写信|留言|发帖)"
                rf"(?!人|热线|电话|平台|渠道|信箱)[过了]?(?:{_NUMBER}次)?{_OUTCOME}?"
            ),
            (
                rf"(?P<told>投诉|反映|反应|举报|报警|上报|报修|信访|上访|找|打|问)[过了]?[^，。！？；,\n]{{0,6}}?"
                rf"(?:{_NUMBER}次(?:电话)?{_OUTCOME}?|{_OUTCOME})"
            ),
            rf"(?P<once>投诉|反映|举报|报警|上报|报修|信访|上访|沟通)过{_OUTCOME}?",
            (
                r"\b(?:(?:i|we)(?:['’]ve| have| had)?|has|have|had|been)?[ ]?(?:already |previously |repeatedly |also )?"
                rf"\b(?P<called>{_CALLED})\b(?: (?!because\b|that\b)[\w'’#-]{{1,20}}){{0,5}}? {_TIMES}"
            ),
            (
                r"\b(?:have|had|has been|have been|was|been|already|previously|repeatedly)"
                rf" (?:already |previously |repeatedly )(?P<been>{_CALLED})\b"
            ),
            rf"\b(?:already|previously|repeatedly) (?P<again>{_CALLED})\b",
            (
                r"\b(?:second|third|fourth|fifth|sixth|2nd|3rd|[4-9]th|\d\dth) "
                r"(?P<report>report|complaint|request|letter|call|ticket|email)\b"
            ),
            r"\b(?:ticket|case|request|report|complaint)s? (?:(?:was|were|got|been|keeps? getting) )?(?P<closed>closed)\b",
        )
    ),
    re.IGNORECASE,
)


class Scopes:
    """One text's sentences and clauses, and how it stands to what it says. Offsets are characters, ends exclusive."""

    def __init__(self, text: str) -> None:
        """Read a text once."""
        self._text = text
        self._sentence_ends = [match.end() for match in _SENTENCE_END.finditer(text)]
        self._clause_ends = sorted({*self._sentence_ends, *(match.end() for match in _CLAUSE_END.finditer(text))})
        self._denials = [match.span() for match in _DENIES_CLAUSE.finditer(text)]
        self._hearsay = [match.span() for match in _HEARSAY.finditer(text)]

    @cached_property
    def earlier(self) -> tuple[tuple[int, int, int], ...]:
        """Where the text says that somebody complained before: start and end of these words, and where their verb starts."""
        found = _EARLIER.finditer(self._text)
        return tuple((match.start(), match.end(), match.start(match.lastgroup or 0)) for match in found)

    def sentence(self, at: int) -> tuple[int, int]:
        """Where the sentence that holds this offset starts and ends; its end mark belongs to it."""
        return _span(self._sentence_ends, at, len(self._text))

    def clause(self, at: int) -> tuple[int, int]:
        """Where the clause that holds this offset starts and ends; its comma belongs to it."""
        return _span(self._clause_ends, at, len(self._text))

    def denied(self, start: int, end: int, *, adjacent: bool = True) -> str | None:
        """The words that deny what stands at these offsets; None where nothing does, or where a question only seems to.

        A denial reaches to the end of its clause ("不是", "not because of"), or over the next words alone ("没有", "isn't"),
        or over what stands right before it ("与此无关", "is not to blame"). adjacent: whether the last two count.
        """
        first, last = self.clause(start)
        found = self._clause_denial(first, start)
        if found is None and adjacent:
            near = _DENIES_NEXT.search(self._text[max(first, start - _NEXT_REACH) : start])
            back = None if near else _DENIES_BACK.match(self._text, end, min(last, end + _BACK_REACH))
            found = near.group() if near else back.group() if back else None
        return None if found is None or self._asks(start) else found.strip()

    def hearsay(self, start: int) -> str | None:
        """The words that say that this is known from others; None where it is told first hand.

        They reach to the end of their clause, and over the next one where they are a clause of their own ("Apparently, …").
        """
        index = bisect_right(self._hearsay, (start, len(self._text))) - 1
        if index < 0:
            return None
        at, end = self._hearsay[index]
        first, _ = self.clause(start)
        if at < first:
            _, own_end = self.clause(at)
            alone = own_end == first and not re.search(r"\w", self._text[end:own_end])
            if not alone or self.sentence(at) != self.sentence(start):
                return None
        return self._text[at:end].strip()

    def _clause_denial(self, first: int, start: int) -> str | None:
        """The last words in the clause before `start` that deny the rest of it."""
        index = bisect_right(self._denials, (start, start)) - 1
        if index < 0:
            return None
        at, end = self._denials[index]
        return self._text[at:end] if first <= at and end <= start else None

    def _asks(self, at: int) -> bool:
        """Whether the sentence is a question: "这不是扰民吗？" says that it is."""
        first, last = self.sentence(at)
        return _QUESTION.search(self._text, max(first, last - 3), last) is not None


def _span(ends: list[int], at: int, length: int) -> tuple[int, int]:
    index = bisect_right(ends, at)
    start = ends[index - 1] if index else 0
    end = ends[index] if index < len(ends) else length
    return start, end
