# SPDX-License-Identifier: Apache-2.0
"""DirectoryError and GatewayError as Home Assistant's own errors, translated."""

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .core import DirectoryError
from .gateway_client import (
    GatewayError,
    GatewayRefusedError,
    GatewayUnauthorizedError,
    GatewayUnexpectedError,
    GatewayUnreachableError,
)

INPUT_CODES = frozenset({"invalid", "not_found", "in_use", "conflict"})
"""The directory works and does not accept what it was asked for."""


GATEWAY_KEYS: dict[type[GatewayError], str] = {
    GatewayUnreachableError: "gateway_unreachable",
    GatewayUnauthorizedError: "gateway_unauthorized",
    GatewayUnexpectedError: "gateway_unexpected",
    GatewayRefusedError: "gateway_refused",
}
"""Translation keys; all have `details`."""


def describe(error: DirectoryError) -> str:
    """One line with every bad field."""
    fields = "; ".join(f"{field['path']}: {field['message']}" for field in error.fields)
    return f"{error.message} ({fields})" if fields else error.message


def translated(error: DirectoryError | GatewayError) -> HomeAssistantError:
    """The exception to raise instead."""
    return _of_gateway(error) if isinstance(error, GatewayError) else _of_directory(error)


def _of_gateway(error: GatewayError) -> HomeAssistantError:
    refused = isinstance(error, GatewayRefusedError) and not error.is_fault
    (key,) = (key for kind, key in GATEWAY_KEYS.items() if isinstance(error, kind))
    return (ServiceValidationError if refused else HomeAssistantError)(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"details": str(error)},
    )


def _of_directory(error: DirectoryError) -> HomeAssistantError:
    refused = error.code in INPUT_CODES
    return (ServiceValidationError if refused else HomeAssistantError)(
        translation_domain=DOMAIN,
        translation_key="refused" if refused else "directory_failed",
        translation_placeholders={"details": describe(error)},
    )


def translate_errors[**P, R](
    call: Callable[P, Awaitable[R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    """Decorate what a person or an automation calls."""

    @wraps(call)
    async def translating(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await call(*args, **kwargs)
        except (DirectoryError, GatewayError) as error:
            raise translated(error) from error

    return translating
