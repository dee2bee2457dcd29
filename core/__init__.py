"""The cellar: settings, database, clock, hours, access, languages, history, mail, jobs, documents, web.

It uses no other room and, apart from the migrations, names no thing of the trade.
"""
