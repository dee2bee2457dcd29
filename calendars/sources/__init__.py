"""The rows of other rooms as entries: the only room that makes any. One file for each kind of row.

Owns no table. `entries` is what others ask; `audiences` says who belongs to what on a day. Uses everything below, and
`calendars.entry` and `calendars.ical`.
"""
