"""The rules of joining and leaving, without CKAN."""
