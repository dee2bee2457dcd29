"""The agenda of a sitting: items with number, public flag and order.

Owns `AgendaItem`. Uses sittings.
"""
