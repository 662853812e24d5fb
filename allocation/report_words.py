"""What the report says, in Chinese and in English: one table, a key a row. {placeholders} are filled by name."""

from collections.abc import Mapping
from typing import Final

from core.types import Language

__all__ = ["REASONS", "Words", "words"]

# Why an incident was left out, in the order in which the report lists them: what the manager can do something about comes first.
REASONS: Final = ("capacity", "no_shift", "no_area", "no_skill", "no_location", "not_worth")

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("资源调配报告", "Resource allocation report"),
    "synthetic": (
        "演示数据：本报告中的事件和班组均为编写，并非真实情况。",
        "Demonstration data: the incidents and crews in this report are invented, not real.",
    ),
    "horizon": ("计划时段", "Horizon"),
    "generated": ("生成时间", "Made"),
    "plan": ("计划编号", "Plan"),
    "rules": ("规则版本", "Rules"),
    "summary": ("要点", "Summary"),
    "going_on": ("现在情况", "What is going on"),
    "we_do": ("今天做什么", "What we do"),
    "left_out": ("没有安排的", "What is left out, and why"),
    "kpi_open": ("待处置事件", "open incidents"),
    "kpi_assigned": ("已派遣", "assigned"),
    "kpi_left": ("未安排", "left out"),
    "kpi_crews": ("出动班组", "crews sent"),
    "kpi_net": ("净收益（{currency}）", "net value ({currency})"),
    "kpi_gap": ("距最优上限", "proven gap"),
    "optimal": ("最优", "optimal"),
    "say_open": (
        (
            "全市有 {open} 起待处置事件，汇集 {reports} 条市民反映；最多的类别是“{top}”（{top_count} 起），"
            "最集中的是{district}（{district_count} 起）。"
        ),
        (
            "{open} incidents are open in the city, from {reports} reports. "
            "The most frequent kind is “{top}” ({top_count}), the district with most is {district} ({district_count})."
        ),
    ),
    "say_days": (
        "近 {days} 天共收到 {reports} 条反映，最近 7 天 {week} 条，此前 7 天 {before} 条。",
        "{reports} reports came in over the last {days} days: {week} in the last 7, {before} in the 7 before.",
    ),
    "say_none": ("目前没有待处置事件。", "No incident is open."),
    "say_do": (
        "派出 {crews} 个班组（共 {all_crews} 个）处置 {assigned} 起事件，覆盖全部优先分的 {share}；预计成本 {cost} {currency}。",
        (
            "{crews} of {all_crews} crews go out to {assigned} incidents, which "
            "hold {share} of all priority points; expected cost {cost} {currency}."
        ),
    ),
    "say_first": (
        "优先级最高的是{place}的{category}（{priority} 分），由{crew}处置。",
        "First comes {category}, {place} ({priority} points), by {crew}.",
    ),
    "say_left": ("{left} 起未安排：{parts}。", "{left} incidents are left out: {parts}."),
    "say_left_none": ("所有事件都已安排。", "Every incident is assigned."),
    "say_left_top": (
        "其中优先级最高的是{place}的{category}（{priority} 分）。{why}",
        "The most important of them: {category}, {place} ({priority} points). {why}",
    ),
    "map": ("地图", "Map"),
    "map_city": ("各区待处置事件", "Open incidents by district"),
    "map_detail": ("事件与班组路线", "Incidents and the crews' ways"),
    "map_outside": ("另有 {count} 起在图外。", "{count} more lie outside this map."),
    "map_assigned": ("实心：已派遣", "filled: assigned"),
    "map_waiting": ("空心：未安排", "hollow: left out"),
    "map_base": ("班组驻地", "base of a crew"),
    "map_route": ("处置顺序", "order of the jobs"),
    "counts": ("反映数量", "Reports"),
    "by_category": ("按类别", "By category"),
    "by_district": ("按区", "By district"),
    "by_day": ("按日（近 {days} 天）", "By day (last {days} days)"),
    "unknown_district": ("区划不明", "Unknown district"),
    "crews": ("班组与任务", "Crews and their jobs"),
    "crews_note": (
        "任务按建议的先后顺序列出；括号内为该规则所加的分数。",
        "Jobs are in the order proposed; in brackets the points a rule added.",
    ),
    "jobs": ("{count} 项任务", "{count} jobs"),
    "jobs_one": ("1 项任务", "1 job"),
    "col_order": ("序", "#"),
    "col_incident": ("事件", "Incident"),
    "col_priority": ("优先分", "Points"),
    "col_km": ("公里", "km"),
    "col_cost": ("成本", "Cost"),
    "col_why": ("为什么", "Why"),
    "col_reports": ("反映", "Reports"),
    "idle": ("本时段没有任务的班组", "Crews without a job in this horizon"),
    "left_list": ("未安排的事件", "Incidents left out"),
    "more": ("另有 {count} 起，见 CSV 文件。", "{count} more are in the CSV file."),
    "capacity": ("班组已排满", "Crews are full"),
    "no_shift": ("时段内无人当班", "Nobody is on duty"),
    "no_area": ("片区无人负责", "No crew covers the area"),
    "no_skill": ("无相应专长", "No crew has the skill"),
    "no_location": ("位置不明", "Place unknown"),
    "not_worth": ("成本高于价值", "Costs more than it is worth"),
    "method": ("怎样得出", "How this was made"),
    "method_text": (
        (
            "优先分 = 重要性（各规则分数之和）× 热度；价值 = 优先分 × 每分价值；成本 = 路程 + 人工 + 软规则加价。"
            "求解器在班组的专长、片区、当班时间、任务数和工时之内，使价值减成本最大。路程按球面距离乘绕行系数估算，从驻地算起。"
            "“距最优上限”是已证明的：任何方案最多好这么多。"
        ),
        (
            "Points are importance (the sum of the rules' points) times heat; value is points times what a point is worth; "
            "cost is driving, labour and soft penalties. The solver makes value minus cost as large as skills, areas, shifts, "
            "jobs and working time of the crews allow. Driving is estimated from the great circle and a detour factor, from "
            "the base. The proven gap is how much better any plan could be at most."
        ),
    ),
    "place_unknown": ("地点不明", "an unknown place"),
    "page_of": ("citygraph 生成", "Made by citygraph"),
    "col_plan": ("计划", "plan"),
    "col_status": ("状态", "status"),
    "assigned": ("已派遣", "assigned"),
    "col_crew": ("班组", "crew"),
    "col_incident_id": ("事件编号", "incident"),
    "col_category": ("类别", "category"),
    "col_district": ("区", "district"),
    "col_place": ("地点", "place"),
    "col_reason": ("原因", "reason"),
    "col_value": ("价值", "value"),
    "col_metres": ("距驻地路程（米）", "metres from base"),
    "col_rules": ("触发的规则", "rules that fired"),
}


class Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._index = 0 if language == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key with its placeholders filled."""
        text = _WORDS[key][self._index]
        return text.format(**values) if values else text


def words(language: Language) -> Words:
    """The report's words in a language."""
    return Words(language)
