"""Every Cypher statement that writes to the city graph. Each is a MERGE on a unique key: running it twice changes nothing."""

from typing import Final

__all__ = [
    "LOCK",
    "MERGE_AREAS",
    "MERGE_ASSIGNMENTS",
    "MERGE_BORDERS",
    "MERGE_CATEGORIES",
    "MERGE_CREWS",
    "MERGE_DEPARTMENTS",
    "MERGE_DUPLICATES",
    "MERGE_INCIDENTS",
    "MERGE_INCIDENTS_AT",
    "MERGE_INCIDENTS_IN",
    "MERGE_INGEST",
    "MERGE_LEFT_OUT",
    "MERGE_MENTIONS_OF_AREAS",
    "MERGE_MENTIONS_OF_ORGANIZATIONS",
    "MERGE_MENTIONS_OF_PLACES",
    "MERGE_MODELS",
    "MERGE_NARROWED",
    "MERGE_ORGANIZATIONS",
    "MERGE_PARENTS",
    "MERGE_PLACES",
    "MERGE_PLAN",
    "MERGE_REPORTS",
    "MERGE_REPORTS_AGAINST",
    "MERGE_REPORTS_AT",
    "MERGE_REPORTS_IN",
    "MERGE_TALLIES",
    "RETIRE_AREAS",
    "RETIRE_CREWS",
    "RETIRE_DEPARTMENTS",
    "RETIRE_PLACES",
    "SEAL_INGEST",
    "UNLINK_CITY",
    "UNLINK_INCIDENTS_IN",
]

# Serialises writers that must see each other's incidents: whoever touches the node first holds it until commit.
LOCK: Final = """
MERGE (lock:Lock {id: $id})
SET lock.holder = $holder
"""

MERGE_CATEGORIES: Final = """
UNWIND $rows AS row
MERGE (category:Category {code: row.code})
SET category.id = row.code, category.kind = row.kind, category.standard = row.standard, category.name_zh = row.name_zh,
    category.name_en = row.name_en, category.level = row.level, category.urgency = row.urgency
WITH category, row WHERE row.broader IS NOT NULL
MERGE (broader:Category {code: row.broader})
MERGE (category)-[:BROADER]->(broader)
"""

# What a city's files said before about how its parts hang together; loading says it anew.
UNLINK_CITY: Final = """
MATCH (part:Area|Place|Department|Crew)-[old:PART_OF|ADJACENT_TO|LOCATED_IN|RESPONSIBLE_FOR|BELONGS_TO|COVERS]->()
DELETE old
"""

# Parts that the city's files name no longer stay for the facts that rest on them, but nothing new is made of them.
RETIRE_AREAS: Final = """
MATCH (part:Area)
SET part.retired = CASE WHEN part.id IN $ids THEN null ELSE true END
"""

RETIRE_PLACES: Final = """
MATCH (part:Place)
SET part.retired = CASE WHEN part.id IN $ids THEN null ELSE true END
"""

RETIRE_DEPARTMENTS: Final = """
MATCH (part:Department)
SET part.retired = CASE WHEN part.id IN $ids THEN null ELSE true END
"""

RETIRE_CREWS: Final = """
MATCH (part:Crew)
SET part.retired = CASE WHEN part.id IN $ids THEN null ELSE true END
"""

MERGE_AREAS: Final = """
UNWIND $rows AS row
MERGE (area:Area {id: row.id})
SET area.kind = row.kind, area.name = row.name_zh, area.name_zh = row.name_zh, area.name_en = row.name_en,
    area.centroid = point({longitude: row.longitude, latitude: row.latitude}), area.area_m2 = row.area_m2,
    area.population = row.population, area.geometry = row.geometry, area.aliases = row.aliases, area.parent = row.parent
"""

MERGE_PARENTS: Final = """
UNWIND $rows AS row
MATCH (area:Area {id: row.id})
MATCH (parent:Area {id: row.parent})
MERGE (area)-[:PART_OF]->(parent)
"""

MERGE_BORDERS: Final = """
UNWIND $rows AS row
MATCH (first:Area {id: row.first})
MATCH (second:Area {id: row.second})
MERGE (first)-[border:ADJACENT_TO]->(second)
SET border.metres = row.metres
"""

MERGE_PLACES: Final = """
UNWIND $rows AS row
MERGE (place:Place {id: row.id})
SET place.name = row.name_zh, place.name_zh = row.name_zh, place.name_en = row.name_en, place.kind = row.kind,
    place.aliases = row.aliases, place.sensitive = row.sensitive, place.district = row.district,
    place.location = point({longitude: row.longitude, latitude: row.latitude})
WITH place, row
MATCH (area:Area {id: row.district})
MERGE (place)-[:LOCATED_IN]->(area)
"""

