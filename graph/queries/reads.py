"""The Cypher statements that read reports, incidents and the city. Each has a LIMIT; the store adds a time limit to each."""

from typing import Final, LiteralString

__all__ = [
    "AREA",
    "AREAS",
    "CANDIDATE_INCIDENTS",
    "COUNTS",
    "COUNT_REPORTS",
    "EXISTING_REPORTS",
    "EXPAND",
    "INCIDENT",
    "INCIDENTS",
    "INCIDENT_REPORTS",
    "LATEST_REPORT",
    "NEIGHBOURING_DISTRICTS",
    "NODE",
    "NODE_LABELS",
    "PLACE",
    "PLACES",
    "PLACE_HISTORY",
    "REPORT",
    "REPORTS",
    "REPORTS_NEAR",
    "REPORT_RELATIONS",
    "SEALED",
    "SYNTHETIC",
    "TOGETHER",
]

# Which of these reports are there already, and what they said. By key; at most one row an id.
EXISTING_REPORTS: Final = """
UNWIND $ids AS id
MATCH (report:Report {id: id})
RETURN report.id AS id, report.text_hash AS text_hash
LIMIT 10000
"""

NEIGHBOURING_DISTRICTS: Final = """
MATCH (area:Area)-[:ADJACENT_TO]-(neighbour:Area)
WHERE area.id IN $districts
RETURN DISTINCT neighbour.id AS id
LIMIT 1000
"""

# Open incidents a batch of reports could belong to, with the texts they are compared by, in the order they joined.
# Uses the index on category; $from and $to bound the time, $districts (null: all) the place.
CANDIDATE_INCIDENTS: Final = """
MATCH (incident:Incident)
WHERE incident.category IN $categories AND incident.status = 'open'
  AND incident.last_seen_at >= $from AND incident.opened_at <= $to
  AND ($districts IS NULL OR incident.district IS NULL OR incident.district IN $districts)
MATCH (report:Report)-[part:PART_OF]->(incident)
WHERE part.sequence <= $members
WITH incident, part, report
ORDER BY part.sequence
RETURN incident.id AS id, incident.category AS category, incident.opened_at AS opened_at,
       incident.last_seen_at AS last_seen_at, incident.title AS title, incident.language AS language,
       incident.location AS location, incident.precise AS precise, incident.location_method AS location_method,
       incident.area AS area,
       incident.district AS district, incident.place AS place, incident.heat AS heat, incident.reports AS reports,
       incident.urgency AS urgency, incident.status AS status,
       collect([report.id, report.bare, report.text_hash]) AS members
LIMIT 100000
"""

# One report with its category, incident and the report it repeats. By key.
REPORT: Final = """
MATCH (report:Report {id: $id})-[classified:CLASSIFIED_AS]->(category:Category)
OPTIONAL MATCH (report)-[:PART_OF]->(incident:Incident)
OPTIONAL MATCH (report)-[:DUPLICATE_OF]->(first:Report)
RETURN properties(report) AS report, properties(classified) AS classified, category.code AS category,
       incident.id AS incident, first.id AS duplicate_of
LIMIT 1
"""

# What one report is related to. By key; a report has a handful of these.
REPORT_RELATIONS: Final = """
MATCH (report:Report {id: $id})-[relation:LOCATED_IN|AT|REPORTED_AGAINST]->(target)
RETURN type(relation) AS kind, target.id AS target, coalesce(target.name_zh, target.name) AS name_zh,
       coalesce(target.name_en, target.name) AS name_en, relation.confidence AS confidence, relation.reason AS reason,
       relation.source AS source
ORDER BY kind, confidence DESC, target
LIMIT 200
"""

# The encrypted original of one report, for the one route that may open it. By key.
SEALED: Final = """
MATCH (report:Report {id: $id})
RETURN report.sealed AS sealed
LIMIT 1
"""

# Reports, latest first, a page from a key; $category: a top class or a sub-code. Uses the index on reported_at.
REPORTS: Final = """
MATCH (report:Report)
WHERE report.reported_at <= $before
  AND (report.reported_at < $before OR report.id > $after_id)
  AND ($since IS NULL OR report.reported_at >= $since)
  AND ($district IS NULL OR report.district = $district)
  AND ($status IS NULL OR report.status = $status)
MATCH (report)-[classified:CLASSIFIED_AS]->(category:Category)
WHERE ($category IS NULL OR category.code = $category OR classified.code = $category)
  AND ($doubt IS NULL OR classified.doubt = $doubt)
  AND ($intent IS NULL OR classified.intent = $intent)
  AND ($sentiment IS NULL OR classified.sentiment = $sentiment)
WITH report, classified, category
ORDER BY report.reported_at DESC, report.id
LIMIT $limit
OPTIONAL MATCH (report)-[:PART_OF]->(incident:Incident)
OPTIONAL MATCH (report)-[:DUPLICATE_OF]->(first:Report)
RETURN properties(report) AS report, properties(classified) AS classified, category.code AS category,
       incident.id AS incident, first.id AS duplicate_of
ORDER BY report.reported_at DESC, report.id
LIMIT $limit
"""

# Reports near a point, nearest first. Uses the point index; $metres bounds the scan, $limit the answer.
REPORTS_NEAR: Final = """
MATCH (report:Report)
WHERE point.distance(report.location, point({longitude: $longitude, latitude: $latitude})) <= $metres
WITH report, point.distance(report.location, point({longitude: $longitude, latitude: $latitude})) AS metres
ORDER BY metres, report.id
LIMIT $limit
MATCH (report)-[classified:CLASSIFIED_AS]->(category:Category)
OPTIONAL MATCH (report)-[:PART_OF]->(incident:Incident)
OPTIONAL MATCH (report)-[:DUPLICATE_OF]->(first:Report)
RETURN properties(report) AS report, properties(classified) AS classified, category.code AS category,
       incident.id AS incident, first.id AS duplicate_of, metres
ORDER BY metres, report.id
LIMIT $limit
"""

