"""Events that municipality and organizations hold together: from the idea to the announcement and what came of it.

Owns `Event`. Each has its record (`Cooperation`), kept in step, and its workspace (`planning`). Uses the rooms below.
"""
