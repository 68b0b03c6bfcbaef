"""The changes that a rotation has made, without the random names and passwords of a bench."""

import base64
from typing import Any

from components.database_functions import scram
from components.database_functions.credential import Credential
from tests.components.database_functions.rotation.rotations import Bench

State = tuple[Any, ...]

_ROLES = """
SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolconnlimit,
  rolvaliduntil, rolpassword, (SELECT array_agg(unnest ORDER BY unnest)
  FROM pg_db_role_setting, unnest(setconfig) WHERE setrole = pg_authid.oid)
FROM pg_authid WHERE rolname = ANY(%s) ORDER BY rolname
"""
_MEMBERSHIPS = """
SELECT roleid::regrole::text, member::regrole::text, admin_option, inherit_option, set_option
FROM pg_auth_members
WHERE roleid::regrole::text = ANY(%(names)s) OR member::regrole::text = ANY(%(names)s) ORDER BY 1, 2
"""


def state_of(bench: Bench) -> State:
    """Return everything that the calls of a rotation change.

    These are the versions of the secret with their labels, and the two users with their memberships
    and settings. A password is named by the versions that contain it.
    """
    contents = [
        None if version.value is None else Credential.parse(version.value, "any")
        for version in bench.secret.versions.values()
    ]
    # The first version is the first user's.
    first = next(content.username for content in contents if content is not None)
    names = {first: "user", f"{first}_clone": "clone"}
    with bench.under_test.server.superuser() as connection:
        rows = connection.execute(_ROLES, [list(names)]).fetchall()
        members = connection.execute(_MEMBERSHIPS, {"names": list(names)}).fetchall()
    roles = [
        (
            names[name],
            *attributes,
            tuple(setting.replace(first, "user") for setting in settings or ()),
            _holders(name, verifier, contents),
        )
        for name, *attributes, verifier, settings in rows
    ]
    memberships = [
        (names.get(group, group), names.get(member, member), *options)
        for group, member, *options in members
    ]
    versions = [
        (tuple(sorted(version.labels)), None if content is None else names[content.username])
        for version, content in zip(bench.secret.versions.values(), contents, strict=True)
    ]
    return (tuple(versions), tuple(roles), tuple(memberships))


def _holders(
    name: str, verifier: str | None, contents: list[Credential | None]
) -> tuple[int, ...] | None:
    """Return the numbers of the versions with a role's password; None if it has no password."""
    if verifier is None:
        return None
    salt = base64.b64decode(verifier.split(":")[1].split("$")[0])
    return tuple(
        number
        for number, content in enumerate(contents)
        if content
        and content.username == name
        and scram.verifier(content.password, salt) == verifier
    )
