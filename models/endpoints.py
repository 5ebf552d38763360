"""The file that names chat models and says when each is asked (`SOPHIA_MODELS`), and the opening of what it names.

endpoints:
frontier: {base_url: https://api.openai.com/v1, model: gpt-5.2, api_key_env: OPENAI_API_KEY}
workshop: {base_url: http://127.0.0.1:8080/v1, model: qwen3-8b, local: true}
routing:
remote_up_to: internal              # above this label only local endpoints are asked
default: [frontier, workshop]
rules:
- {deadline_under: 3, chain: [workshop]}
- {verb: choose, chain: [workshop, frontier]}
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, JsonValue, ValidationError, model_validator

from core.errors import InvalidInputError, UnsupportedError
from core.identity import Label
from models.language import Language
from models.usage import UNRECORDED, Ledger

_STRICT = ConfigDict(extra="forbid", frozen=True)


def _label(name: object) -> object:
    try:
        return Label.parse(name) if isinstance(name, str) else name
    except InvalidInputError as error:
        raise ValueError(str(error)) from None


LabelName = Annotated[Label, BeforeValidator(_label)]


class PriceEntry(BaseModel):
    """What the endpoint's operator charges for a million tokens."""

    model_config = _STRICT

    input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    currency: str = Field(pattern="^[A-Z]{3}$")


class Endpoint(BaseModel):
    """A chat model behind the OpenAI protocol. `local` says that its operator is this one; `timeout` is in seconds.

    Without a `price` its tokens are counted and its cost is not known.
    """

    model_config = _STRICT

    base_url: HttpUrl
    model: str
    api_key_env: str | None = None
    local: bool = False
    timeout: float = Field(default=60.0, gt=0)
    answer_tokens: int = Field(default=1024, gt=0)
    temperature: float | None = None
    extra_body: dict[str, JsonValue] | None = None
    price: PriceEntry | None = None


class RuleEntry(BaseModel):
    """A row of the routing table: with all of its conditions met, its chain is asked."""

    model_config = _STRICT

    chain: tuple[str, ...] = Field(min_length=1)
    verb: Literal["choose", "extract", "write"] | None = None
    deadline_under: float | None = None
    budget_under: int | None = None
    complexity_over: int | None = None


class ArmEntry(BaseModel):
    """An experiment: a share of the principals is served by another endpoint."""

    model_config = _STRICT

    name: str
    share: float = Field(gt=0, le=1)
    instead_of: str
    use: str


class RoutingEntry(BaseModel):
    """Who is asked when."""

    model_config = _STRICT

    default: tuple[str, ...] = Field(min_length=1)
    remote_up_to: LabelName = Label.INTERNAL
    rules: tuple[RuleEntry, ...] = ()
    arms: tuple[ArmEntry, ...] = ()


class Endpoints(BaseModel):
    """The whole file; a route may only name endpoints that it describes."""

    model_config = _STRICT

    endpoints: dict[str, Endpoint] = Field(min_length=1)
    routing: RoutingEntry

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Self:
        routing = self.routing
        named = {name for chain in (routing.default, *(rule.chain for rule in routing.rules)) for name in chain}
        named |= {name for arm in routing.arms for name in (arm.instead_of, arm.use)}
        if unknown := sorted(named - self.endpoints.keys()):
            raise ValueError(f"routing names {unknown[0]!r}, which is not among the endpoints")
        return self

    def ceiling(self, name: str) -> Label:
        """The highest label the endpoint may see."""
        return Label.RESTRICTED if self.endpoints[name].local else self.routing.remote_up_to


def read_endpoints(path: Path) -> Endpoints:
    """The file's content; InvalidInputError names the first entry that is wrong."""
    try:
        return Endpoints.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InvalidInputError(f"SOPHIA_MODELS {str(path)!r} cannot be read: {error.strerror}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InvalidInputError(
            f"SOPHIA_MODELS {str(path)!r} is no YAML{f', line {mark.line + 1}' if mark else ''}"
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InvalidInputError(f"SOPHIA_MODELS {str(path)!r}, {where}: {first['msg']}") from None


@asynccontextmanager
async def open_endpoints(
    config: Endpoints, secrets: Mapping[str, str], *, ledger: Ledger = UNRECORDED
) -> AsyncIterator[dict[str, Language]]:
    """A language per endpoint, closed at the end. `secrets` maps each `api_key_env` to its value.

    The `ledger` is told what each call took.

    InvalidInputError for a key that is named and not given; UnsupportedError without the extra `openai`.
    """
    try:
        from models.openai_chat import open_endpoint  # noqa: PLC0415 - the client is an extra, and slow to import
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("langchain_openai", "openai"):
            raise
        raise UnsupportedError(
            "Chat models need the OpenAI client: pip install 'sophia-orchestrator[openai]'"
        ) from None
    async with AsyncExitStack() as stack:
        yield {
            name: await stack.enter_async_context(
                open_endpoint(
                    name,
                    endpoint,
                    ceiling=config.ceiling(name),
                    key=_key(name, endpoint, secrets),
                    ledger=ledger,
                )
            )
            for name, endpoint in config.endpoints.items()
        }


def _key(name: str, endpoint: Endpoint, secrets: Mapping[str, str]) -> str:
    """The key, or a placeholder for an endpoint that wants none, lest the client look for one in the environment."""
    if endpoint.api_key_env is None:
        return "none"
    if key := secrets.get(endpoint.api_key_env):
        return key
    raise InvalidInputError(f"The endpoint {name!r} needs {endpoint.api_key_env}: set it, or take the endpoint out")
