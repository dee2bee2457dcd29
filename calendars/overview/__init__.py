"""The calendar pages, the subscribe page and the start page: what is next for me.

Owns no table. Uses everything below.
"""
