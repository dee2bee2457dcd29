"""What the records of cooperation say: shares, comparisons with the survey of 2020, figures to pool between towns.

Owns no table. Reads the record of cooperation and what lies below it; other rooms add their own figures to its pages
as panels.
"""
