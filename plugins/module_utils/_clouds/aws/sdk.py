# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call botocore, and turn each of its errors into a BatchError. Private to this collection."""

from __future__ import annotations

import re
import types
import typing as t

from ..._core import display, errors, providers
from ..shared import responses
from . import traits

_CREDENTIAL_ERRORS: t.Final = (
    "NoCredentialsError",
    "NoAuthTokenError",
    "TokenRetrievalError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "ProfileNotFound",
    "InvalidConfigError",
    "ConfigParseError",
    "UnknownCredentialError",
    "SSOError",
    "LoginError",
    "MetadataRetrievalError",
)
_NO_ANSWER: t.Final[dict[errors.Kind, tuple[str, ...]]] = {
    "timeout": ("ReadTimeoutError", "ConnectTimeoutError"),
    "unreachable": ("HTTPClientError", "ConnectionError", "IncompleteReadError"),
}


class Foreign(Exception):
    """An error of another library that botocore does not handle.

    :param cause: the error.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


class Sdk:
    """botocore's errors, and the failures that they mean."""

    def __init__(self) -> None:
        import botocore.exceptions
        import botocore.parsers

        self._exceptions = botocore.exceptions
        self._parser_error = botocore.parsers.ResponseParserError

    def ask(
        self,
        operation: str,
        request: t.Callable[[], t.Any],
        traits: providers.Traits = traits.TRAITS,
        codes: t.Mapping[str, str] = types.MappingProxyType({}),
        foreign: tuple[type[Exception], ...] = (),
    ) -> t.Any:
        """Return the response of the SDK; each of its errors becomes a BatchError.

        :param foreign: errors that the caller handles; they are raised as Foreign.
        """
        try:
            return request()
        except self._exceptions.ClientError as error:
            failure = self.refused(error.operation_name or operation, error.response, traits, codes)
            raise errors.BatchError(failure) from error
        except responses.UnreadableResponseError as error:
            raise errors.BatchError(self.invalid_response(operation, str(error))) from error
        except self._exceptions.BotoCoreError as error:
            raise errors.BatchError(self.no_answer(operation, error)) from error
        except foreign as error:
            raise Foreign(error) from error
        except (self._parser_error, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            # botocore raises these for invalid numbers and times, for incomplete responses, and for errors with too
            # deeply nested nodes.
            raise errors.BatchError(self.unparsed(operation, error)) from error

    def unparsed(self, operation: str, error: Exception) -> errors.Failure:
        """Return the failure of a response that cannot be parsed."""
        return self.invalid_response(operation, f"the response could not be parsed ({type(error).__name__})")

    def is_missing_profile(self, error: BaseException) -> bool:
        """Whether an error means that the profile does not exist."""
        return isinstance(error, self._exceptions.ProfileNotFound)

    def reason(self, error: BaseException) -> str:
        """Return why a credential location cannot be used, on one line and without its content."""
        if isinstance(error, OSError):
            # A path, and why it cannot be read or executed.
            return f"{error.strerror or type(error).__name__}{f': {error.filename}' if error.filename else ''}"
        if not isinstance(error, self._exceptions.BotoCoreError):
            # The text of a parser can quote the parsed content.
            return type(error).__name__
        text = " ".join(str(error).split()).partition(". ")[0]
        # The response of the metadata service is quoted after this text.
        return display.truncate(re.sub(r"((container|instance) metadata): .*", r"\1", text)).rstrip(".")

    def invalid_response(self, operation: str, text: str) -> errors.Failure:
        return traits.TRAITS.failure("invalid_response", text, operation=operation)

    def refused(
        self,
        operation: str,
        response: t.Mapping[str, t.Any],
        traits: providers.Traits = traits.TRAITS,
        codes: t.Mapping[str, str] = types.MappingProxyType({}),
    ) -> errors.Failure:
        error = response.get("Error", {})
        metadata = response.get("ResponseMetadata", {})
        headers = metadata.get("HTTPHeaders", {})
        code = str(error.get("Code") or "")
        return traits.answered(
            operation,
            codes.get(code, code),
            str(error.get("Message") or ""),
            int(metadata.get("HTTPStatusCode") or 0),
            headers,
            str(metadata.get("RequestId") or headers.get("x-amz-request-id") or ""),
        )

    def no_answer(self, operation: str, error: Exception) -> errors.Failure:
        """Return the failure of an SDK error without a response of the provider."""
        if self._is(error, _CREDENTIAL_ERRORS):
            return traits.TRAITS.failure("invalid_credentials", str(error), operation=operation)
        for kind, names in _NO_ANSWER.items():
            if self._is(error, names):
                tls = self._is(error, ("SSLError",))
                hint = errors.TLS_HINT if tls else ""
                return traits.TRAITS.failure(kind, str(error), operation=operation, permanent=tls, hint=hint)
        return traits.TRAITS.failure("invalid", str(error), operation=operation)

    def _is(self, error: Exception, names: t.Iterable[str]) -> bool:
        # By name, because older botocore releases lack some of them.
        known = [getattr(self._exceptions, name) for name in names if hasattr(self._exceptions, name)]
        return isinstance(error, tuple(known))
