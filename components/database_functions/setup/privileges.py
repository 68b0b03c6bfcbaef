"""Privileges in one database: those that are granted, and those that the declaration implies."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass

from components.database_functions.database import Session, quoted_name
from components.database_functions.setup.changes import Change, Report
from components.database_functions.setup.declaration import (
    OWNER,
    READONLY,
    READWRITE,
    DeclaredDatabase,
)

PUBLIC = ""
"""The grantee PUBLIC; no role has an empty name."""
DATABASE, SCHEMA, TABLE, SEQUENCE = "DATABASE", "SCHEMA", "TABLE", "SEQUENCE"
DEFAULT_TABLES, DEFAULT_SEQUENCES, DEFAULT_SCHEMAS = "TABLES", "SEQUENCES", "SCHEMAS"

_OBJECT_PRIVILEGES: Mapping[str, Mapping[str, frozenset[str]]] = {
    SCHEMA: {READWRITE: frozenset({"USAGE"}), READONLY: frozenset({"USAGE"})},
    TABLE: {
        READWRITE: frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"}),
        READONLY: frozenset({"SELECT"}),
    },
    SEQUENCE: {
        READWRITE: frozenset({"SELECT", "USAGE", "UPDATE"}),
        READONLY: frozenset({"SELECT"}),
    },
}
"""Privileges by kind of object and access level; owners have theirs by ownership."""
_DEFAULT_KINDS = {DEFAULT_TABLES: TABLE, DEFAULT_SEQUENCES: SEQUENCE, DEFAULT_SCHEMAS: SCHEMA}
_PUBLIC_MAY_KEEP: Mapping[str, frozenset[str]] = {
    DATABASE: frozenset(),
    SCHEMA: frozenset({"USAGE"}),
    TABLE: frozenset({"SELECT", "REFERENCES", "TRIGGER"}),
    SEQUENCE: frozenset({"SELECT"}),
}
"""Privileges that PUBLIC may have: none that writes, and not CONNECT."""

_DATABASE = """
SELECT 'DATABASE', pg_catalog.quote_ident(d.datname), o.rolname,
       pg_catalog.pg_has_role(o.oid, 'USAGE'), coalesce(g.rolname, ''), a.privilege_type,
       a.grantor = d.datdba
FROM pg_catalog.pg_database d
JOIN pg_catalog.pg_roles o ON o.oid = d.datdba
CROSS JOIN LATERAL pg_catalog.aclexplode(
  coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
WHERE d.datname = pg_catalog.current_database()
"""
_SCHEMAS = """
SELECT 'SCHEMA', pg_catalog.quote_ident(n.nspname), o.rolname,
       pg_catalog.pg_has_role(o.oid, 'USAGE'), coalesce(g.rolname, ''), a.privilege_type,
       a.grantor = n.nspowner
FROM pg_catalog.pg_namespace n
JOIN pg_catalog.pg_roles o ON o.oid = n.nspowner
CROSS JOIN LATERAL pg_catalog.aclexplode(
  coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) a
LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend p WHERE p.deptype = 'e'
    AND p.classid = 'pg_catalog.pg_namespace'::regclass AND p.objid = n.oid)
  -- A schema that CREATE EXTENSION created is no member of the extension, and belongs to rdsadmin.
  AND (pg_catalog.pg_has_role(o.oid, 'USAGE')
    OR NOT EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extnamespace = n.oid))
"""
_RELATIONS = """
WITH relation AS (
  SELECT c.oid, c.relowner, c.relacl,
         CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
         pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend p WHERE p.deptype = 'e'
      AND p.classid = 'pg_catalog.pg_class'::regclass AND p.objid = c.oid)
)
SELECT r.kind, r.name, o.rolname, pg_catalog.pg_has_role(o.oid, 'USAGE'),
       coalesce(g.rolname, ''), a.privilege_type, a.grantor = r.relowner
FROM relation r
JOIN pg_catalog.pg_roles o ON o.oid = r.relowner
CROSS JOIN LATERAL (
  SELECT grantor, grantee, privilege_type FROM pg_catalog.aclexplode(coalesce(r.relacl,
    pg_catalog.acldefault(CASE r.kind WHEN 'SEQUENCE' THEN 's'::"char" ELSE 'r' END, r.relowner)))
  UNION ALL
  -- Revoking a privilege on a table also revokes it on the table's columns.
  SELECT x.grantor, x.grantee, x.privilege_type FROM pg_catalog.pg_attribute t
  CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) x
  WHERE t.attrelid = r.oid AND t.attacl IS NOT NULL
    AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(r.relacl) w
      WHERE w.grantee = x.grantee AND w.privilege_type = x.privilege_type)
) a
LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
"""
_DEFAULTS = """
SELECT CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' ELSE 'SCHEMAS' END,
       coalesce(pg_catalog.quote_ident(n.nspname), ''), o.rolname,
       pg_catalog.pg_has_role(o.oid, 'USAGE'), coalesce(g.rolname, ''), a.privilege_type, true
