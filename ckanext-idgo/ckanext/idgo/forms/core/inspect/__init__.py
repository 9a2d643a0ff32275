"""IDGO opens a deposited file and learns everything it can of it (issue 3).

``inspect_file`` reads in this process; ``inspect_safely`` does the same in a child with limits of memory and
time, and is what a web worker must call.
"""

from ckanext.idgo.forms.core.inspect.model import Limits
from ckanext.idgo.forms.core.inspect.reading import inspect_file
from ckanext.idgo.forms.core.inspect.safely import inspect_safely

__all__ = ["Limits", "inspect_file", "inspect_safely"]
