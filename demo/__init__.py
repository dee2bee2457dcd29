"""The demonstration: an invented town as files beside this one, and a large one that grows by itself.

Owns no table. Uses everything below; nothing uses it but the front door.
"""
