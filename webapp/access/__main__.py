"""`python -m webapp.access`: the role table of the README."""

import sys

from webapp.access.roles import table

sys.stdout.write(table() + "\n")
