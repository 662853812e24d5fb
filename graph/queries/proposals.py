"""Every Cypher statement about proposed places: counting, listing, deciding, and taking a decision back."""

from typing import Final, LiteralString

__all__ = [
    "CONFIRMED_PLACES",
    "COUNTED",
    "DECIDE",
    "DELETE_PLACE",
    "FORGET_MEANING",
    "KEEP_CONFIRMED",
    "LINK_AT",
    "LINK_MENTIONS",
    "LIVING_PLACE",
    "MARK_PLACE",
    "MERGE_MEANING",
    "MERGE_NAMES",
    "MERGE_PROPOSALS",
    "NAMED_ALIASES",
    "NAMING_REPORTS",
    "OTHER_MEANINGS",
    "POINTING_AT",
    "PROPOSAL",
    "PROPOSALS",
    "PROPOSAL_SCHEMA",
    "REPORTS_TO_LINK",
    "RETIRE_PLACE",
    "SET_ALIASES",
    "SET_MENTIONS",
    "UNCOUNTED_REPORTS",
    "UNLINK_AT",
    "UNLINK_MENTIONS",
]

PROPOSAL_SCHEMA: Final[tuple[LiteralString, ...]] = (
    "CREATE CONSTRAINT proposed_place_id IF NOT EXISTS FOR (n:ProposedPlace) REQUIRE n.id IS UNIQUE",
    "CREATE INDEX proposed_place_reports IF NOT EXISTS FOR (n:ProposedPlace) ON (n.reports)",
)

# --- counting, inside the transaction that writes the reports; by key, some dozens a batch ---

# What was counted before of these proposals, and what was decided.
COUNTED: Final = """
UNWIND $ids AS id
MATCH (proposal:ProposedPlace {id: id})
RETURN properties(proposal) AS proposal
LIMIT 10000
"""

# row.properties: all that is counted (graph/proposal_counts.py); a place that no report has coordinates for is shown in the middle
# of its district.
MERGE_PROPOSALS: Final = """
UNWIND $rows AS row
MERGE (proposal:ProposedPlace {id: row.id})
SET proposal += row.properties, proposal.state = coalesce(proposal.state, 'undecided')
WITH proposal, row
OPTIONAL MATCH (area:Area {id: row.district})
SET proposal.location = CASE WHEN row.longitude IS NOT NULL
                             THEN point({longitude: row.longitude, latitude: row.latitude})
                             ELSE area.centroid END
"""

MERGE_NAMES: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (proposal:ProposedPlace {id: row.proposal})
MERGE (report)-[names:NAMES {start: row.start, end: row.end}]->(proposal)
SET names.text = row.text, names.spelling = row.spelling, names.kind = row.kind, names.role = row.role,
    names.confidence = row.confidence
"""

# Reports of a page that no proposal counts yet, with all that counting needs; for stores filled by an earlier version.
UNCOUNTED_REPORTS: Final = """
MATCH (report:Report)
WHERE report.id > $after_id
WITH report ORDER BY report.id LIMIT $limit
RETURN report.id AS id, report.reported_at AS reported_at, report.district AS district, report.outside AS outside,
       report.location AS location, report.location_method AS method, report.location_contradicted AS location_contradicted,
       report.mentions AS mentions, report.choices AS choices, EXISTS { (report)-[:NAMES]->() } AS counted
ORDER BY id
LIMIT $limit
"""

# --- reading ---

# Proposals, those met in most reports first, a page from a key. Uses the index on reports.
PROPOSALS: Final = """
MATCH (proposal:ProposedPlace)
WHERE proposal.reports >= $least AND proposal.reports < $most
  AND proposal.state = $state
  AND ($kind IS NULL OR proposal.kind = $kind)
  AND ($district IS NULL OR $district IN proposal.districts)
  AND (proposal.reports < $below OR (proposal.reports = $below AND proposal.id > $after_id))
OPTIONAL MATCH (proposal)-[:MEANS]->(place:Place)
RETURN properties(proposal) AS proposal, place.id AS place, place.name_zh AS place_zh, place.name_en AS place_en
ORDER BY proposal.reports DESC, proposal.id
LIMIT $limit
"""

PROPOSAL: Final = """
MATCH (proposal:ProposedPlace {id: $id})
OPTIONAL MATCH (proposal)-[:MEANS]->(place:Place)
RETURN properties(proposal) AS proposal, place.id AS place, place.name_zh AS place_zh, place.name_en AS place_en
LIMIT 1
"""

# Reports that use the name, latest first.
NAMING_REPORTS: Final = """
MATCH (report:Report)-[names:NAMES]->(:ProposedPlace {id: $id})
WITH report, names ORDER BY names.start
WITH report, collect(properties(names))[0] AS names
RETURN report.id AS id, report.full_text AS full_text, report.language AS language, report.reported_at AS reported_at,
       report.district AS district, report.location AS location, report.location_method AS method,
       report.synthetic AS synthetic, names
