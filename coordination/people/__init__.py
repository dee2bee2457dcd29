"""Persons and their membership in organizations.

Owns `Person` and `Membership`. The least data: no birthday, nationality or religion. Uses organizations.
"""
