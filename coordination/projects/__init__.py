"""Projects that municipality and organizations carry out together: from the idea to what came of it.

Owns `Project` and `Milestone`. Each project has its record (`Cooperation`), kept in step, and its workspace
(`planning`); who leads stands in the record alone. Uses the rooms below.
"""