ORDER BY reported_at DESC, id
LIMIT $limit
"""

# --- deciding ---

LIVING_PLACE: Final = """
MATCH (place:Place {id: $id})
WHERE NOT coalesce(place.retired, false)
RETURN properties(place) AS place
LIMIT 1
"""

# decisions: all of them as JSON, the latest last. What is null is removed.
DECIDE: Final = """
MATCH (proposal:ProposedPlace {id: $id})
SET proposal.state = $state, proposal.decided_by = $by, proposal.decided_at = $at, proposal.decided_why = $why,
    proposal.decisions = $decisions, proposal.place = $place
"""

# A place that people made says of which proposal; loading the city's files again leaves it as it is.
MARK_PLACE: Final = """
MATCH (place:Place {id: $id})
SET place.proposal = $proposal, place.retired = null
"""

MERGE_MEANING: Final = """
MATCH (proposal:ProposedPlace {id: $id})
MATCH (place:Place {id: $place})
MERGE (proposal)-[:MEANS]->(place)
"""

FORGET_MEANING: Final = """
MATCH (:ProposedPlace {id: $id})-[means:MEANS]->(:Place)
DELETE means
"""

SET_ALIASES: Final = """
MATCH (place:Place {id: $id})
SET place.aliases = $aliases
"""

# A page of the reports that use a name, by id, with what their mentions are kept as.
REPORTS_TO_LINK: Final = """
MATCH (report:Report)-[names:NAMES]->(:ProposedPlace {id: $id})
WHERE report.id > $after_id AND ($only IS NULL OR report.id IN $only)
WITH report, names ORDER BY names.start
WITH report, collect(properties(names)) AS names
ORDER BY report.id
LIMIT $limit
RETURN report.id AS id, report.district AS district, report.mentions AS mentions, names
ORDER BY id
LIMIT $limit
"""

LINK_MENTIONS: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (place:Place {id: row.place})
MERGE (report)-[mention:MENTIONS {start: row.start, end: row.end}]->(place)
SET mention.text = row.text, mention.kind = row.kind, mention.role = row.role, mention.confidence = row.confidence,
    mention.source = row.source, mention.proposal = row.proposal
"""

# A report that is at the place by another of its names stays so, as it was found.
LINK_AT: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
MATCH (place:Place {id: row.place})
WHERE NOT EXISTS { (report)-[:AT]->(place) }
MERGE (report)-[at:AT]->(place)
SET at.confidence = row.confidence, at.reason = row.reason, at.source = row.source
"""

SET_MENTIONS: Final = """
UNWIND $rows AS row
MATCH (report:Report {id: row.report})
SET report.mentions = row.mentions
"""

# --- taking a decision back ---

UNLINK_MENTIONS: Final = """
UNWIND $reports AS id
MATCH (report:Report {id: id})-[mention:MENTIONS {proposal: $proposal}]->(:Place)
DELETE mention
"""

# Only what a decision made, and only where no other name of the report means the place.
UNLINK_AT: Final = """
UNWIND $reports AS id
MATCH (report:Report {id: id})-[at:AT {source: $source}]->(place:Place {id: $place})
WHERE NOT EXISTS { (report)-[:MENTIONS]->(place) }
DELETE at
"""

OTHER_MEANINGS: Final = """
MATCH (proposal:ProposedPlace)-[:MEANS]->(:Place {id: $place})
WHERE proposal.id <> $id
RETURN proposal.id AS id, proposal.spellings AS spellings
ORDER BY id
LIMIT 1000
"""

POINTING_AT: Final = """
MATCH (place:Place {id: $id})<-[pointing]-()
RETURN count(pointing) AS relations
LIMIT 1
"""

DELETE_PLACE: Final = """
MATCH (place:Place {id: $id})
DETACH DELETE place
"""

RETIRE_PLACE: Final = """
MATCH (place:Place {id: $id})
SET place.retired = true, place.proposal = null
"""

# --- when a city is loaded again ---

# Places that people made, of districts that the city still has.
CONFIRMED_PLACES: Final = """
MATCH (place:Place)
WHERE place.proposal IS NOT NULL
MATCH (area:Area {id: place.district})
WHERE NOT coalesce(area.retired, false)
RETURN place.id AS id
LIMIT 100000
"""

KEEP_CONFIRMED: Final = """
UNWIND $ids AS id
MATCH (place:Place {id: id})
MATCH (area:Area {id: place.district})
SET place.retired = null
MERGE (place)-[:LOCATED_IN]->(area)
"""

# Names that people gave to places of the city's files.
NAMED_ALIASES: Final = """
MATCH (proposal:ProposedPlace {state: 'alias'})-[:MEANS]->(place:Place)
RETURN place.id AS id, place.aliases AS aliases, place.name_zh AS name_zh, place.name_en AS name_en,
       proposal.decisions AS decisions
ORDER BY proposal.id
LIMIT 100000
"""
