"""The same services and the same access as the pages, for programs: `/api/v1`, with a token of one's own.

Summaries and docstrings of operations are Chinese: they are what the OpenAPI document says to its readers.
"""
