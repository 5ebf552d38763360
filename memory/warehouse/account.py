"""Where a warehouse on Snowflake is, and who opens it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from core.errors import InvalidInputError

LOGIN_S = 20
SHAPE = "snowflake://<account>/<database>/<schema>?warehouse=<warehouse>&role=<role>"


@dataclass(frozen=True, slots=True)
class SnowflakeAccount:
    """Where the star is kept and who opens it. Either `password` or `private_key_file` proves the user.

    `host`, `port` and `protocol` are needed only for an address that does not follow from the account. `login_s` is how
    long logging in may take, in seconds.
    """

    account: str
    user: str
    database: str
    schema: str
    warehouse: str | None = None
    role: str | None = None
    password: str | None = field(default=None, repr=False)
    private_key_file: str | None = None
    private_key_password: str | None = field(default=None, repr=False)
    host: str | None = None
    port: int | None = None
    protocol: str | None = None
    login_s: int = LOGIN_S

    def options(self) -> dict[str, Any]:
        """What the connector is told; what is not set is left to it."""
        names = ("account", "user", "database", "schema", "warehouse", "role", "password", "host", "port", "protocol")
        keys = ("private_key_file", "private_key_password")
        told = {name: getattr(self, name) for name in (*names, *keys) if getattr(self, name) is not None}
        return {**told, "authenticator": "SNOWFLAKE_JWT"} if self.private_key_file else told


def read_account(
    url: str,
    *,
    user: str | None,
    password: str | None = None,
    private_key_file: str | None = None,
    private_key_password: str | None = None,
) -> SnowflakeAccount:
    """The account that `snowflake://…` names; InvalidInputError that says what it lacks, and repeats no secret."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInputError(f"The warehouse URL cannot be read: write {SHAPE}") from None
    asked = dict(parse_qsl(parts.query))
    _refuse_wrong(parts, asked)
    if not user or not (password or private_key_file):
        raise InvalidInputError(
            "Snowflake needs a user (SOPHIA_WAREHOUSE_USER) and its password or key file (SOPHIA_WAREHOUSE_PASSWORD, "
            "SOPHIA_WAREHOUSE_KEY_FILE)"
        )
    database, schema = (unquote(part) for part in parts.path.strip("/").split("/"))
    return SnowflakeAccount(
        account=asked.get("account") or str(parts.hostname),
        user=user,
        database=database,
        schema=schema,
        warehouse=asked.get("warehouse"),
        role=asked.get("role"),
        password=None if private_key_file else password,
        private_key_file=private_key_file,
        private_key_password=private_key_password if private_key_file else None,
        host=asked.get("host"),
        port=port,
        protocol=asked.get("protocol"),
        login_s=_seconds(asked.get("login_s")),
    )


def _seconds(written: str | None) -> int:
    if written is None:
        return LOGIN_S
    if not written.isdecimal() or int(written) < 1:
        raise InvalidInputError(
            f"login_s={written!r} in the warehouse URL is no number of seconds: write login_s={LOGIN_S}"
        )
    return int(written)


def _refuse_wrong(parts: SplitResult, asked: dict[str, str]) -> None:
    if parts.username or parts.password:
        raise InvalidInputError("The warehouse URL holds a user or a password: give them in settings of their own")
    if parts.scheme != "snowflake" or not parts.hostname or parts.path.strip("/").count("/") != 1:
        raise InvalidInputError(f"The warehouse URL names no account, database and schema: write {SHAPE}")
    if unknown := sorted(asked.keys() - {"account", "warehouse", "role", "host", "protocol", "login_s"}):
        raise InvalidInputError(f"The warehouse URL has an unknown part {unknown[0]!r}: write {SHAPE}")
