"""Every setting of Sophia, read from the environment (prefix `SOPHIA_`) and from a `.env` file."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import InvalidInputError
from core.identity import Label


class Settings(BaseSettings):
    """What can be configured; `docs/settings.md` is generated from the descriptions below."""

    model_config = SettingsConfigDict(env_prefix="SOPHIA_", env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(
        default=Path(".sophia"),
        description="Folder of the embedded stores: database, index, company. One process owns it",
    )
    company: Path | None = Field(
        default=None,
        description="YAML with the names Sophia should know (accounts, reps, competitors) and an optional fixed as-of date. "
        "Default: company.yaml in the data directory, if there is one",
    )
    playbook: Path | None = Field(
        default=None,
        description="YAML of the playbook that calls are held against (docs/coaching.md). Default: playbook.yaml in the data "
        "directory, if there is one",
    )
    tenant: str = Field(
        default="default", description="Tenant of the command line, of ingested files and of new API keys"
    )
    host: str = Field(default="127.0.0.1", description="Address the server listens on")
    port: int = Field(default=8090, ge=0, le=65535, description="Port the server listens on; 0 picks a free one")
    models: Path | None = Field(
        default=None,
        description="YAML of chat-model endpoints (docs/models.md). Default: the extractive language, which needs no weights",
    )
    daily_tokens: int = Field(
        default=2_000_000, ge=1, description="Tokens that a tenant's language calls may take a day, over all endpoints"
    )
    embedder_weights: Path | None = Field(
        default=None,
        description="Folder with a BERT-shaped sentence encoder (model.safetensors, tokenizer.json, config.json). Default: MiniLM if "
        "installed, else hashed words",
    )
    max_question_chars: int = Field(default=4000, ge=1, description="Longest question, in characters")
    max_body_bytes: int = Field(
        default=65_536, ge=1024, description="Largest request body, in bytes; documents have their own"
    )
    max_document_bytes: int = Field(default=16_777_216, ge=1024, description="Largest document to ingest, in bytes")
    run_timeout_s: float = Field(default=120.0, gt=0, description="Longest time a run may take, in seconds")
    specialist_timeout_s: float = Field(
        default=30.0, gt=0, description="How long an answer waits for one specialist where others have their part in it"
    )
    run_lease_s: float = Field(
        default=30.0, gt=0, description="How long a run stays with a worker that gives no sign of life, in seconds"
    )
    run_concurrency: int = Field(default=8, ge=1, description="Runs carried out at once by this process")
    questions_a_minute: int = Field(
        default=60,
        ge=0,
        description="Questions and briefings that each key's user may ask for a minute, over HTTP; the owner of the data directory "
        "as many as he likes. Counted in the server's process and forgotten with it. 0: no limit",
    )
    questions_burst: int = Field(default=60, ge=1, description="How many of these may come all at once")
    runs_at_once: int = Field(
        default=16,
        ge=0,
        description="Questions that each key's user may have under way or waiting. 0: no limit",
    )
    shutdown_grace_s: float = Field(
        default=5.0,
        ge=0,
        description="How long a server that is told to stop waits for runs under way, in seconds; the others go on at its next start",
    )
    sse_ping_s: float = Field(
        default=15.0, gt=0, description="Interval of keep-alive comments on event streams, in seconds"
    )
    default_label: str = Field(default="internal", description="Label of ingested documents that name none")
    metrics: Literal["key", "loopback"] = Field(
        default="key",
        description="Who may read `/metrics`: `key`, whoever presents a key with the role `metrics`; `loopback`, programs on "
        "this machine without a key too, which behind a proxy on this machine may be everybody",
    )
    warehouse_url: str | None = Field(
        default=None,
        description="Warehouse of the figures (docs/warehouse.md): `snowflake://<account>/<database>/<schema>?warehouse=&role=` "
        "(extra `snowflake`). Default: a DuckDB file in the data directory",
    )
    warehouse_user: str | None = Field(
        default=None, description="User that opens the warehouse at `SOPHIA_WAREHOUSE_URL`"
    )
    warehouse_password: SecretStr | None = Field(default=None, description="Password of that user; a credential")
    warehouse_key_file: Path | None = Field(
        default=None, description="File with that user's private key, which takes the place of a password"
    )
    warehouse_key_password: SecretStr | None = Field(
        default=None, description="Password of the private key; a credential"
    )
    warehouse_refresh_s: float = Field(
        default=300.0, gt=0, description="How often a server brings the warehouse up to date, in seconds"
    )
    warehouse_sql: bool = Field(
        default=False,
        description="Whether SQL that a model wrote may read the warehouse, through a guard (extra `sql`). Without it only the "
        "metrics of the catalogue are measured",
    )
    platforms: Path | None = Field(
        default=None,
        description="YAML of the platforms that are watched and may be changed, with their policies (docs/platforms.md). "
        "Default: platforms.yaml in the data directory, if there is one; else a simulated GPU pool",
    )
    otlp_endpoint: str | None = Field(
        default=None,
        description="OTLP/HTTP endpoint for traces and metrics, such as http://127.0.0.1:4318 (extra `otlp`)",
    )
    otlp_headers: SecretStr | None = Field(
        default=None, description="Headers for the OTLP endpoint as `name=value,name=value`; may hold a credential"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What the server logs on standard error: debug, info, warning or error, and above"
    )

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.data_dir / "sophia.db"

    @property
    def index(self) -> Path:
        """The LanceDB folder."""
        return self.data_dir / "index"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def company_file(self) -> Path:
        """Where the known names are read from."""
        return self.company or self.data_dir / "company.yaml"

    @property
    def playbook_file(self) -> Path | None:
        """Where the playbook is read from; None where there is none."""
        own = self.data_dir / "playbook.yaml"
        return self.playbook or (own if own.exists() else None)

    @property
    def platforms_file(self) -> Path | None:
        """Where the platforms are described; None where nowhere."""
        own = self.data_dir / "platforms.yaml"
        return self.platforms or (own if own.exists() else None)

    @property
    def label(self) -> Label:
        """The parsed `default_label`."""
        return Label.parse(self.default_label)


def load_settings(**changed: object) -> Settings:
    """Settings from the environment; InvalidInputError that names the variable and what is wrong with it."""
    try:
        settings = Settings(**changed)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidInputError(f"SOPHIA_{name}: {first['msg']} (docs/settings.md lists every setting)") from None
    try:
        Label.parse(settings.default_label)
    except InvalidInputError as error:
        raise InvalidInputError(f"SOPHIA_DEFAULT_LABEL: {error}") from None
    return settings
