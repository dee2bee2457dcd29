"""Backup, restore and move: every row of the database in one file that serves SQLite and PostgreSQL alike.

rules.py counts and sums rows, archive.py reads and writes tables, operations.py backs up and restores,
commands.py is what an administrator types.
"""
