"""Planning together: the workspace that an event or a project shares with its partners.

Everything hangs on a `Cooperation`: invitations, tasks, texts, needs, discussion, requests, the agreement, reviews.
Events and projects put their own head on its page by panels. Uses the rooms below.
"""
