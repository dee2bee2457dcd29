"""The minutes: a text per agenda item, kept as revisions; the Niederschrift and the sign-in sheet.

Owns `Minutes` and `MinutesRevision`. Uses agenda and attendance.
"""
