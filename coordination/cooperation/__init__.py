"""The record of cooperation: who works with whom, on what, and who gave the impulse.

Owns `Cooperation` and what hangs on it: leads, topics, partners, contributions of the municipality. Events, projects
and committees each have one and keep it in step; a past activity is one with nothing attached. Uses the rooms below.
"""
