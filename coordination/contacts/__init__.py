"""Who is responsible for what, and who spoke with whom: the contact log, and letters to organizations.

Owns `ContactNote` and `Letter`. Uses organizations, people and accounts.
"""
