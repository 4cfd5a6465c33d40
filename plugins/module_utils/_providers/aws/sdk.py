# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks botocore, and turns every error of its into a BatchError. Private to this collection."""

from __future__ import annotations

import types
import typing as t

from ansible_collections.objectstore.batch.plugins.module_utils._model import (
    errors as _errors,
    provider as _provider,
)
from ansible_collections.objectstore.batch.plugins.module_utils._providers import reading as _reading
from ansible_collections.objectstore.batch.plugins.module_utils._providers.aws import facts as _facts

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
_NO_ANSWER: t.Final = {
    "timeout": ("ReadTimeoutError", "ConnectTimeoutError"),
    "unreachable": ("HTTPClientError", "ConnectionError", "IncompleteReadError"),
}


class Sdk:
    """botocore's errors, and what they stand for."""

    def __init__(self) -> None:
        import botocore.exceptions
        import botocore.parsers

        self._exceptions = botocore.exceptions
        self._parser_error = botocore.parsers.ResponseParserError

    def ask(
        self,
        operation: str,
        request: t.Callable[[], t.Any],
        facts: _provider.Facts = _facts.FACTS,
        codes: t.Mapping[str, str] = types.MappingProxyType({}),
    ) -> t.Any:
        """Return what the SDK answers; every error of its becomes a BatchError."""
        try:
            return request()
        except self._exceptions.ClientError as error:
            failure = self.refused(error.operation_name or operation, error.response, facts, codes)
            raise _errors.BatchError(failure) from error
        except _reading.Unreadable as error:
            raise _errors.BatchError(self.bad_answer(operation, str(error))) from error
        except self._exceptions.BotoCoreError as error:
            raise _errors.BatchError(self.no_answer(operation, error)) from error
        except (self._parser_error, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            # botocore raises these for numbers and times that are none, for answers without what it looks for, and for
            # errors whose nodes are inside one another without end.
            text = f"the answer could not be parsed ({type(error).__name__})"
            raise _errors.BatchError(self.bad_answer(operation, text)) from error

    def bad_answer(self, operation: str, text: str) -> _errors.Failure:
        return _facts.FACTS.failure("bad_answer", text, operation=operation)

    def refused(
        self,
        operation: str,
        response: t.Mapping[str, t.Any],
        facts: _provider.Facts = _facts.FACTS,
        codes: t.Mapping[str, str] = types.MappingProxyType({}),
    ) -> _errors.Failure:
        error = response.get("Error", {})
        metadata = response.get("ResponseMetadata", {})
        headers = metadata.get("HTTPHeaders", {})
        code = str(error.get("Code") or "")
        return facts.answered(
            operation,
            codes.get(code, code),
            str(error.get("Message") or ""),
            int(metadata.get("HTTPStatusCode") or 0),
            headers,
            str(metadata.get("RequestId") or headers.get("x-amz-request-id") or ""),
        )

    def no_answer(self, operation: str, error: Exception) -> _errors.Failure:
        """Return the failure for what the SDK raises without an answer of the cloud."""
        if self._is(error, _CREDENTIAL_ERRORS):
            return _facts.FACTS.failure("credentials", str(error), operation=operation)
        for kind, names in _NO_ANSWER.items():
            if self._is(error, names):
                tls = self._is(error, ("SSLError",))
                hint = _errors.TLS_HINT if tls else ""
                return _facts.FACTS.failure(kind, str(error), operation=operation, permanent=tls, hint=hint)
        return _facts.FACTS.failure("invalid", str(error), operation=operation)

    def _is(self, error: Exception, names: t.Iterable[str]) -> bool:
        # By name, since older botocore releases lack some of them.
        known = [getattr(self._exceptions, name) for name in names if hasattr(self._exceptions, name)]
        return isinstance(error, tuple(known))
