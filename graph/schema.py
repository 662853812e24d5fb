"""Labels, relationship types, and the numbered migrations that bring a store to the schema this code expects."""

import random
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, LiteralString

from neo4j.exceptions import Neo4jError

from core.errors import Conflict
from graph.queries import proposals
from graph.queries import schema as statements
from graph.store import Store

__all__ = ["MIGRATIONS", "Label", "Migration", "RelationshipType", "clear", "migrate"]


class Label(StrEnum):
    """Node labels; docs/graph_model.md says what each holds."""

    REPORT = "Report"
    INCIDENT = "Incident"
    CATEGORY = "Category"
    PLACE = "Place"
    PROPOSED_PLACE = "ProposedPlace"
    AREA = "Area"
    ORGANIZATION = "Organization"
    DEPARTMENT = "Department"
    CREW = "Crew"
    TALLY = "Tally"
    PLAN = "Plan"
    ASSIGNMENT = "Assignment"
    INGEST = "Ingest"
    MODEL_VERSION = "ModelVersion"
    MIGRATION = "Migration"
    LOCK = "Lock"


class RelationshipType(StrEnum):
    """Relationship types; docs/graph_model.md says from where to where."""

    CLASSIFIED_AS = "CLASSIFIED_AS"
    NARROWED_TO = "NARROWED_TO"
    MENTIONS = "MENTIONS"
    NAMES = "NAMES"
    MEANS = "MEANS"
    LOCATED_IN = "LOCATED_IN"
    AT = "AT"
    REPORTED_AGAINST = "REPORTED_AGAINST"
    PART_OF = "PART_OF"
    DUPLICATE_OF = "DUPLICATE_OF"
    FROM = "FROM"
    ABOUT = "ABOUT"
    BROADER = "BROADER"
    ADJACENT_TO = "ADJACENT_TO"
    RESPONSIBLE_FOR = "RESPONSIBLE_FOR"
    BELONGS_TO = "BELONGS_TO"
    COVERS = "COVERS"
    HAS = "HAS"
    ASSIGNS = "ASSIGNS"
    TO = "TO"
    LEFT_OUT = "LEFT_OUT"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered step of the schema; its statements may run twice without harm."""

    id: int
    name: str
    statements: tuple[LiteralString, ...]


_TRIES: Final = 8  # of a schema statement that meets its twin of another process

MIGRATIONS: Final = (
    Migration(1, "unique keys", statements.UNIQUE_KEYS),
    Migration(2, "indexes", statements.INDEXES),
    Migration(3, "proposed places", proposals.PROPOSAL_SCHEMA),
)


def migrate(store: Store) -> list[int]:
    """Apply the migrations this store lacks, in order; returns their numbers.

    Safe in two processes at once: each statement may run twice, and both may name a migration theirs.
    Raises Conflict for a store that newer code has migrated.
    """
    applied = {int(row["id"]) for row in store.read(statements.APPLIED_MIGRATIONS)}
    newest = MIGRATIONS[-1].id
    if applied and max(applied) > newest:
        raise Conflict(f"the store's schema is at migration {max(applied)}, this code knows {newest}: update citygraph")
    missing = [migration for migration in MIGRATIONS if migration.id not in applied]
    for migration in missing:
        for statement in migration.statements:
            _define(store, statement)
        store.write(statements.RECORD_MIGRATION, id=migration.id, name=migration.name)
    return [migration.id for migration in missing]


def _define(store: Store, statement: LiteralString) -> None:
    """Run a schema statement; again where another process defined the same at that moment, which each server words its way."""
    for attempt in range(1, _TRIES + 1):
        try:
            return store.define(statement)
        except (Conflict, Neo4jError):
            if attempt == _TRIES:
                raise
            time.sleep(random.uniform(0.02, 0.1) * attempt)
    return None


def clear(store: Store) -> None:
    """Delete every node but the record of migrations; the schema stays."""
    while store.write(statements.CLEAR)[0]["deleted"]:
        pass
