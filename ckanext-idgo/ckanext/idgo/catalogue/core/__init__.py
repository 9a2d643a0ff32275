"""Searching without CKAN: what a query may say, what the index is told, what is suggested."""