MERGE_DEPARTMENTS: Final = """
UNWIND $rows AS row
MERGE (department:Department {id: row.id})
SET department.name_zh = row.name_zh, department.name_en = row.name_en, department.kind = row.kind
WITH department, row
UNWIND row.categories AS code
MATCH (category:Category {code: code})
MERGE (department)-[:RESPONSIBLE_FOR]->(category)
"""

MERGE_CREWS: Final = """
UNWIND $rows AS row
MERGE (crew:Crew {id: row.id})
SET crew.name_zh = row.name_zh, crew.name_en = row.name_en, crew.department = row.department, crew.skills = row.skills,
    crew.capacity = row.capacity, crew.shift_days = row.shift_days, crew.shift_start = row.shift_start,
    crew.shift_end = row.shift_end, crew.base = point({longitude: row.longitude, latitude: row.latitude}),
    crew.speed_kmh = row.speed_kmh, crew.hourly_cost = row.hourly_cost, crew.covers = row.covers
WITH crew, row
MATCH (department:Department {id: row.department})
MERGE (crew)-[:BELONGS_TO]->(department)
WITH crew, row
UNWIND row.covers AS code
MATCH (area:Area {id: code})
MERGE (crew)-[:COVERS]->(area)
"""

MERGE_MODELS: Final = """
UNWIND $rows AS row
MERGE (model:ModelVersion {id: row.id})
SET model.kind = row.kind
"""

MERGE_INGEST: Final = """
MERGE (ingest:Ingest {id: $id})
SET ingest.source = $source
"""

SEAL_INGEST: Final = """
MERGE (ingest:Ingest {id: $id})
SET ingest.source = $source, ingest.lines = $lines, ingest.accepted = $accepted, ingest.rejected = $rejected
"""

# One row a new report; its classification is a relationship to the top class, with all four probabilities, the sub-code, tone,
# intent, further troubles and evidence (lists of one length; offsets count in full_text). row.extracted: see graph/extracted.py.
MERGE_REPORTS: Final = """
UNWIND $rows AS row
MERGE (report:Report {id: row.id})
SET report.text = row.text, report.subject = row.subject, report.full_text = row.full_text,
    report.language = row.language, report.channel = row.channel, report.source = row.source,
    report.reported_at = row.reported_at, report.received_at = row.received_at, report.address = row.address,
    report.location = CASE WHEN row.longitude IS NULL THEN null
                           ELSE point({longitude: row.longitude, latitude: row.latitude}) END,
    report.location_confidence = row.location_confidence, report.location_method = row.location_method,
    report.location_reason = row.location_reason, report.outside = row.outside, report.district = row.district,
    report.urgency = row.urgency, report.status = row.status, report.synthetic = row.synthetic,
    report.text_hash = row.text_hash, report.bare = row.bare, report.sealed = row.sealed,
    report += row.extracted
WITH report, row
MATCH (category:Category {code: row.category})
MERGE (report)-[classified:CLASSIFIED_AS]->(category)
SET classified += row.classified, classified.at = row.received_at
WITH report, row
MATCH (ingest:Ingest {id: row.ingest})
MERGE (report)-[:FROM]->(ingest)
"""

# Reports whose sub-code is finer than their top class, so that one can go from a sub-code to its reports.
MERGE_NARROWED: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.id})
MATCH (category:Category {code: row.classified.code})
MERGE (report)-[narrowed:NARROWED_TO]->(category)
SET narrowed.confidence = row.classified.code_confidence, narrowed.model = row.classified.model
"""

MERGE_ORGANIZATIONS: Final = """
UNWIND $rows AS row
MERGE (organization:Organization {id: row.id})
SET organization.name = row.name, organization.kind = row.kind
"""

MERGE_MENTIONS_OF_AREAS: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (target:Area {id: row.target})
MERGE (report)-[mention:MENTIONS {start: row.start, end: row.end}]->(target)
SET mention.text = row.text, mention.kind = row.kind, mention.role = row.role, mention.confidence = row.confidence,
    mention.source = row.source
"""

MERGE_MENTIONS_OF_PLACES: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (target:Place {id: row.target})
MERGE (report)-[mention:MENTIONS {start: row.start, end: row.end}]->(target)
SET mention.text = row.text, mention.kind = row.kind, mention.role = row.role, mention.confidence = row.confidence,
    mention.source = row.source
"""

MERGE_MENTIONS_OF_ORGANIZATIONS: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (target:Organization {id: row.target})
MERGE (report)-[mention:MENTIONS {start: row.start, end: row.end}]->(target)
SET mention.text = row.text, mention.kind = row.kind, mention.role = row.role, mention.confidence = row.confidence,
    mention.source = row.source
"""

