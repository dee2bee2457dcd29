"""Letters of the municipality to all migrant organizations on a topic: by mail, and as a PDF for post.

Owns `Letter`, `LetterRecipient` and `LetterObjection`. Uses organizations, people, accounts and contacts.
"""
