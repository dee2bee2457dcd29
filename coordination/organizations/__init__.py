"""The landscape: migrant organizations, departments and all others that plan or decide together.

Owns `Organization`. A committee *has* one, so it can be a partner and be assigned a clerk. Uses core alone.
"""
