"""Whether a named HTTP endpoint answers, and how fast. Its answer's body is not read, and no redirect is followed."""

import time
from dataclasses import dataclass
from decimal import Decimal

import httpx2

from core.clock import Clock
from core.errors import UnsupportedError
from core.resilience import Monotonic
from tools.platforms.base import Event, Health, Observed, Reading, Status


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked: a health page, usually. `timeout` is in seconds."""

    name: str
    title: str
    url: str
    timeout: float = 3.0


class HttpHealth(Observed):
    """One endpoint, asked anew for each status."""

    def __init__(
        self, endpoint: Endpoint, client: httpx2.AsyncClient, clock: Clock, monotonic: Monotonic = time.monotonic
    ) -> None:
        self.name, self.title = endpoint.name, endpoint.title
        self._endpoint, self._client = endpoint, client
        self._clock, self._monotonic = clock, monotonic

    async def status(self) -> Status:
        """Ok for 2xx, down for 5xx and for no answer, degraded for anything else."""
        begun = self._monotonic()
        try:
            request = self._client.build_request("GET", self._endpoint.url, timeout=self._endpoint.timeout)
            response = await self._client.send(request, stream=True, follow_redirects=False)
            await response.aclose()
        except httpx2.TimeoutException:
            return self._status(Health.DOWN, "it does not answer in time")
        except httpx2.HTTPError:
            return self._status(Health.DOWN, "it cannot be reached")
        took = Decimal(str(self._monotonic() - begun)) * 1000
        readings = (
            Reading("http_status", "HTTP status", Decimal(response.status_code), "code"),
            Reading("response_ms", "response time, ms", round(took, 1), "milliseconds"),
        )
        return self._status(*_judged(response), readings)

    async def handle_event(self, event: Event) -> Status:
        """`probe`: it is asked at once."""
        if event.kind != "probe":
            raise UnsupportedError(f"{self.title!r} knows no event {event.kind!r}: it knows 'probe'")
        return await self.status()

    def _status(self, health: Health, says: str, readings: tuple[Reading, ...] = ()) -> Status:
        return Status(self.name, self.title, health, says, self._clock(), readings)


def _judged(response: httpx2.Response) -> tuple[Health, str]:
    if response.is_success:
        return Health.OK, "it answers"
    if response.is_server_error:
        return Health.DOWN, "it answers with a server error"
    return Health.DEGRADED, "it answers otherwise than it should"