FROM pg_catalog.pg_default_acl d
JOIN pg_catalog.pg_roles o ON o.oid = d.defaclrole
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a
LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
WHERE d.defaclobjtype IN ('r', 'S', 'n')
"""


@dataclass(frozen=True)
class GrantTarget:
    """An object that privileges are granted on.

    Attributes:
        kind: `DATABASE`, `SCHEMA`, `TABLE`, `SEQUENCE`, or objects that its owner creates later:
            `TABLES`, `SEQUENCES`, `SCHEMAS`.
        name: Its quoted name; for later objects their schema, empty for all schemas.
        owner: Its owner.
        is_administered: Whether the session has the owner's privileges.
    """

    kind: str
    name: str
    owner: str
    is_administered: bool

    @property
    def is_default(self) -> bool:
        """Whether it stands for objects that are created later."""
        return self.kind in _DEFAULT_KINDS

    @property
    def label(self) -> str:
        """Its name in reports."""
        if not self.is_default:
            return f"{self.kind.lower()} {self.name}"
        return f"later {self.kind.lower()} of {self.owner}{f' in {self.name}' if self.name else ''}"

    def statement(self, action: str, privileges: Collection[str], grantee: str) -> str:
        """Return `GRANT ... TO` or `REVOKE ... FROM`."""
        listed = ", ".join(sorted(privileges))
        target = self.kind if self.is_default else f"{self.kind} {self.name}"
        preposition = "TO" if action == "GRANT" else "FROM"
        who = "PUBLIC" if grantee == PUBLIC else quoted_name(grantee)
        sql = f"{action} {listed} ON {target} {preposition} {who}"
        if not self.is_default:
            return sql
        schema = f" IN SCHEMA {self.name}" if self.name else ""
        return f"ALTER DEFAULT PRIVILEGES FOR ROLE {quoted_name(self.owner)}{schema} {sql}"


Grants = Mapping[str, Set[str]]
"""Privileges by grantee."""


class Privileges:
    """The privileges of one database at one moment, and the statements that correct them.

    Args:
        session: Session of the master user in the database.
        database: The database.
        managed: Roles whose privileges the platform decides.
    """

    def __init__(
        self, session: Session, database: DeclaredDatabase, managed: Collection[str]
    ) -> None:
        self._database, self._managed = database, {*managed, PUBLIC}
        self._found: dict[GrantTarget, dict[str, set[str]]] = {}
        self._foreign: set[tuple[GrantTarget, str]] = set()
        for query in (_DATABASE, _SCHEMAS, _RELATIONS, _DEFAULTS):
            for *target, grantee, privilege, by_owner in session.run(query):
                found = self._found.setdefault(GrantTarget(*target), defaultdict(set))
                found[grantee].add(privilege)
                if not by_owner and grantee in self._managed:
                    self._foreign.add((GrantTarget(*target), grantee))
        owner = database.group(OWNER)
        for kind in _DEFAULT_KINDS:
            self._found.setdefault(GrantTarget(kind, "", owner, is_administered=True), {})

    def changes(self, report: Report) -> Iterator[Change]:
        """Yield the statements that are missing, and report what cannot be changed."""
        for target, found in sorted(self._found.items(), key=lambda item: item[0].label):
            if not target.is_administered:
                if target.kind in {SCHEMA, TABLE, SEQUENCE}:
                    report.remaining.append(self._owned_by_another(target))
                continue
            yield from self._difference(target, found, self._wanted(target), report)

    def _difference(
        self, target: GrantTarget, found: Grants, wanted: Grants, report: Report
    ) -> Iterator[Change]:
        for grantee in sorted(self._managed & (found.keys() | wanted.keys()) - {target.owner}):
            has, needs = found.get(grantee, set()), wanted.get(grantee, set())
            missing, extra = needs - has, has - needs
            name = grantee or "everyone"
            if grantee == PUBLIC:
                extra -= _PUBLIC_MAY_KEEP[_DEFAULT_KINDS.get(target.kind, target.kind)]
            if extra and (target, grantee) in self._foreign:
                report.remaining.append(
                    f"{target.label}: a role other than the owner has granted {_listed(extra)} "
                    f"to {name}; that role has to revoke it"
                )
            elif extra:
                sql = target.statement("REVOKE", extra, grantee)
                yield Change(f"{target.label}: {_listed(extra)} revoked from {name}", sql)
            if missing:
                sql = target.statement("GRANT", missing, grantee)
                yield Change(f"{target.label}: {_listed(missing)} granted to {name}", sql)

    def _wanted(self, target: GrantTarget) -> Grants:
        group = self._database.group
        if target.kind == DATABASE:
            use = {"CONNECT", "TEMPORARY"}
            wanted = {group(access): use for access in (READWRITE, READONLY)}
            return {**wanted, group(OWNER): {*use, "CREATE"}}
        if target.is_default and (target.name or target.owner != group(OWNER)):
            return {}
        levels = _OBJECT_PRIVILEGES[_DEFAULT_KINDS.get(target.kind, target.kind)]
        wanted: dict[str, Set[str]] = {group(access): needs for access, needs in levels.items()}
        if target.kind == SCHEMA and target.owner != group(OWNER):
            wanted[group(OWNER)] = {"USAGE", "CREATE"}
        return wanted

    def _owned_by_another(self, target: GrantTarget) -> str:
        group = quoted_name(self._database.group(OWNER))
        return (
            f"{target.label} belongs to {target.owner}, so its privileges are not managed; "
            f"as {target.owner}, run: ALTER {target.kind} {target.name} OWNER TO {group}"
        )


def _listed(privileges: Collection[str]) -> str:
    return ", ".join(sorted(privileges))
