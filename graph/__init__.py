"""The city graph: schema, queries, stores, geography, ingest, incidents."""
