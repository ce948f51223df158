"""What the practice server answers when it refuses a request, in OpenAI's shape and wording.

The wording follows the API's own replies; see "Error codes" in OpenAI's API guides.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Match, Route


class ApiError(Exception):
    """A refusal: an HTTP status and the four fields of OpenAI's error object.

    Args:
        message: the sentence the client shows.
        status: the HTTP status code.
        param: the path of the parameter at fault, such as ``messages[0].role``.
        code: OpenAI's short code, such as ``unknown_parameter``.
        type: OpenAI's class of error; 5xx are ``server_error``.
        headers: extra response headers, such as ``retry-after``.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        param: str | None = None,
        code: str | None = None,
        type: str = "invalid_request_error",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.param = param
        self.code = code
        self.type = type
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """Return the JSON body: ``{"error": {"message", "type", "param", "code"}}``."""
        error = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": error}


def missing_key() -> ApiError:
    """Return the 401 for a request without an Authorization header."""
    return ApiError(
        "You didn't provide an API key. You need to provide your API key in an Authorization "
        "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API "
        "key from https://platform.openai.com/account/api-keys.",
        status=401,
    )


def wrong_key(key: str) -> ApiError:
    """Return the 401 for an unknown key; the key itself is masked."""
    return ApiError(
        f"Incorrect API key provided: {mask(key)}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        status=401,
        code="invalid_api_key",
    )


def mask(key: str) -> str:
    """Return ``key`` with its middle starred out: at most its first 8 and last 4 characters stay.

    A key of fewer than 16 characters keeps at most its first 3.
    """
    if len(key) < 16:
        return key[:3] + "*" * max(len(key) - 3, 0)
    return key[:8] + "*" * (len(key) - 12) + key[-4:]


def not_json() -> ApiError:
    """Return the 400 for a body that is not a JSON object in UTF-8."""
    return ApiError(
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't "
        "using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was "
        "sent was not valid JSON.)"
    )


def wrong_method(http: Request) -> ApiError:
    """Return the 405 for a method that a path does not take; its Allow names all that it does."""
    routes = [route for route in http.app.routes if route.matches(http.scope)[0] != Match.NONE]
    taken = (route.methods or () for route in routes if isinstance(route, Route))
    methods = {method for methods in taken for method in methods}
    return ApiError(
        f"Not allowed to {http.method} on {http.url.path}. (HINT: Perhaps you meant to use a "
        "different HTTP method?)",
        status=405,
        code="method_not_supported",
        headers={"allow": ", ".join(sorted(methods))},
    )


def missing(param: str) -> ApiError:
    """Return the 400 for a required parameter that is not there."""
    return ApiError(
        f"Missing required parameter: '{param}'.", param=param, code="missing_required_parameter"
    )


def empty_array(param: str) -> ApiError:
    """Return the 400 for an array that must not be empty."""
    return ApiError(
        f"Invalid '{param}': empty array. Expected an array with minimum length 1, but got an "
        "empty array instead.",
        param=param,
        code="empty_array",
    )


def unknown_parameter(param: str) -> ApiError:
    """Return the 400 for a parameter that the API does not have."""
    return ApiError(f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter")


def unknown_model(name: str) -> ApiError:
    """Return the 404 for a model that does not exist."""
    return ApiError(
        f"The model `{name}` does not exist or you do not have access to it.",
        status=404,
        code="model_not_found",
    )


def unsupported_parameter(param: str, instead: str | None = None) -> ApiError:
    """Return the 400 for a parameter that this model does not take at all."""
    message = f"Unsupported parameter: '{param}' is not supported with this model."
    if instead:
        message += f" Use '{instead}' instead."
    return ApiError(message, param=param, code="unsupported_parameter")


def unsupported_value(param: str, message: str) -> ApiError:
    """Return the 400 for a value that this model does not take."""
    return ApiError(
        f"Unsupported value: '{param}' {message}", param=param, code="unsupported_value"
    )


def too_long(limit: int, prompt_tokens: int) -> ApiError:
    """Return the 400 for messages that do not fit the model's context."""
    return ApiError(
        f"This model's maximum context length is {limit} tokens. However, your messages resulted "
        f"in {prompt_tokens} tokens. Please reduce the length of the messages.",
        param="messages",
        code="context_length_exceeded",
    )
