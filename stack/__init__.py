"""The embedded stack: everything IDGO needs to run on one machine, kept in ``.idgo/`` of the clone.

Standard library only up to the moment the virtual environment exists (``stack.bootstrap``); what comes after
runs inside it (``stack.inside``).
"""
