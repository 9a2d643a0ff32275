"""What pages say and draw, as plain functions: no ckan, no flask. The helpers hand them to the templates."""