MERGE_REPORTS_IN: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (area:Area {id: row.target})
MERGE (report)-[located:LOCATED_IN]->(area)
SET located.confidence = row.confidence, located.reason = row.reason, located.source = row.source
"""

MERGE_REPORTS_AT: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (place:Place {id: row.target})
MERGE (report)-[at:AT]->(place)
SET at.confidence = row.confidence, at.reason = row.reason, at.source = row.source
"""

MERGE_REPORTS_AGAINST: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (organization:Organization {id: row.target})
MERGE (report)-[against:REPORTED_AGAINST]->(organization)
SET against.confidence = row.confidence, against.reason = row.reason, against.source = row.source
"""

# One row an incident that this batch opened or changed, with the reports that joined it.
MERGE_INCIDENTS: Final = """
UNWIND $rows AS row
MERGE (incident:Incident {id: row.id})
SET incident.category = row.category, incident.status = row.status, incident.opened_at = row.opened_at,
    incident.last_seen_at = row.last_seen_at, incident.district = row.district, incident.place = row.place,
    incident.title = row.title, incident.language = row.language, incident.heat = row.heat,
    incident.reports = row.reports, incident.urgency = row.urgency,
    incident.precise = row.precise, incident.location_method = row.location_method, incident.area = row.area,
    incident.location = CASE WHEN row.longitude IS NULL THEN null
                             ELSE point({longitude: row.longitude, latitude: row.latitude}) END
WITH incident, row
MATCH (category:Category {code: row.category})
MERGE (incident)-[:ABOUT]->(category)
WITH incident, row
UNWIND row.joined AS member
MATCH (report:Report {id: member.report})
MERGE (report)-[part:PART_OF]->(incident)
SET part.score = member.score, part.why = member.why, part.sequence = member.sequence
"""

# An incident lies in one area: when a better located report joins, the old one goes.
UNLINK_INCIDENTS_IN: Final = """
UNWIND $rows AS row
MATCH (incident:Incident {id: row.id})-[old:LOCATED_IN]->(area:Area)
WHERE area.id <> row.area
DELETE old
"""

MERGE_INCIDENTS_IN: Final = """
UNWIND $rows AS row
MATCH (incident:Incident {id: row.id})
MATCH (area:Area {id: row.area})
MERGE (incident)-[:LOCATED_IN]->(area)
"""

MERGE_INCIDENTS_AT: Final = """
UNWIND $rows AS row
MATCH (incident:Incident {id: row.id})
MATCH (place:Place {id: row.place})
MERGE (incident)-[:AT]->(place)
"""

MERGE_DUPLICATES: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (first:Report {id: row.first})
MERGE (report)-[duplicate:DUPLICATE_OF]->(first)
SET duplicate.score = row.score, duplicate.why = row.why
"""

# The aggregate that counts are read from; a report adds to it in the transaction that first writes it, so exactly once.
MERGE_TALLIES: Final = """
UNWIND $rows AS row
MERGE (tally:Tally {id: row.id})
SET tally.area = row.area, tally.category = row.category, tally.day = row.day,
    tally.reports = coalesce(tally.reports, 0) + row.reports
"""

MERGE_PLAN: Final = """
MERGE (plan:Plan {id: $id})
SET plan.made_at = $made_at, plan.start = $start, plan.end = $end, plan.rules_version = $rules_version,
    plan.objective = $objective, plan.gap = $gap
"""

MERGE_ASSIGNMENTS: Final = """
UNWIND $rows AS row
MATCH (plan:Plan {id: row.plan})
MATCH (crew:Crew {id: row.crew})
MATCH (incident:Incident {id: row.incident})
MERGE (assignment:Assignment {id: row.id})
SET assignment.plan = row.plan, assignment.sequence = row.sequence, assignment.travel_metres = row.travel_metres,
    assignment.value = row.value, assignment.cost = row.cost, assignment.fired = row.fired,
    assignment.why_zh = row.why_zh, assignment.why_en = row.why_en
MERGE (plan)-[:HAS]->(assignment)
MERGE (assignment)-[:ASSIGNS]->(crew)
MERGE (assignment)-[:TO]->(incident)
"""

MERGE_LEFT_OUT: Final = """
UNWIND $rows AS row
MATCH (plan:Plan {id: row.plan})
MATCH (incident:Incident {id: row.incident})
MERGE (plan)-[left:LEFT_OUT]->(incident)
SET left.reason = row.reason, left.why_zh = row.why_zh, left.why_en = row.why_en, left.priority = row.priority
"""
