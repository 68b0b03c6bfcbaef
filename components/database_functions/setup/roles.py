"""Roles of the cluster: groups, users and users that are no longer declared.

The master user has CREATEROLE, but is no superuser. Since PostgreSQL 16 such a user administers
only the roles that it created or that were granted to it WITH ADMIN OPTION, and it neither inherits
their privileges nor may become them until it grants itself that (PostgreSQL documentation, "Role
Attributes" and "Role Membership").

RDS differs: a member of rds_superuser needs no ADMIN OPTION, gets no membership in the roles that
it creates, and what it grants is recorded as granted by rdsadmin (gravitational/teleport pull
request 48897; dumps of such clusters). So nothing here is rejected in advance for lack of ADMIN
OPTION, and a membership that another role has granted is revoked if the database allows it.
"""

from collections.abc import Iterator, Mapping, Sequence

from components.database_functions.database import Session, quoted_name, quoted_text
from components.database_functions.errors import DeclarationError, PermissionDeniedError
from components.database_functions.role_administration import not_administered
from components.database_functions.rotation.settings import CLONE_SUFFIX
from components.database_functions.setup.changes import Change, Report
from components.database_functions.setup.cluster_roles import ClusterRoles, Membership, Role
from components.database_functions.setup.declaration import IAM, OWNER, Declaration, DeclaredUser

GROUP_MARK, USER_MARK = (
    f"Managed by the Aurora data platform: {kind}" for kind in ("group role", "user")
)
"""Comments of the roles that a setup created or adopted."""
RDS_IAM = "rds_iam"
"""Its members log in with an IAM token (Amazon Aurora User Guide, IAM database authentication)."""

_NOT_GRANTED = """
SELECT NOT EXISTS (
  SELECT FROM pg_catalog.pg_auth_members
  WHERE roleid = pg_catalog.to_regrole(pg_catalog.quote_ident({}))
    AND member = pg_catalog.to_regrole(pg_catalog.quote_ident({}))
    AND grantor = pg_catalog.to_regrole(pg_catalog.quote_ident({})))
"""


