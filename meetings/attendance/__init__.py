"""Who says that they come, who was there, and whether that makes a quorum.

Owns `Reply` (before) and `Attendance` (after), one a seat and sitting. Uses seats and sittings.
"""
