"""The language: the extractive one, or the chat models of the settings' file, each asked which models it has."""

import asyncio
import os
from pathlib import Path

import httpx2

from api.doctor.finding import Finding, State
from core.errors import InvalidInputError
from models.endpoints import Endpoint, read_endpoints

PATIENCE_S = 5.0
HOW = "docs/models.md says how to name chat models in SOPHIA_MODELS"


async def look_at_language(models: Path | None) -> list[Finding]:
    """One finding an endpoint. Their keys are sent to them, and shown to nobody."""
    if models is None:
        return [Finding("language", State.EMBEDDED, "extractive: quotations, chosen without a language model", HOW)]
    try:
        config = read_endpoints(models)
    except InvalidInputError as error:
        return [Finding("language", State.BROKEN, str(error), HOW)]
    async with httpx2.AsyncClient(timeout=PATIENCE_S) as http:
        return await asyncio.gather(*(_endpoint(name, one, http) for name, one in config.endpoints.items()))


async def _endpoint(name: str, endpoint: Endpoint, http: httpx2.AsyncClient) -> Finding:
    part, variable = f"endpoint {name}", endpoint.api_key_env
    if variable and not os.environ.get(variable):
        return Finding(part, State.BROKEN, f"its key is not in {variable}", f"Set {variable}, or take the endpoint out")
    where = f"{endpoint.model} at {endpoint.base_url.scheme}://{endpoint.base_url.host}:{endpoint.base_url.port}"
    headers = {"Authorization": f"Bearer {os.environ[variable]}"} if variable else {}
    try:
        answered = await http.get(f"{str(endpoint.base_url).rstrip('/')}/models", headers=headers)
    except httpx2.HTTPError as error:
        remedy = "Start it, or take it out of the file"
        return Finding(part, State.BROKEN, f"{where} does not answer ({type(error).__name__})", remedy)
    if answered.status_code in (httpx2.codes.UNAUTHORIZED, httpx2.codes.FORBIDDEN):
        return Finding(
            part, State.BROKEN, f"{where} refuses its key", f"Look at the key in {variable or 'api_key_env'}"
        )
    if answered.is_server_error:
        return Finding(part, State.BROKEN, f"{where} answers {answered.status_code}", "See its log")
    return Finding(part, State.WORKS, f"{where} answers")
