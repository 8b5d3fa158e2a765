"""The ledger: scores recomputed from what is stored, and results graded again, each with its reason on record."""
