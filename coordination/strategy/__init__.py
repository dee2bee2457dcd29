"""What the municipality wants to reach with migrant organizations: aims and measures, and who adopted them.

Owns `Aim`, `Measure`, and what the municipality states of itself (a concept for the cooperation, a job description for
it). Uses organizations. What cooperates with a measure is told by the rooms above.
"""
