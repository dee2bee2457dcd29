"""How the municipality supports organizations: money, rooms, qualification and advice.

Owns what is kept by organization and year, and what offices set aside. Uses organizations and places.
"""
