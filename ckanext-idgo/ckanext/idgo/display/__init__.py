"""What pages say and draw, as plain functions: no ckan, no flask. ``helpers.py`` hands them to the templates."""
