"""Reserved words of PostgreSQL 17, which RDS accepts neither as a user nor as a database.

The list is data/postgresql17_reserved_words.txt: PostgreSQL 17 documentation, appendix C, SQL Key
Words, the words that PostgreSQL reserves.
"""

from importlib.resources import files

_FILE = files("emulator.aws.aurora") / "data" / "postgresql17_reserved_words.txt"

RESERVED_WORDS = frozenset(_FILE.read_text(encoding="utf-8").split())
