"""Whether a Cypher statement only reads: the check that makes both stores refuse a write where a read was meant."""

import re
from typing import Final

__all__ = ["writing_word"]

# Strings, comments and quoted names: data, whatever words they hold.
_QUOTED: Final = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`(?:``|[^`])*`|//[^\n]*|/\*.*?\*/", re.DOTALL)
# Clauses that change data, schema, users or other people's transactions. A word after . : $ is a name (`row.set`, `:Set`, `$set`).
_WRITING: Final = re.compile(
    r"(?<![\w.:$])(CREATE|MERGE|SET|DELETE|DETACH|REMOVE|DROP|INSERT|FOREACH|LOAD\s+CSV|IN\s+(?:CONCURRENT\s+)?TRANSACTIONS|"
    r"IN\s+\d+\s+CONCURRENT|ALTER|RENAME|GRANT|DENY|REVOKE|TERMINATE|START\s+DATABASE|STOP\s+DATABASE)(?!\w|\s*:(?!:))",
    re.IGNORECASE,
)


def writing_word(query: str) -> str | None:
    """The first word of a statement that makes it more than a reading one, None where there is none.

    Errs to the safe side: a variable that is named like a clause is taken for the clause.
    """
    found = _WRITING.search(_QUOTED.sub(" '' ", query))
    return found[1].upper() if found else None
