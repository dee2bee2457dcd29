"""Sittings: scheduled, moved, cancelled, imported.

Owns `Sitting`. Uses committees, seats and places.
"""
