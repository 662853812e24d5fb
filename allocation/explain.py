"""Reasons: why this crew may and should do this job, and why an incident was left out, in Chinese and in English."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from allocation.case import Case
from allocation.rules import SoftRule, fill
from allocation.words import category_name, distance, number
from core.types import Crew, Demand, FiredRule

__all__ = ["Reason", "why_eligible", "why_left_out", "why_this_crew"]

Reason = Literal["no_skill", "no_area", "no_shift", "no_location", "capacity", "not_worth"]
Names = Mapping[str, tuple[str, str]]

_SAME: Final = 0.005  # costs closer than this are written as equal


def why_eligible(case: Case, pair: int, areas: Names, zone: tzinfo) -> tuple[FiredRule, ...]:
    """The eligibility rules that let this pair be, without points, and the soft rules with their penalty as points."""
    demand, crew, incident, column = _of(case, pair)
    able, rules = case.able, case.rules
    fired: list[FiredRule] = []
    if able.skill[incident, column]:
        zh, en = category_name(demand.category, "zh"), category_name(demand.category, "en")
        fired.append(FiredRule("eligible-skill", 0.0, f"{crew.name_zh}能处置“{zh}”", f"{crew.name_en} handles “{en}”"))
    elif rules.skill.kind == "soft":
        fired.append(_penalty(rules.skill.penalty, "skill", "不具备该类别的专长", "does not have the skill", case))
    zh, en = _area(demand.district, areas)
    if able.area[incident, column]:
        fired.append(FiredRule("eligible-area", 0.0, f"负责片区含{zh}", f"covers {en}"))
    elif rules.area.kind == "soft":
        fired.append(_penalty(rules.area.penalty, "area", f"{zh}不在其负责片区", f"{en} is outside its area", case))
    first, last = (moment.astimezone(zone) for moment in case.duties[column].windows[0])
    span = f"{first:%m-%d %H:%M}–{last:%H:%M}"
    fired.append(FiredRule("eligible-shift", 0.0, f"{span} 当班", f"on duty {span}"))
    for rule in rules.soft:
        amount = float(case.offers.costs[rule.name][pair])
        if amount > 0:
            fired.append(_soft(rule, amount, case, pair))
    return tuple(fired)


def why_this_crew(case: Case, pair: int) -> tuple[str, str]:
    """Why this crew and not another: what it costs, and the next-best eligible crew with what it would cost more."""
    offers = case.offers
    _, _, incident, column = _of(case, pair)
    metres, cost, net = float(offers.metres[pair]), float(offers.cost[pair]), float(offers.net[pair])
    zh = f"距驻地 {distance(metres, 'zh')}，成本 {_money(case, cost, 'zh')}，净收益 {_money(case, net, 'zh')}。"
    en = f"{distance(metres, 'en')} from base, costs {_money(case, cost, 'en')}, worth {_money(case, net, 'en')} net. "
    span = offers.of(incident)
    others = [one for one in range(span.start, span.stop) if offers.crew[one] != column]
    if not others:
        return zh + "唯一符合条件的班组。", en + "The only eligible crew."
    second = min(others, key=lambda one: (float(offers.cost[one]), int(offers.crew[one])))
    other = int(offers.crew[second])
    rival, load = case.crews[other], case.loads[other]
    extra = float(offers.cost[second]) - cost
    farther = float(offers.metres[second]) - metres
    way_zh = f"，路程{'多' if farther > 0 else '少'} {distance(abs(farther), 'zh')}" if abs(farther) >= 1 else ""
    way_en = f", {distance(abs(farther), 'en')} {'farther' if farther > 0 else 'nearer'}" if abs(farther) >= 1 else ""
    if abs(extra) < _SAME:
        return zh + f"次选 {rival.name_zh} 成本相同。", en + f"Next best, {rival.name_en}, costs the same."
    if extra > 0:
        return (
            zh + f"次选 {rival.name_zh} 要多花 {_money(case, extra, 'zh')}{way_zh}。",
            en + f"Next best, {rival.name_en}, would cost {_money(case, extra, 'en')} more{way_en}.",
        )
    duty = case.duties[other]
    return (
        zh + f"{rival.name_zh} 可省 {_money(case, -extra, 'zh')}{way_zh}，但它已排 {load.jobs}/{duty.jobs} 项、"
        f"{number(load.minutes, 0)}/{number(duty.minutes, 0)} 分钟，留给别的任务更划算。",
        en
        + f"{rival.name_en} would save {_money(case, -extra, 'en')}{way_en}, but has {load.jobs} of {duty.jobs} jobs and "
        f"{number(load.minutes, 0)} of {number(duty.minutes, 0)} minutes already, worth more on others.",
    )


def why_left_out(case: Case, incident: int, areas: Names) -> tuple[Reason, str, str]:
    """The first reason that holds: no place, no skill, no area, no shift long enough, not worth its cost, or capacity."""
    demand, able, rules = case.demands[incident], case.able, case.rules
    kind_zh, kind_en = category_name(demand.category, "zh"), category_name(demand.category, "en")
    if not able.located[incident]:
        return "no_location", "位置不明，无法派人：请补充地点。", "No known location to send anyone to: add the place."
    skilled = able.skill[incident] if rules.skill.kind == "hard" else np.ones(len(case.crews), dtype=np.bool_)
    if not skilled.any():
        return "no_skill", f"没有班组能处置“{kind_zh}”。", f"No crew handles “{kind_en}”."
    near = skilled & able.area[incident] if rules.area.kind == "hard" else skilled
    if not near.any():
        zh, en = _area(demand.district, areas)
        count = int(skilled.sum())
        return (
            "no_area",
            f"能处置“{kind_zh}”的班组（{count} 个）都不负责{zh}。",
            f"No crew that handles “{kind_en}” ({count} in all) covers {en}.",
        )
    if not (near & able.time[incident]).any():
        return ("no_shift", *_no_shift(case, incident, near))
    span = case.offers.of(incident)
    pairs = np.arange(span.start, span.stop)
    best = int(pairs[np.argmax(case.offers.net[pairs])])
    if case.offers.net[best] < _SAME:
        crew = case.crews[int(case.offers.crew[best])]
        cost, value = float(case.offers.cost[best]), float(case.offers.value[best])
        return (
            "not_worth",
            f"最省的 {crew.name_zh} 也要 {_money(case, cost, 'zh')}，高于其价值 {_money(case, value, 'zh')}。",
            f"Even the cheapest, {crew.name_en}, costs {_money(case, cost, 'en')}, its value is {_money(case, value, 'en')}.",
        )
    return ("capacity", *_full(case, best, len(pairs)))


def _no_shift(case: Case, incident: int, near: npt.NDArray[np.bool_]) -> tuple[str, str]:
    working = [column for column in np.flatnonzero(near).tolist() if case.duties[column].jobs > 0]
    count = int(near.sum())
    if not working and count == 1:
        crew = case.crews[int(np.argmax(near))]
        return (
            f"唯一符合条件的 {crew.name_zh} 在计划时段内不当班。",
            f"{crew.name_en}, the only crew with the skill and the area, is off duty in this horizon.",
        )
    if not working:
        return (
            f"符合条件的 {count} 个班组在计划时段内都不当班。",
            f"All {count} crews with the skill and the area are off duty in this horizon.",
        )
    most = max(case.duties[column].minutes for column in working)
    need = case.demands[incident].service_minutes
    return (
        f"当班时间不够：处置需 {number(need, 0)} 分钟另加路程，最长当班 {number(most, 0)} 分钟。",
        f"Not enough time on duty: {number(need, 0)} min on the spot plus the drive, the longest duty is {number(most, 0)} min.",
    )


def _full(case: Case, best: int, count: int) -> tuple[str, str]:
    """All eligible crews are full: says how full the best one is, and which of its jobs would have to go."""
    offers = case.offers
    column = int(offers.crew[best])
    crew, load, duty = case.crews[column], case.loads[column], case.duties[column]
    net, need = float(offers.net[best]), float(offers.minutes[best])
    full_zh = f"{count} 个符合条件的班组都已排满。最合适的 {crew.name_zh} 已排 {load.jobs}/{duty.jobs} 项"
    full_en = f"All {count} eligible crews are full. The best, {crew.name_en}, has {load.jobs} of {duty.jobs} jobs"
    if count == 1:
        full_zh = f"唯一符合条件的 {crew.name_zh} 已排 {load.jobs}/{duty.jobs} 项"
        full_en = f"The only eligible crew, {crew.name_en}, has {load.jobs} of {duty.jobs} jobs"
    full_zh += f"、{number(load.minutes, 0)}/{number(duty.minutes, 0)} 分钟"
    full_en += f" and {number(load.minutes, 0)} of {number(duty.minutes, 0)} minutes"
    weakest = min(load.pairs.tolist(), key=lambda pair: (float(offers.net[pair]), pair), default=None)
    if weakest is None:
        return full_zh + "。", full_en + "."
    rival = case.demands[int(offers.incident[weakest])].incident
    least = float(offers.net[weakest])
    if least >= net:
        return (
            f"{full_zh}，其中收益最低的 {rival} 净值 {_money(case, least, 'zh')}，仍不低于本件的 {_money(case, net, 'zh')}。",
            f"{full_en}; even its least, {rival}, brings {_money(case, least, 'en')} net, this one {_money(case, net, 'en')}.",
        )
    return (
        f"{full_zh}；本件需 {number(need, 0)} 分钟、净值 {_money(case, net, 'zh')}，为它腾出时间得不偿失。",
        f"{full_en}; this one needs {number(need, 0)} min for {_money(case, net, 'en')} net, making room would lose more.",
    )


def _of(case: Case, pair: int) -> tuple[Demand, Crew, int, int]:
    incident, column = int(case.offers.incident[pair]), int(case.offers.crew[pair])
    return case.demands[incident], case.crews[column], incident, column


def _penalty(amount: float, name: str, zh: str, en: str, case: Case) -> FiredRule:
    return FiredRule(
        name, amount, f"{zh}：加 {_money(case, amount, 'zh')}", f"{en}: {_money(case, amount, 'en')} penalty"
    )


def _soft(rule: SoftRule, amount: float, case: Case, pair: int) -> FiredRule:
    demand, crew, _, column = _of(case, pair)
    words = {
        "category": demand.category,
        "district": demand.district or "?",
        "crew": crew.id,
        "crew_zh": crew.name_zh,
        "crew_en": crew.name_en,
        "department": crew.department,
        "distance_km": number(float(case.offers.metres[pair]) / 1000),
        "on_duty_hours": number(case.duties[column].minutes / 60),
        "penalty": number(amount),
    }
    return FiredRule(rule.name, amount, fill(rule.zh, words), fill(rule.en, words))


def _area(district: str | None, areas: Names) -> tuple[str, str]:
    if district is None:
        return "未知城区", "an unknown district"
    return areas.get(district, (district, district))


def _money(case: Case, amount: float, language: Literal["zh", "en"]) -> str:
    name = case.rules.costs.currency_zh if language == "zh" else case.rules.costs.currency_en
    return f"{number(amount)} {name}"
