"""Pages whose text the municipality writes itself: imprint, privacy, accessibility.

Owns `TextPage`. Uses the rest of core alone.
"""
