"""iCalendar feeds on request: public ones of committees, personal ones behind a token.

Owns `FeedToken` and the bytes kept in memory. Uses sources and ical.
"""
