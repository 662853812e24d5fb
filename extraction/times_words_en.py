"""The English words of time, by what they tell."""

from typing import Final

from extraction.times_pieces import Mark, Unit

__all__ = [
    "CAPITAL",
    "DAYS",
    "DAY_SETS",
    "MARKS",
    "MONTHS",
    "PARTS_EN",
    "PHASES",
    "RATES",
    "SEASONS",
    "TURNS",
    "UNITS",
    "VAGUE",
    "WEEKDAYS",
]

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ), 1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu", "friday fri",
            "saturday sat", "sunday sun",
        )
    )
    for name in names.split()
}  # fmt: skip
# They are other words too where they begin with a small letter.
CAPITAL: Final = frozenset(
    {"may", "march", "mar", "sat", "sun", "wed", "mon", "fri", "jan", "dec", "sep", "jun", "thu", "tue"}
)
PARTS_EN: Final = {  # names of `times_pieces.PARTS`
    word: part
    for part, words in {
        "small hours": "small hours|wee hours|early hours",
        "early morning": "early morning|dawn|sunrise|crack of dawn",
        "morning": "morning|mornings",
        "forenoon": "late morning|mid morning|mid-morning",
        "noon": "midday|lunchtime|lunch time",
        "afternoon": "afternoon|afternoons|late afternoon|early afternoon",
        "dusk": "dusk|sunset",
        "evening": "evening|evenings|late evening|early evening",
        "night": "night|nights|nighttime|night time",
        "night hours": "overnight",
        "dead of night": "middle of the night|dead of night|dead of the night|late night|late nights|late at night",
        "daytime": "daytime|day time|daylight hours|daylight",
        "morning rush": "morning rush hour|morning rush|morning commute",
        "evening rush": "evening rush hour|evening rush|evening commute|afternoon rush hour",
        "all day": "all day long|all day|the whole day|the entire day",
    }.items()
    for word in words.split("|")
}
DAYS: Final = {
    "yesterday": -1, "today": 0, "tonight": 0, "tonite": 0, "tomorrow": 1, "the day before yesterday": -2,
    "day before yesterday": -2, "the day after tomorrow": 2, "day after tomorrow": 2,
}  # fmt: skip
TURNS: Final = {
    "last": -1, "previous": -1, "this past": -1, "past": -1, "this": 0, "current": 0, "next": 1, "coming": 1, "this coming": 1,
    "upcoming": 1, "the following": 1,
}  # fmt: skip
PHASES: Final = {
    "early": (1, 10, 1, 4),
    "mid": (11, 20, 5, 8),
    "late": (21, 31, 9, 12),
}  # days of a month, months of a year
SEASONS: Final = {"spring": (3, 5), "summer": (6, 8), "fall": (9, 11), "autumn": (9, 11)}  # months
VAGUE: Final = {  # days back: from, to
    "recently": (14, 0), "lately": (14, 0), "as of late": (14, 0), "these days": (14, 0), "the other day": (7, 1),
    "the other night": (7, 1), "the other morning": (7, 1),
}  # fmt: skip
UNITS: Final = {
    "minute": Unit.MINUTE, "min": Unit.MINUTE, "hour": Unit.HOUR, "hr": Unit.HOUR, "day": Unit.DAY, "night": Unit.DAY,
    "week": Unit.WEEK, "wk": Unit.WEEK, "month": Unit.MONTH, "mo": Unit.MONTH, "year": Unit.YEAR, "yr": Unit.YEAR,
}  # fmt: skip
RATES: Final = {
    "everyday": Unit.DAY, "daily": Unit.DAY, "nightly": Unit.DAY, "weekly": Unit.WEEK, "monthly": Unit.MONTH,
    "hourly": Unit.HOUR, "yearly": Unit.YEAR, "annually": Unit.YEAR,
}  # fmt: skip
DAY_SETS: Final = {"weekday": (0, 1, 2, 3, 4), "weekend": (5, 6), "weeknight": (0, 1, 2, 3)}
MARKS: Final = {
    "since": Mark.SINCE, "ever since": Mark.SINCE, "from": Mark.SINCE, "starting": Mark.SINCE, "beginning": Mark.SINCE,
    "starting on": Mark.SINCE, "starting at": Mark.SINCE, "beginning in": Mark.SINCE, "starting in": Mark.SINCE,
    "after": Mark.AFTER, "before": Mark.BEFORE, "prior to": Mark.BEFORE, "until": Mark.UNTIL, "till": Mark.UNTIL, "til": Mark.UNTIL,
    "by": Mark.UNTIL, "through": Mark.UNTIL, "thru": Mark.UNTIL, "up to": Mark.UNTIL, "around": Mark.ABOUT, "about": Mark.ABOUT,
    "approximately": Mark.ABOUT, "approx": Mark.ABOUT, "roughly": Mark.ABOUT, "between": Mark.BETWEEN,
}  # fmt: skip