class Roles:
    """The roles of a cluster at one moment, and the statements that correct them.

    Args:
        session: Session of the master user.
        declaration: The declaration.
    """

    def __init__(self, session: Session, declaration: Declaration) -> None:
        self._session = session
        self._declaration = declaration
        self._cluster = ClusterRoles.read(session)

    @property
    def managed(self) -> set[str]:
        """Names of the declared roles, and of all others with the platform's comment."""
        roles = self._cluster.roles.items()
        marked = {name for name, role in roles if role.mark in {GROUP_MARK, USER_MARK}}
        groups = {group for each in self._declaration.databases for group in each.groups}
        return marked | groups | self._logins()

    def apply(self, report: Report) -> None:
        """Create, change and disable roles, in the transaction of the session.

        Raises:
            DeclarationError: A role of the same name exists that the platform must not manage.
            StatementError: The database rejected a statement.
        """
        for database in self._declaration.databases:
            for group in database.groups:
                self._run(report, self._group(group), group)
            owner = database.group(OWNER)
            self._run(report, self._act_as(owner), owner)
        for user in self._declaration.users:
            for login in user.logins:
                self._warn_of_adoption(login, report)
                self._run(report, self._login(login, report), login)
            groups = (each.group(user.access) for each in self._declaration.databases_of(user))
            self._run(report, self._access(user, report), *user.logins, *groups)
        for name, role in sorted(self._cluster.roles.items()):
            if role.mark == USER_MARK and name not in self._logins():
                self._run(report, self._disable(name, role, report), name)
                quoted = quoted_name(name)
                report.remaining.append(
                    f"user {name} is disabled and not dropped; to drop it, run GRANT {quoted} TO "
                    f"CURRENT_USER, in each database REASSIGN OWNED BY {quoted} TO <role> and DROP "
                    f"OWNED BY {quoted}, then DROP ROLE {quoted}"
                )

    def _run(self, report: Report, changes: Iterator[Change], *names: str) -> None:
        """Run the statements about some roles; explain a rejection by one that is another's."""
        try:
            report.run(self._session, changes)
        except PermissionDeniedError:
            for name in names:
                role = self._cluster.roles.get(name)
                if role and not role.is_administered:
                    message = not_administered(name, self._cluster.current_user)
                    raise DeclarationError(message) from None
            raise

    def _logins(self) -> set[str]:
        return {login for user in self._declaration.users for login in user.logins}

    def _group(self, name: str) -> Iterator[Change]:
        role = self._cluster.roles.get(name)
        if role is None:
            yield Change(f"role {name}: created", f"CREATE ROLE {quoted_name(name)} NOLOGIN")
        elif role.can_log_in or role.is_powerful:
            message = (
                f"role {name} exists and is not a plain role without login, as the group role of a "
                "declared database has to be; rename it or the database"
            )
            raise DeclarationError(message)
        yield from self._mark(name, role, GROUP_MARK)

    def _act_as(self, group: str) -> Iterator[Change]:
        """Let the master user create objects for an owner role, and grant their privileges."""
        master = self._cluster.current_user
        held = self._cluster.memberships.get(master, {}).get(group, [])
        # The grant that comes with CREATE ROLE has neither INHERIT nor SET. Its ADMIN OPTION stays.
        if not any(each.is_usable for each in held):
            yield self._grant(group, master, "INHERIT TRUE, SET TRUE")

    def _warn_of_adoption(self, name: str, report: Report) -> None:
        role = self._cluster.roles.get(name)
        if role is None or role.mark == USER_MARK:
            return
        if not role.can_log_in or role.is_powerful:
            message = (
                f"role {name} exists and is not a plain login role: it cannot log in, or it has an "
                "attribute of administrators; declare a user of another name"
            )
            raise DeclarationError(message)
        if not name.endswith(CLONE_SUFFIX):
            report.warnings.append(
                f"user {name} existed and is managed from now on: memberships and privileges that "
                "are not declared are revoked"
            )

    def _login(self, name: str, report: Report) -> Iterator[Change]:
        role, quoted = self._cluster.roles.get(name), quoted_name(name)
        if role is None:
            yield Change(f"user {name}: created", f"CREATE ROLE {quoted} LOGIN")
        else:
            if not role.can_log_in:
                yield Change(f"user {name}: login enabled", f"ALTER ROLE {quoted} LOGIN")
            if role.is_creator:
                yield Change(
                    f"user {name}: attributes of administrators removed",
                    f"ALTER ROLE {quoted} NOCREATEROLE NOCREATEDB",
                )
            if role.is_privileged:
                report.remaining.append(
                    f"user {name} is SUPERUSER, REPLICATION or BYPASSRLS, which only a superuser "
                    "can change"
                )
            if role.is_limited:
                yield Change(
                    f"user {name}: connection limit and expiry removed",
                    f"ALTER ROLE {quoted} CONNECTION LIMIT -1 VALID UNTIL 'infinity'",
                )
        yield from self._mark(name, role, USER_MARK)

    def _access(self, user: DeclaredUser, report: Report) -> Iterator[Change]:
        """Set memberships and settings of a user and its clone."""
        databases = self._declaration.databases_of(user)
        groups = [each.group(user.access) for each in databases]
        if user.authentication == IAM:
            groups.append(RDS_IAM)
            held = self._cluster.memberships.get(user.name, {})
            if user.name in self._cluster.roles and RDS_IAM not in held:
                # A password would be useless to it, and must not outlive a change back.
                yield Change(
                    f"user {user.name}: password removed",
                    f"ALTER ROLE {quoted_name(user.name)} PASSWORD NULL",
                )
        first, *clones = user.logins
        yield from self._set_memberships(first, groups, report)
        for clone in clones:
            yield from self._set_memberships(clone, [first], report)
        for login in user.logins:
            wanted = {**user.settings, "role": "" if login == first else first}
            yield from self._set_settings(login, "", wanted)
            # An owner acts as the owner role, so that what it creates belongs to that role.
            acting = {
                each.name: each.group(OWNER) if user.access == OWNER else ""
                for each in databases
                if each.name in self._cluster.databases
            }
            places = self._cluster.settings
            known = {database for role, database in places if role == login and database}
            for database in sorted(known | acting.keys()):
                yield from self._set_settings(login, database, {"role": acting.get(database, "")})

    def _set_memberships(
        self, member: str, wanted: Sequence[str], report: Report
    ) -> Iterator[Change]:
        held = self._cluster.memberships.get(member, {})
        for group, grants in sorted(held.items()):
            for each in grants:
                # The master user corrects its own grants by granting again.
                is_kept = each.is_plain or each.grantor == self._cluster.current_user
                if group not in wanted or not is_kept:
                    yield from self._revoke(group, member, each, report)
        for group in wanted:
            # PostgreSQL may record rds_superuser as the grantor instead of the master user, so a
            # plain grant by any grantor suffices (PostgreSQL, GRANT, "Notes").
            if not any(each.is_plain for each in held.get(group, [])):
                yield self._grant(group, member)

    def _grant(
        self, group: str, member: str, options: str = "ADMIN FALSE, INHERIT TRUE, SET TRUE"
    ) -> Change:
        suffix = f" WITH {options}" if self._cluster.has_options else ""
        return Change(
            f"role {member}: member of {group}",
            f"GRANT {quoted_name(group)} TO {quoted_name(member)}{suffix}",
        )

    def _revoke(
        self, group: str, member: str, held: Membership, report: Report
    ) -> Iterator[Change]:
        description = f"role {member}: no longer member of {group}"
        sql = f"REVOKE {quoted_name(group)} FROM {quoted_name(member)}"
        if held.is_revocable:
            grantor = (
                f" GRANTED BY {quoted_name(held.grantor)}" if self._cluster.has_options else ""
            )
            yield Change(description, sql + grantor)
        elif not report.attempt(
            self._session,
            Change(description, sql),
            is_made=_NOT_GRANTED.format(
                *map(quoted_text, (group, member, held.grantor)),
            ),
        ):
            report.remaining.append(
                f"role {member} is a member of {group}; {held.grantor} has granted that and has to "
                f"run: {sql}"
            )

    def _set_settings(
        self, role: str, database: str, wanted: Mapping[str, str]
    ) -> Iterator[Change]:
        found = self._cluster.settings.get((role, database), {})
        place = f" IN DATABASE {quoted_name(database)}" if database else ""
        where = f" in {database}" if database else ""
        for name, value in sorted(wanted.items()):
            if found.get(name, "") == value:
                continue
            action = f"SET {name} = {quoted_text(value)}" if value else f"RESET {name}"
            yield Change(
                f"user {role}: {name} = {value}{where}" if value else f"user {role}: {name} reset",
                f"ALTER ROLE {quoted_name(role)}{place} {action}",
            )

    def _disable(self, name: str, role: Role, report: Report) -> Iterator[Change]:
        if role.can_log_in:
            yield Change(
                f"user {name}: login disabled",
                f"ALTER ROLE {quoted_name(name)} NOLOGIN PASSWORD NULL",
            )
        yield from self._set_memberships(name, [], report)

    def _mark(self, name: str, role: Role | None, mark: str) -> Iterator[Change]:
        if role is None or role.mark != mark:
            yield Change(
                "" if role is None else f"role {name}: marked as managed",
                f"COMMENT ON ROLE {quoted_name(name)} IS {quoted_text(mark)}",
            )
