"""WHEN: every dated thing of the house, shown on pages and carried to phones, mailboxes and calendar servers.

The top room: it may use every other, and nothing below knows of it. `entry` and `ical` are pure.
"""
