"""Accounts, sign-in and roles. Builds the `Actor` that all rooms judge by.

Owns `Account` (Flask-Security's user) and `Assignment`. A person and an account stand apart: either may be missing.
"""
