"""Chat models behind the OpenAI protocol, hosted or served by llama.cpp, and their errors as ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import httpx2
import openai
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from core.errors import RateLimitedError, RejectedError, SophiaError, UnavailableError
from core.identity import Label
from models.chat.exchange import Terms
from models.chat.language import ChatLanguage
from models.endpoints import Endpoint
from models.usage import Ledger, Price

_RETRY_AFTER = 10.0
_TRY_LATER = frozenset({408, 409, 425})


@asynccontextmanager
async def open_endpoint(
    name: str, endpoint: Endpoint, *, ceiling: Label, key: str, ledger: Ledger
) -> AsyncIterator[ChatLanguage]:
    """The language of one endpoint. Retries, time limits and routes are Sophia's own, so the client has none."""
    terms = Terms(
        name=name,
        model=endpoint.model,
        ceiling=ceiling,
        timeout=endpoint.timeout,
        answer_tokens=endpoint.answer_tokens,
        failure=partial(failure, name, endpoint.api_key_env),
        price=Price(**dict(endpoint.price)) if endpoint.price else None,
        ledger=ledger,
    )
    async with _http(endpoint) as http:
        yield ChatLanguage(_model(endpoint, key, http), terms)


def failure(name: str, api_key_env: str | None, error: Exception) -> SophiaError | None:
    """What an error of the client means. Nothing of its message is kept: it may quote the request or the key."""
    if isinstance(error, openai.APIStatusError):
        return _refusal(name, api_key_env, error)
    if isinstance(error, openai.APITimeoutError | openai.APIConnectionError | httpx2.TransportError):
        return UnavailableError(f"The endpoint {name!r} cannot be reached or broke off: see whether it is running")
    if isinstance(error, openai.LengthFinishReasonError):
        return RejectedError(f"The answer of {name!r} was cut off: raise its answer_tokens")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return RejectedError(f"The endpoint {name!r} refused the content")
    if isinstance(error, openai.OpenAIError | ValueError | TypeError | LookupError | AttributeError):
        return UnavailableError(f"The endpoint {name!r} answered something that is not the OpenAI protocol")
    return None


def _refusal(name: str, api_key_env: str | None, error: openai.APIStatusError) -> SophiaError:
    status = error.status_code
    if status == 429 and error.code != "insufficient_quota":
        wait = _seconds(error.response.headers.get("retry-after"))
        return RateLimitedError(f"The endpoint {name!r} asks to wait {wait:g} s", retry_after=wait)
    if status >= 500 or status in _TRY_LATER:
        return UnavailableError(f"The endpoint {name!r} failed with status {status}")
    if status in (401, 403):
        return RejectedError(f"The endpoint {name!r} refused the key: check {api_key_env or 'its api_key_env'}")
    return RejectedError(f"The endpoint {name!r} refused the request with status {status} ({error.code or 'no code'})")


def _seconds(header: str | None) -> float:
    try:
        return max(float(header or _RETRY_AFTER), 0.0)
    except ValueError:
        return _RETRY_AFTER


def _http(endpoint: Endpoint) -> httpx2.AsyncClient:
    """A client that follows no redirect, and for a local endpoint neither a proxy nor a kept connection.

    llama.cpp's server may close a connection after a stream without saying so.
    """
    limits = httpx2.Limits(max_keepalive_connections=0) if endpoint.local else httpx2.Limits()
    return httpx2.AsyncClient(
        timeout=endpoint.timeout, limits=limits, trust_env=not endpoint.local, follow_redirects=False
    )


def _model(endpoint: Endpoint, key: str, http: httpx2.AsyncClient) -> ChatOpenAI:
    return ChatOpenAI(
        model=endpoint.model,
        base_url=str(endpoint.base_url),
        api_key=SecretStr(key),
        openai_proxy=None,
        http_async_client=http,
        timeout=endpoint.timeout,
        max_retries=0,
        max_completion_tokens=endpoint.answer_tokens,
        temperature=endpoint.temperature,
        stream_usage=True,
        use_responses_api=False,
        extra_body=endpoint.extra_body,
    )
