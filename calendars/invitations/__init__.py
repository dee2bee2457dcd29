"""Invitations by mail and the page that answers them without a password.

Owns `Invitation`: what each person was told last. It compares that with what is, and tells the difference.
"""
