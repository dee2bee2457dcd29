"""Who works with whom, on what: organizations, people, accounts, places. It uses core alone."""
