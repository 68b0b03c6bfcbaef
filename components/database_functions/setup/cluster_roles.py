"""The roles of a cluster at one moment, with their memberships and settings."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.database_functions.database import Session

MEMBERSHIP_OPTIONS_SINCE = 160_000
"""`server_version_num` from which memberships have options and CREATEROLE needs ADMIN OPTION."""

_ROLES = """
SELECT rolname, rolcanlogin,
       rolcreaterole OR rolcreatedb, rolsuper OR rolreplication OR rolbypassrls,
       rolconnlimit <> -1 OR coalesce(rolvaliduntil <> 'infinity', false),
       pg_catalog.current_setting('server_version_num')::int < 160000
         OR pg_catalog.pg_has_role(oid, 'MEMBER WITH ADMIN OPTION'),
       coalesce(pg_catalog.shobj_description(oid, 'pg_authid'), '')
FROM pg_catalog.pg_roles
"""
_MEMBERSHIPS = """
SELECT m.rolname, g.rolname, r.rolname, pg_catalog.pg_has_role(r.oid, 'USAGE'),
       {usable}, {usable} AND NOT a.admin_option
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles m ON m.oid = a.member
JOIN pg_catalog.pg_roles g ON g.oid = a.roleid
JOIN pg_catalog.pg_roles r ON r.oid = a.grantor
"""
_DATABASES = "SELECT datname FROM pg_catalog.pg_database"
_SETTINGS = """
SELECT r.rolname, coalesce(d.datname, ''), s.setconfig
FROM pg_catalog.pg_db_role_setting s
JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
"""


@dataclass(frozen=True)
class Role:
    """A role of the cluster.

    Attributes:
        can_log_in: LOGIN.
        is_creator: CREATEROLE or CREATEDB.
        is_privileged: SUPERUSER, REPLICATION or BYPASSRLS.
        is_limited: It has a connection limit or an expiry date.
        is_administered: The session's user has it WITH ADMIN OPTION. RDS lets a member of
            rds_superuser change other roles too.
        mark: Its comment.
    """

    can_log_in: bool
    is_creator: bool
    is_privileged: bool
    is_limited: bool
    is_administered: bool
    mark: str

    @property
    def is_powerful(self) -> bool:
        """Whether it has an attribute of administrators."""
        return self.is_creator or self.is_privileged


@dataclass(frozen=True)
class Membership:
    """A membership of a role in a group.

    Attributes:
        grantor: Who granted it.
        is_revocable: The session may revoke it as its grantor.
        is_usable: The member inherits and may SET ROLE.
        is_plain: It is usable, and the member may not grant the membership to others.
    """

    grantor: str
    is_revocable: bool
    is_usable: bool
    is_plain: bool


@dataclass(frozen=True)
class ClusterRoles:
    """The roles of a cluster at one moment.

    Attributes:
        current_user: The session's user.
        has_options: Whether memberships have options, since PostgreSQL 16.
        roles: Roles by name.
        memberships: Memberships by member and group; several roles may have granted one.
        databases: Names of the databases.
        settings: Settings by role and database; an empty name for all databases.
    """

    current_user: str
    has_options: bool
    roles: Mapping[str, Role]
    memberships: Mapping[str, Mapping[str, list[Membership]]]
    databases: frozenset[str]
    settings: Mapping[tuple[str, str], Mapping[str, str]]

    @classmethod
    def read(cls, session: Session) -> "ClusterRoles":
        """Read the roles.

        Raises:
            StatementError: The database rejected a query.
        """
        ((current_user, version),) = session.run(
            "SELECT current_user, pg_catalog.current_setting('server_version_num')::int"
        )
        has_options: bool = version >= MEMBERSHIP_OPTIONS_SINCE
        usable = "a.inherit_option AND a.set_option" if has_options else "true"
        memberships: dict[str, dict[str, list[Membership]]] = {}
        for member, group, *rest in session.run(_MEMBERSHIPS.format(usable=usable)):
            groups = memberships.setdefault(member, {})
            groups.setdefault(group, []).append(Membership(*rest))
        return cls(
            current_user,
            has_options,
            {name: Role(*attributes) for name, *attributes in session.run(_ROLES)},
            memberships,
            frozenset(name for (name,) in session.run(_DATABASES)),
            {
                (role, database): dict(item.split("=", 1) for item in items)
                for role, database, items in session.run(_SETTINGS)
            },
        )
