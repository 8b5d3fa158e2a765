"""The year: its calendar, freezes and signed snapshots, annexes, faulty items, appeals, and checking all that offline.

Nothing here decides about people: it keeps evidence, terms and signatures (docs/vi/chot-so-va-kien-nghi.md).
"""
