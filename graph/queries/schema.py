"""Every Cypher statement that defines the schema: the migrations' constraints and indexes, and how migrations are recorded."""

from typing import Final, LiteralString

__all__ = ["APPLIED_MIGRATIONS", "CLEAR", "INDEXED_INSTANTS", "INDEXES", "RECORD_MIGRATION", "UNIQUE_KEYS"]

UNIQUE_KEYS: Final[tuple[LiteralString, ...]] = (
    "CREATE CONSTRAINT report_id IF NOT EXISTS FOR (n:Report) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT incident_id IF NOT EXISTS FOR (n:Incident) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT category_code IF NOT EXISTS FOR (n:Category) REQUIRE n.code IS UNIQUE",
    "CREATE CONSTRAINT place_id IF NOT EXISTS FOR (n:Place) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT area_id IF NOT EXISTS FOR (n:Area) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT organization_id IF NOT EXISTS FOR (n:Organization) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT department_id IF NOT EXISTS FOR (n:Department) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT crew_id IF NOT EXISTS FOR (n:Crew) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT tally_id IF NOT EXISTS FOR (n:Tally) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT plan_id IF NOT EXISTS FOR (n:Plan) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT assignment_id IF NOT EXISTS FOR (n:Assignment) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT ingest_id IF NOT EXISTS FOR (n:Ingest) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT model_id IF NOT EXISTS FOR (n:ModelVersion) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT migration_id IF NOT EXISTS FOR (n:Migration) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT lock_id IF NOT EXISTS FOR (n:Lock) REQUIRE n.id IS UNIQUE",
)

INDEXES: Final[tuple[LiteralString, ...]] = (
    "CREATE INDEX report_reported_at IF NOT EXISTS FOR (n:Report) ON (n.reported_at)",
    "CREATE INDEX report_district IF NOT EXISTS FOR (n:Report) ON (n.district)",
    "CREATE INDEX report_text_hash IF NOT EXISTS FOR (n:Report) ON (n.text_hash)",
    "CREATE POINT INDEX report_location IF NOT EXISTS FOR (n:Report) ON (n.location)",
    "CREATE INDEX incident_category IF NOT EXISTS FOR (n:Incident) ON (n.category)",
    "CREATE INDEX incident_district IF NOT EXISTS FOR (n:Incident) ON (n.district)",
    "CREATE INDEX incident_last_seen_at IF NOT EXISTS FOR (n:Incident) ON (n.last_seen_at)",
    "CREATE POINT INDEX incident_location IF NOT EXISTS FOR (n:Incident) ON (n.location)",
    "CREATE INDEX place_name IF NOT EXISTS FOR (n:Place) ON (n.name)",
    "CREATE POINT INDEX place_location IF NOT EXISTS FOR (n:Place) ON (n.location)",
    "CREATE INDEX area_kind IF NOT EXISTS FOR (n:Area) ON (n.kind)",
    "CREATE INDEX tally_area IF NOT EXISTS FOR (n:Tally) ON (n.area)",
    "CREATE INDEX tally_day IF NOT EXISTS FOR (n:Tally) ON (n.day)",
    "CREATE INDEX plan_made_at IF NOT EXISTS FOR (n:Plan) ON (n.made_at)",
)

# The indexed properties that hold instants. The embedded store must know their type before they are indexed: its index over an
# instant of undeclared type keeps the entries of what was changed or deleted, and a range query then finds nodes twice or fails.
INDEXED_INSTANTS: Final = (("Report", "reported_at"), ("Incident", "last_seen_at"), ("Plan", "made_at"))

APPLIED_MIGRATIONS: Final = """
MATCH (migration:Migration)
RETURN migration.id AS id
ORDER BY id
LIMIT 1000
"""

RECORD_MIGRATION: Final = """
MERGE (migration:Migration {id: $id})
SET migration.name = $name
"""

# Empties the graph, batch by batch, and keeps its schema; returns how many nodes this batch took.
CLEAR: Final = """
MATCH (node)
WHERE NOT node:Migration
WITH node LIMIT 5000
DETACH DELETE node
RETURN count(*) AS deleted
"""
