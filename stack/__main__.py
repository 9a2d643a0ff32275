"""``stack/bin/stack COMMAND``: prepare the clone, then hand over to ``stack.inside``."""

from __future__ import annotations

import sys

from stack import bootstrap
from stack.layout import Layout
from stack.progress import StackError


def main(arguments: list[str]) -> int:
    layout = Layout.of()
    try:
        bootstrap.prepare(layout)
    except StackError as error:
        print(f"IDGO: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    bootstrap.enter(layout, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
