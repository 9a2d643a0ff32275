"""What the demonstration holds and how its files are made: no CKAN here."""
