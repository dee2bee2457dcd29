"""Committees: their kind, notice period, quorum rule and statutory numbers.

Owns `Committee`, which has an `Organization` row. Uses coordination.
"""
