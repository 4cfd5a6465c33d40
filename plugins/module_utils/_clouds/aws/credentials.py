# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the credentials of AWS in botocore's credential provider chain, and explain why none was found.

Each error of botocore becomes a failure that names the profile and the next step. Private to this collection.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import typing as t

from ..._core import connections, errors, providers
from ..shared import credential_cache, responses
from . import credential_chain, sdk, traits, transport

T = t.TypeVar("T")

_OPERATIONS: t.Final = {
    "assume-role": "AssumeRole",
    "assume-role-with-web-identity": "AssumeRoleWithWebIdentity",
    "sso": "GetRoleCredentials",
    "login": "CreateOAuth2Token",
}
"""botocore's method of finding credentials to the request that it sends for them."""
_HINTS: t.Final = {
    "sso": "Log in again: run aws sso login{profile} as the user and on the host that run the task.",
    "login": "Log in again: run aws login{profile} as the user and on the host that run the task.",
    "custom-process": "Run its command manually, as the user and on the host that run the task.",
    "assume-role-with-web-identity": "Renew the token file if its token has expired, and check the role ARN.",
    "assume-role": "Check role_arn, source_profile, and credential_source in the AWS configuration files.",
    "container-role": "Check the variables AWS_CONTAINER_CREDENTIALS_* and the service that they name.",
}
"""The next step by that method, if the error itself has none."""
_FOREIGN: t.Final = (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""Errors of files, programs, and responses that botocore does not handle. RecursionError is a RuntimeError."""
_SHARE: t.Final = 0.8
"""Share of request_timeout after which a program is ended, so that the message names the program."""


class CredentialFinder:
    """Finds credentials for the task, or for the role that it assumes.

    :param session: botocore.session.Session.
    """

    def __init__(
        self,
        session: t.Any,
        options: providers.Options,
        calls: sdk.Sdk,
        sender: transport.Transport,
        secrets: responses.Secrets,
    ) -> None:
        self._session = session
        self._options = options
        self._sdk = calls
        self._sender = sender
        self._secrets = secrets

    def find(self) -> credential_cache.Found:
        """Return the credentials that sign requests.

        :raises BatchError: there are none, or a location with credentials cannot be used.
        """
        source = self._source()
        credentials = self._assume(self._options.role, source) if self._options.role else source
        newest = functools.partial(self._frozen, credentials)
        return credential_cache.Found(newest(), newest=newest)

    def judge(self, method: str, work: t.Callable[[], T]) -> T:
        """Return the result of work with a credential location; an error becomes a failure.

        :param method: botocore's method for the location; empty for the configuration files themselves.
        """
        answered = self._sender.answered()
        try:
            return t.cast("T", self._sdk.ask(_OPERATIONS.get(method, ""), work, foreign=_FOREIGN))
        except credential_chain.Unusable as error:
            raise errors.BatchError(self._failure(method, error)) from error
        except sdk.Foreign as error:
            # After a response the error is about that response; else it is about a file, a program, or a variable.
            if self._sender.answered() == answered:
                raise errors.BatchError(self._failure(method, error.cause)) from error
            failure = self._sdk.unparsed(_OPERATIONS.get(method, ""), error.cause)
            raise errors.BatchError(dataclasses.replace(failure, corrected=True)) from error
        except errors.BatchError as error:
            raise errors.BatchError(self.explain(error, method)) from error

    def explain(self, error: errors.BatchError, method: str = "") -> errors.Failure:
        """Return the failure of an SDK error about credentials, or about the requests for them."""
        failure = error.failure
        if failure.retryable:
            # No request of the task was sent.
            return dataclasses.replace(failure, corrected=True)
        ours = failure.kind == "invalid_credentials" or (method and failure.kind == "invalid")
        if ours and not failure.http_status:
            return self._failure(method, error.__cause__ or error)
        if failure.kind == "invalid_credentials":
            hint = f"The credentials come from {self._where(method)}. {self._hint(method) or failure.hint}"
            return dataclasses.replace(failure, hint=hint)
        return failure

    def _source(self) -> t.Any:
        """Return botocore's credentials of the task, or of the first location that has some."""
        import botocore.credentials

        given = self._options.credentials
        if given:
            return botocore.credentials.Credentials(given.access_key, given.secret_key, given.session_token or None)
        region = self._session.get_config_variable("region")
        create = functools.partial(botocore.credentials.create_credential_resolver, self._session, region_name=region)
        chain = self.judge("", create).providers
        credential_chain.fit(chain, self._options.request_timeout * _SHARE, self._secrets)
        for provider in chain:
            found = self.judge(str(provider.METHOD), provider.load)
            if found is not None:
                return found
        raise errors.BatchError(
            traits.TRAITS.failure("invalid_credentials", f"no credentials found for AWS{self._searched()}")
        )

    def _assume(self, role: providers.Role, source: t.Any) -> t.Any:
        import botocore.credentials

        wishes = {"RoleSessionName": role.session_name, "ExternalId": role.external_id}
        fetcher = botocore.credentials.AssumeRoleCredentialFetcher(
            client_creator=self._session.create_client,
            source_credentials=source,
            role_arn=role.arn,
            extra_args={name: value for name, value in wishes.items() if value},
        )
        # The source first, so that a location without credentials is not reported as a role that cannot be assumed.
        self._frozen(source)
        return botocore.credentials.DeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )

    def _frozen(self, credentials: t.Any) -> providers.Credentials:
        method = str(credentials.method)
        frozen = self.judge(method, credentials.get_frozen_credentials)
        pair = {"access_key": frozen.access_key, "secret_key": frozen.secret_key}
        token = frozen.token or ""
        wrong = [name for name, value in pair.items() if not (isinstance(value, str) and value)]
        if wrong or not isinstance(token, str):
            text = f"has no valid {' and no valid '.join(wrong) or 'session_token'}"
            raise errors.BatchError(self._failure(method, credential_chain.Unusable(text)))
        self._secrets.add(frozen.secret_key, token)
        found = providers.Credentials(frozen.access_key, frozen.secret_key, token)
        return connections.check_keys(found, "a profile, file or role")

    def _failure(self, method: str, error: BaseException) -> errors.Failure:
        """Return the failure of an error: the location, the cause, and the next step."""
        hint = self._hint(method)
        if isinstance(error, credential_chain.Unusable):
            text, hint = str(error), error.hint or hint
        elif self._sdk.is_missing_profile(error):
            text = "does not exist in the AWS configuration files"
            hint = f"Correct the name, or unset {self._variable()}." if self._variable() else "Correct the name."
        elif method == "sso" and isinstance(error, (LookupError, ValueError, TypeError)):
            text = f"has a cached SSO token that cannot be read ({type(error).__name__})"
        else:
            text = f"cannot be used: {self._sdk.reason(error)}"
        return traits.TRAITS.failure("invalid_credentials", f"{self._where(method)} {text}", hint=hint)

    def _hint(self, method: str) -> str:
        return _HINTS.get(method, "").format(profile=self._flag())

    def _profile(self) -> str:
        # Session.profile reads variables, and fails if the profile that one of them names is missing.
        return self._options.profile or os.environ.get(self._variable(), "") or "default"

    def _variable(self) -> str:
        """Return the variable that names the profile, empty if the task names it, or if nothing does."""
        names = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
        return "" if self._options.profile else next((name for name in names if os.environ.get(name)), "")

    def _flag(self) -> str:
        return "" if self._profile() == "default" else f" --profile {self._profile()}"

    def _where(self, method: str) -> str:
        if method == "container-role":
            return "the credential service of this container (AWS_CONTAINER_CREDENTIALS_*)"
        if method == "env":
            return "the environment"
        if method == "iam-role":
            return "the metadata service of this host"
        token_file = os.environ.get("AWS_WEB_IDENTITY_TOKEN_FILE")
        if method == "assume-role-with-web-identity" and token_file and not self._options.profile:
            return "the environment (AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN)"
        named = f" (named by {self._variable()})" if self._variable() else ""
        return f"the profile {self._profile()!r}{named}"

    def _searched(self) -> str:
        named = f" (named by {self._variable()})" if self._variable() else ""
        return f" in the profile {self._profile()!r}{named}" if self._flag() else ""