# Incidents seen in a period, hottest first, a page from a key. Uses the index on last_seen_at.
INCIDENTS: Final = """
MATCH (incident:Incident)
WHERE incident.last_seen_at >= $since AND incident.opened_at <= $until
  AND ($district IS NULL OR incident.district = $district)
  AND ($category IS NULL OR incident.category = $category)
  AND ($status IS NULL OR incident.status = $status)
  AND (incident.heat < $below_heat OR (incident.heat = $below_heat AND incident.id > $after_id))
RETURN properties(incident) AS incident
ORDER BY incident.heat DESC, incident.id
LIMIT $limit
"""

INCIDENT: Final = """
MATCH (incident:Incident {id: $id})
OPTIONAL MATCH (incident)-[:AT]->(place:Place)
RETURN properties(incident) AS incident, place.name_zh AS place_zh, place.name_en AS place_en
LIMIT 1
"""

INCIDENT_REPORTS: Final = """
MATCH (report:Report)-[part:PART_OF]->(incident:Incident {id: $id})
MATCH (report)-[classified:CLASSIFIED_AS]->(category:Category)
OPTIONAL MATCH (report)-[:DUPLICATE_OF]->(first:Report)
RETURN properties(report) AS report, properties(classified) AS classified, category.code AS category,
       incident.id AS incident, first.id AS duplicate_of, properties(part) AS part
ORDER BY part.sequence
LIMIT $limit
"""

AREAS: Final = """
MATCH (area:Area)
WHERE area.kind = $kind AND ($parent IS NULL OR area.parent = $parent) AND area.id > $after_id
  AND NOT coalesce(area.retired, false)
RETURN properties(area) AS area
ORDER BY area.id
LIMIT $limit
"""

AREA: Final = """
MATCH (area:Area {id: $id})
RETURN properties(area) AS area
LIMIT 1
"""

PLACES: Final = """
MATCH (place:Place)
WHERE place.id > $after_id AND ($district IS NULL OR place.district = $district) AND NOT coalesce(place.retired, false)
RETURN properties(place) AS place
ORDER BY place.id
LIMIT $limit
"""

PLACE: Final = """
MATCH (place:Place {id: $id})
RETURN properties(place) AS place
LIMIT 1
"""

# What happened at a place, latest first.
PLACE_HISTORY: Final = """
MATCH (incident:Incident)-[:AT]->(place:Place {id: $id})
RETURN properties(incident) AS incident
ORDER BY incident.last_seen_at DESC, incident.id
LIMIT $limit
"""

# Counts come from the tallies, never from a walk over reports. Days are city-local ISO dates, so they sort as text.
COUNTS: Final = """
MATCH (tally:Tally)
WHERE tally.area IN $areas AND tally.day >= $since AND tally.day <= $until
  AND ($category IS NULL OR tally.category = $category) AND tally.id > $after_id
RETURN tally.id AS id, tally.area AS area, tally.category AS category, tally.day AS day, tally.reports AS reports
ORDER BY id
LIMIT $limit
"""

# The labels whose nodes a person may start from; each has a unique `id`.
NODE_LABELS: Final = (
    "Report", "Incident", "Category", "Place", "ProposedPlace", "Area", "Organization", "Department", "Crew", "Plan", "Assignment",
)  # fmt: skip

# A node by label and id, one literal a label, since a label cannot be a parameter and use its index on both stores.
NODE: Final[dict[str, LiteralString]] = {
    label: "MATCH (node:" + label + " {id: $id})"
    " RETURN elementId(node) AS element, labels(node) AS labels, properties(node) AS properties LIMIT 1"
    for label in NODE_LABELS
}  # fmt: skip

# One hop from each of these nodes, at most $fan relationships a node. By element id, so no label is needed.
EXPAND: Final = """
UNWIND $elements AS element
MATCH (node) WHERE elementId(node) = element
CALL (node) {
  MATCH (node)-[edge]-(other)
  WHERE NOT other:Ingest AND NOT other:ModelVersion
  RETURN edge, other LIMIT $fan
}
RETURN element AS origin, elementId(edge) AS edge, type(edge) AS type, properties(edge) AS edge_properties,
       elementId(startNode(edge)) AS source, elementId(endNode(edge)) AS target,
       elementId(other) AS element, labels(other) AS labels, properties(other) AS properties
LIMIT $limit
"""

# Who is reported with what, for centrality: reports of a period with their places and organisations.
TOGETHER: Final = """
MATCH (report:Report)-[link:AT|REPORTED_AGAINST]->(target)
WHERE report.reported_at >= $since AND report.reported_at <= $until
  AND ($district IS NULL OR report.district = $district)
RETURN report.id AS report, type(link) AS type, labels(target) AS labels, target.id AS target, target.name AS name
ORDER BY report, target
LIMIT $limit
"""

# Whether any of the newest reports is an invented one, as a demo city's are.
SYNTHETIC: Final = """
MATCH (report:Report)
WHERE report.synthetic
RETURN report.id AS id
LIMIT 1
"""

LATEST_REPORT: Final = """
MATCH (report:Report)
RETURN report.reported_at AS at
ORDER BY at DESC
LIMIT 1
"""

COUNT_REPORTS: Final = """
MATCH (report:Report)
RETURN count(report) AS reports
LIMIT 1
"""
