"""The roster: reading a file of people, checking it in full, showing what would change, applying it at once or not at all.

A national identity number never gets in: a file that seems to hold one is refused before anything is kept.
"""
