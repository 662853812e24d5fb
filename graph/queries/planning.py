"""The Cypher statements that planning reads: who can be sent, what waits, and the plans made. Each has a LIMIT."""

from typing import Final

__all__ = [
    "CREWS",
    "DEPARTMENTS",
    "INCIDENT_ASSIGNMENT",
    "INCIDENT_LEFT_OUT",
    "OPEN_INCIDENTS",
    "PLAN",
    "PLANS",
    "PLAN_ASSIGNMENTS",
    "PLAN_LEFT_OUT",
    "SENSITIVE_PLACES",
]

CREWS: Final = """
MATCH (crew:Crew)
WHERE crew.id > $after_id AND NOT coalesce(crew.retired, false)
RETURN properties(crew) AS crew
ORDER BY crew.id
LIMIT $limit
"""

# Incidents that wait for a crew, with how often their category came up at their place before.
OPEN_INCIDENTS: Final = """
MATCH (incident:Incident)
WHERE incident.status = 'open' AND incident.last_seen_at >= $since AND incident.opened_at <= $until
  AND incident.id > $after_id
WITH incident
ORDER BY incident.id
LIMIT $limit
OPTIONAL MATCH (incident)-[:AT]->(place:Place)
OPTIONAL MATCH (place)<-[:AT]-(earlier:Incident)
WHERE earlier.category = incident.category AND earlier.id <> incident.id AND earlier.opened_at < incident.opened_at
RETURN properties(incident) AS incident, count(earlier) AS repeats, place.name_zh AS place_zh, place.name_en AS place_en
ORDER BY incident.id
LIMIT $limit
"""

SENSITIVE_PLACES: Final = """
MATCH (place:Place)
WHERE place.sensitive IS NOT NULL AND place.id > $after_id AND NOT coalesce(place.retired, false)
RETURN properties(place) AS place
ORDER BY place.id
LIMIT $limit
"""

PLANS: Final = """
MATCH (plan:Plan)
WHERE plan.made_at < $before
RETURN properties(plan) AS plan, COUNT { (plan)-[:HAS]->(:Assignment) } AS assignments,
       COUNT { (plan)-[:LEFT_OUT]->(:Incident) } AS left_out
ORDER BY plan.made_at DESC
LIMIT $limit
"""

PLAN: Final = """
MATCH (plan:Plan {id: $id})
RETURN properties(plan) AS plan, COUNT { (plan)-[:HAS]->(:Assignment) } AS assignments,
       COUNT { (plan)-[:LEFT_OUT]->(:Incident) } AS left_out
LIMIT 1
"""

PLAN_ASSIGNMENTS: Final = """
MATCH (plan:Plan {id: $id})-[:HAS]->(assignment:Assignment)-[:ASSIGNS]->(crew:Crew)
MATCH (assignment)-[:TO]->(incident:Incident)
WHERE assignment.id > $after_id
RETURN properties(assignment) AS assignment, crew.id AS crew, crew.name_zh AS crew_zh, crew.name_en AS crew_en,
       incident.id AS incident, incident.title AS title, incident.category AS category, incident.location AS location
ORDER BY assignment.id
LIMIT $limit
"""

PLAN_LEFT_OUT: Final = """
MATCH (plan:Plan {id: $id})-[left:LEFT_OUT]->(incident:Incident)
WHERE incident.id > $after_id
RETURN properties(left) AS left, incident.id AS incident, incident.title AS title, incident.category AS category
ORDER BY incident
LIMIT $limit
"""

# What the latest plan that knows an incident does about it.
INCIDENT_ASSIGNMENT: Final = """
MATCH (plan:Plan)-[:HAS]->(assignment:Assignment)-[:TO]->(incident:Incident {id: $id})
MATCH (assignment)-[:ASSIGNS]->(crew:Crew)
RETURN properties(assignment) AS assignment, crew.id AS crew, crew.name_zh AS crew_zh, crew.name_en AS crew_en,
       incident.id AS incident, incident.title AS title, incident.category AS category,
       incident.location AS location, plan.made_at AS made_at
ORDER BY made_at DESC
LIMIT 1
"""

INCIDENT_LEFT_OUT: Final = """
MATCH (plan:Plan)-[left:LEFT_OUT]->(incident:Incident {id: $id})
RETURN properties(left) AS left, incident.id AS incident, incident.title AS title, incident.category AS category,
       plan.made_at AS made_at
ORDER BY made_at DESC
LIMIT 1
"""

DEPARTMENTS: Final = """
MATCH (department:Department)
WHERE NOT coalesce(department.retired, false)
OPTIONAL MATCH (department)-[:RESPONSIBLE_FOR]->(category:Category)
WITH department, category
ORDER BY category.code
RETURN properties(department) AS department, collect(category.code) AS categories
ORDER BY department.id
LIMIT 1000
"""
