"""The minutes: a text per agenda item, kept as revisions, their release, and the Niederschrift.

Owns `Minutes` and `MinutesRevision`. Uses agenda and attendance.
"""
