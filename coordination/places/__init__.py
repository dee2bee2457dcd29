"""Rooms and when they are taken.

Owns `Place` and `Booking`: one table of bookings, so that nothing is ever booked twice. Uses organizations.
"""
