"""The Chinese words of time, by what they tell."""

from typing import Final

from extraction.times_pieces import Mark, Unit

__all__ = [
    "DAYS", "MARKS", "MONTHS", "MONTH_PHASES", "PARTS_ZH", "THEN", "TRAILING", "UNITS", "VAGUE", "WEEKS",
    "YEARS", "YEAR_PHASES",
]  # fmt: skip

# Names of `times_pieces.PARTS`. 早, 晚, 晨, 夜 alone stand only beside a day or a clock: 昨晚, 早8点.
PARTS_ZH: Final = {
    word: part
    for part, words in {
        "small hours": "凌晨",
        "early morning": "清晨 清早 大清早 一大早 一大清早 拂晓 黎明 今晨 晨",
        "morning": "早晨 早上 早间 大早上 早",
        "forenoon": "上午",
        "noon": "中午 午间 正午 午休 午休时间 大中午",
        "afternoon": "下午 午后",
        "dusk": "傍晚 黄昏",
        "evening": "晚上 晚间 夜晚 大晚上 晚",
        "night hours": "夜间 夜里 整晚 整夜 一整晚 一整夜 通宵 彻夜 夜",
        "dead of night": "深夜 半夜 大半夜 深更半夜 三更半夜 后半夜 下半夜",
        "midnight": "午夜 子夜",
        "daytime": "白天 大白天",
        "morning rush": "早高峰",
        "evening rush": "晚高峰",
        "all day": "全天 整天 一整天 全天候",
    }.items()
    for word in words.split()
}
DAYS: Final = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}  # before 天, 日, 晚 …
THEN: Final = {"当": 0, "同": 0, "那": 0, "次": 1, "翌": 1, "第二": 1}
WEEKS: Final = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
MONTHS: Final = {"上上": -2, "上": -1, "本": 0, "这": 0, "当": 0, "下": 1}
YEARS: Final = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "上一年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "后年": 2,
}
MONTH_PHASES: Final = {  # days
    "初": (1, 10), "上旬": (1, 10), "中": (11, 20), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31),
}  # fmt: skip
YEAR_PHASES: Final = {  # months
    "初": (1, 3), "中": (5, 8), "底": (10, 12), "末": (10, 12), "上半": (1, 6), "下半": (7, 12),
    "春": (3, 5), "夏": (6, 8), "秋": (9, 11), "暑": (7, 8),
}  # fmt: skip
VAGUE: Final = {  # days back: from, to
    "这两天": (2, 0), "这几天": (4, 0), "这几日": (4, 0), "近几天": (4, 0), "近几日": (4, 0), "最近几天": (4, 0), "这些天": (7, 0),
    "近日": (7, 0), "日前": (7, 0), "近来": (14, 0), "近期": (14, 0), "最近": (14, 0), "最近一段时间": (30, 0),
    "这段时间": (30, 0), "近段时间": (30, 0), "这一段时间": (30, 0), "近一段时间": (30, 0), "这阵子": (30, 0),
    "前两天": (3, 1), "前几天": (7, 1), "前几日": (7, 1), "前些天": (10, 1), "前些日子": (30, 2), "前不久": (30, 2),
    "不久前": (30, 2), "前段时间": (60, 7), "前一段时间": (60, 7), "前阵子": (60, 7),
}  # fmt: skip
UNITS: Final = {
    "分钟": Unit.MINUTE, "小时": Unit.HOUR, "钟头": Unit.HOUR, "天": Unit.DAY, "日": Unit.DAY, "星期": Unit.WEEK,
    "礼拜": Unit.WEEK, "周": Unit.WEEK, "月": Unit.MONTH, "年": Unit.YEAR,
}  # fmt: skip
TRAILING: Final = {
    "起": Mark.SINCE, "开始": Mark.SINCE, "以来": Mark.SINCE, "至今": Mark.SINCE, "迄今": Mark.SINCE, "到现在": Mark.SINCE,
    "到目前": Mark.SINCE, "到如今": Mark.SINCE, "后": Mark.AFTER, "以后": Mark.AFTER, "之后": Mark.AFTER, "过后": Mark.AFTER,
    "前": Mark.BEFORE, "以前": Mark.BEFORE, "之前": Mark.BEFORE, "左右": Mark.ABOUT, "前后": Mark.ABOUT,
}  # fmt: skip
MARKS: Final = {
    "从": Mark.SINCE,
    "自": Mark.SINCE,
    "自从": Mark.SINCE,
    "打从": Mark.SINCE,
    "大约": Mark.ABOUT,
    "约": Mark.ABOUT,
    "大概": Mark.ABOUT,
    "差不多": Mark.ABOUT,
    "将近": Mark.ABOUT,
    "接近": Mark.ABOUT,
    "近": Mark.ABOUT,
}  # fmt: skip; what is not here ends in 到, 至 or 截: until
