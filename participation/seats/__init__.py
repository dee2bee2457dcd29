"""Seats of a committee, the rights they carry, and who sits on them from when until when.

Owns `Seat` and `Appointment` and answers for the roster as on any day. Uses committees and coordination.
"""
