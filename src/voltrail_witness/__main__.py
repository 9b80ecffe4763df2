"""`python -m voltrail_witness`: the word `witness` alone, where the command is not installed."""

import argparse
import sys

from voltrail.cli.output import complain
from voltrail.errors import ProductError
from voltrail_witness.commands import declare, run


def main() -> int:
    """Run one verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="voltrail witness")
    declare(parser)
    arguments = parser.parse_args()
    try:
        return run(arguments)
    except ProductError as error:
        return complain(error, as_json=arguments.json)


if __name__ == "__main__":
    sys.exit(main())
