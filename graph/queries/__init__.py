"""Every Cypher statement: `schema` defines, `writes` writes, `reads` and `planning` read; `proposals`: all of proposed places."""

from functools import cache

from graph.queries import planning, proposals, reads, schema, writes

__all__ = ["query_name"]


@cache
def _names() -> dict[str, str]:
    return {
        value: name.lower()
        for module in (schema, writes, reads, planning, proposals)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }


def query_name(query: str) -> str:
    """The name of a statement kept here, e.g. "reports_near"; "other" for any other text. For metrics: a bounded set."""
    return _names().get(query, "other")
