"""A write transaction as `Store.transact` hands it to its work."""

from typing import Any, LiteralString

import neo4j
from neo4j import ManagedTransaction

from graph.values import bolt

__all__ = ["Transaction"]


class Transaction(ManagedTransaction):
    """The driver's managed transaction, with parameters made safe for it: see `graph.values.bolt`."""

    def __init__(self, transaction: ManagedTransaction) -> None:
        self._transaction = transaction

    def run(
        self,
        query: LiteralString,
        parameters: dict[str, Any] | None = None,
        **kwparameters: Any,  # noqa: ANN401 - as the driver has it
    ) -> neo4j.Result:
        """Run a statement inside this transaction."""
        return self._transaction.run(query, bolt({**(parameters or {}), **kwparameters}))
