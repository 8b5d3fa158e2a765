"""The roster: reading a file of people, checking it in full, showing what would change, applying all or nothing.

A national identity number never gets in: a file that seems to hold one is refused before anything is kept.
"""
