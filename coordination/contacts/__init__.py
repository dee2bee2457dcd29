"""Who of the municipality was in contact with which organization, and about what.

Owns `ContactNote`. Uses organizations, people and accounts.
"""
