"""Sub-graphs as networkx graphs, and which places and organisations stand in their middle."""

from dataclasses import dataclass
from datetime import datetime

import networkx as nx

from graph.queries import reads
from graph.store import Store
from graph.views import Subgraph

__all__ = ["Central", "central_nodes", "reported_together", "to_networkx"]


@dataclass(frozen=True, slots=True)
class Central:
    """A place or an organisation in the graph of what is reported together.

    reports: how many reports name it. degree: its neighbours, as a share of all others. betweenness: the share of shortest
    paths between others that pass it (Freeman 1977; Brandes 2001). pagerank: Page et al. 1999, weighted by reports.
    """

    key: str
    label: str
    id: str
    name: str
    reports: int
    degree: float
    betweenness: float
    pagerank: float


def to_networkx(subgraph: Subgraph) -> "nx.MultiDiGraph[str]":
    """A sub-graph as a networkx multigraph: nodes by key with label, name and properties; edges keyed by type."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in subgraph.nodes:
        graph.add_node(node.key, label=node.label, name=node.name, properties=node.properties)
    for edge in subgraph.edges:
        graph.add_edge(edge.source, edge.target, key=edge.type, properties=edge.properties)
    return graph


def reported_together(
    store: Store, *, since: datetime, until: datetime, district: str | None = None, limit: int = 1000
) -> "nx.Graph[str]":
    """The bipartite graph of a period's reports and the places and organisations they name."""
    graph: nx.Graph[str] = nx.Graph()
    rows = store.read(reads.TOGETHER, since=since, until=until, district=district, limit=limit)
    for row in rows:
        label = row["labels"][0]
        graph.add_node(f"Report:{row['report']}", label="Report", id=row["report"], name=row["report"])
        graph.add_node(f"{label}:{row['target']}", label=label, id=row["target"], name=row["name"])
        graph.add_edge(f"Report:{row['report']}", f"{label}:{row['target']}", type=row["type"])
    return graph


def central_nodes(graph: "nx.Graph[str]", *, limit: int = 20) -> list[Central]:
    """The places and organisations most central in a graph of reports, by PageRank; ties by key."""
    if graph.number_of_nodes() == 0:
        return []
    degree = nx.degree_centrality(graph)
    betweenness = nx.betweenness_centrality(graph)
    pagerank = nx.pagerank(graph)
    found = [
        Central(
            key=key,
            label=values["label"],
            id=values["id"],
            name=values["name"],
            reports=graph.degree(key),
            degree=round(degree[key], 6),
            betweenness=round(betweenness[key], 6),
            pagerank=round(pagerank[key], 6),
        )
        for key, values in graph.nodes(data=True)
        if values["label"] != "Report"
    ]
    return sorted(found, key=lambda one: (-one.pagerank, one.key))[:limit]
