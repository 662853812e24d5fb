"""The neighbourhood of any node, hop by hop, bounded in width so that a hub cannot flood it."""

from collections import Counter
from typing import Any

from core.errors import BadInput, NotFound
from graph.queries import reads
from graph.store import Store
from graph.views import GraphEdge, GraphNode, Subgraph

__all__ = ["MAX_HOPS", "neighbourhood"]

MAX_HOPS = 4
_FAN = 40  # relationships followed from one node
_HUBS = {"Category", "Department", "Crew", "Plan"}  # everything meets there, so nothing is learned by walking on
_HUB_AREAS = {"city", "district"}
# Long or internal, and of no use in a drawing.
_HIDDEN = {
    "geometry",
    "mentions",
    "links",
    "occasions",
    "choices",
    "bare",
    "text_hash",
    "full_text",
    "sealed",
    "decisions",
}


def neighbourhood(store: Store, label: str, identifier: str, *, hops: int = 1, limit: int = 200) -> Subgraph:
    """All nodes within `hops` relationships of a node, and the relationships walked; at most `limit` nodes.

    Hubs (categories, crews, districts) are shown but not walked through. Raises NotFound, or BadInput for an unknown label.
    """
    if label not in reads.NODE:
        raise BadInput("label", label, f"one of {', '.join(reads.NODE_LABELS)}")
    if not 1 <= hops <= MAX_HOPS:
        raise BadInput("hops", hops, f"from 1 to {MAX_HOPS}")
    rows = store.read(reads.NODE[label], id=identifier)
    if not rows:
        raise NotFound(label.lower(), identifier)
    nodes = {rows[0]["element"]: _node(rows[0])}
    walked: dict[str, dict[str, Any]] = {}
    frontier = [rows[0]["element"]]
    cut = False
    for _ in range(hops):
        answer = store.read_capped(reads.EXPAND, elements=frontier, fan=_FAN, limit=limit * 4)
        fullest = max(Counter(row["origin"] for row in answer.rows).values(), default=0)
        cut = cut or answer.cut or len(answer.rows) >= limit * 4 or fullest >= _FAN
        frontier = []
        for row in answer.rows:
            if row["element"] not in nodes:
                if len(nodes) >= limit:
                    cut = True
                    continue
                nodes[row["element"]] = _node(row)
                if not _is_hub(row):
                    frontier.append(row["element"])
            walked[row["edge"]] = row
        if not frontier:
            break
    edges = [
        GraphEdge(nodes[row["source"]].key, nodes[row["target"]].key, row["type"], row["edge_properties"])
        for row in walked.values()
        if row["source"] in nodes and row["target"] in nodes
    ]
    return Subgraph(tuple(nodes.values()), tuple(edges), cut)


def _is_hub(row: dict[str, Any]) -> bool:
    return bool(_HUBS & set(row["labels"])) or row["properties"].get("kind") in _HUB_AREAS


def _node(row: dict[str, Any]) -> GraphNode:
    label, properties = row["labels"][0], row["properties"]
    name = properties.get("name") or properties.get("name_zh") or properties.get("title") or properties.get("text")
    name = str(name or properties["id"])
    return GraphNode(
        key=f"{label}:{properties['id']}",
        label=label,
        id=properties["id"],
        name=name if len(name) <= 40 else name[:39] + "…",  # noqa: PLR2004
        properties={key: value for key, value in properties.items() if key not in _HIDDEN},
    )
