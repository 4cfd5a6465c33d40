# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call AWS S3 Batch Operations: the S3 Control API, through boto3.

Source: botocore's s3control service model 2018-08-20. Private to this collection.
"""

from __future__ import annotations

import functools
import re
import traceback
import types
import typing as t
from urllib.parse import urlsplit, urlunsplit

from ..._core import batch_jobs, connections, errors, provider_traits, providers
from ..shared import credential_cache, parse_job_xml
from . import credentials, endpoints, sdk, traits, transport, typed_values

T = t.TypeVar("T")

_BODY: t.Final = "objectstore.batch body"
_FREE: t.Final = {"Operation": "operation", "ManifestGenerator": "manifest_generator", "Report": "report"}
"""The parts of a request that botocore's model validates, and the options that they come from."""


class AwsProvider(providers.Provider):
    """S3 Batch Operations of one account and region."""

    traits = traits.TRAITS

    def __init__(self, options: providers.Options) -> None:
        super().__init__(options)
        try:
            # boto3's sessions wrap these. boto3 itself imports S3 transfers and resources, which take 30 ms per task.
            import botocore.config
            import botocore.serialize
            import botocore.session
            import botocore.validate
        except ImportError as error:
            raise errors.MissingLibrary("boto3", traceback.format_exc()) from error
        self.sdk = sdk.Sdk()
        self._validator = botocore.validate.ParamValidator()
        self._serializer = botocore.serialize.create_serializer("rest-xml", include_validation=False)
        self._config = botocore.config.Config(
            connect_timeout=options.request_timeout,
            read_timeout=options.request_timeout,
            max_pool_connections=options.connections,
            retries={"mode": "standard", "total_max_attempts": 1},
            user_agent_extra="ansible-objectstore.batch",
        )
        self._session = botocore.session.Session(profile=options.profile or None)
        # Also for the clients by which botocore finds credentials: the same timeouts, and no retries of its own.
        self._session.set_default_client_config(self._config)
        self._keys = credential_cache.Keys(None if options.role else options.credentials, self._find)
        self._sender = transport.Transport(self._session, options, self._keys.secrets)
        self._finder = credentials.CredentialFinder(self._session, options, self.sdk, self._sender, self._keys.secrets)
        self.region = self._check_region(self._finder.judge("", self._configured_region))
        self._session.set_config_variable("region", self.region)
        partitions = endpoints.Partitions(self._session.get_component("data_loader"))
        self.partition = partitions.of_region(self.region)
        self._endpoints = endpoints.Endpoints(self._session, options, partitions)
        self._warn_of_plain_http()
        # botocore has no public API to set credentials that it fetches itself, and none to set the endpoints of the
        # clients that it creates for itself.
        self._session._credentials = _Current(self._keys)
        self._session.create_client = functools.partial(self._create_client, self._session.create_client)
        if options.role:
            # The account of the role is the account of the jobs.
            self.account_id = self.account_id or options.role.arn.split(":")[4]
            self.principal = f"role {options.role.arn}"
        try:
            self._client = self.sdk.ask("", self._connect)
        except errors.BatchError as error:
            raise errors.BatchError(self._finder.explain(error)) from error

    def search(self) -> t.Optional[t.Callable[[], object]]:
        return self._keys.search()

    def _find(self) -> credential_cache.Found:
        return self._finder.find()

    def secrets(self) -> t.Collection[str]:
        return self._keys.secrets.known()

    def identify(self) -> str:
        client = self._session.create_client("sts", **self._where(self._endpoints.of("sts")))
        operation = "GetCallerIdentity"
        answer = self.ask(operation, client.get_caller_identity)
        account = answer.get("Account")
        if not (isinstance(account, str) and re.fullmatch("[0-9]{12}", account)):
            raise errors.BatchError(self.sdk.invalid_response(operation, "the response does not contain an account ID"))
        self.principal = f"{answer.get('Arn') or account} ({self.principal})"
        return account

    def regions(self) -> list[str]:
        client = self._session.create_client("ec2", **self._where(self._endpoints.of("ec2")))
        answer = self.ask("DescribeRegions", client.describe_regions)
        names = sorted({str(item.get("RegionName") or "") for item in answer.get("Regions") or ()} - {""})
        if not names:
            raise errors.BatchError(
                self.sdk.invalid_response("DescribeRegions", "the response does not contain a region")
            )
        return names

    def describe(self, job_id: str) -> batch_jobs.Job:
        answer = self._call("DescribeJob", self._client.describe_job, JobId=job_id)
        return self._read("DescribeJob", answer, parse_job_xml.parse_described)

    def list_page(self, token: str) -> tuple[list[batch_jobs.Job], str]:
        query: dict[str, t.Any] = {"MaxResults": provider_traits.PAGE_SIZE}
        if token:
            query["NextToken"] = token
        return self._read("ListJobs", self._call("ListJobs", self._client.list_jobs, **query), parse_job_xml.parse_page)

    def update_priority(self, job_id: str, priority: int) -> int:
        operation = "UpdateJobPriority"
        answer = self._call(operation, self._client.update_job_priority, JobId=job_id, Priority=priority)
        name, value = self._read(operation, answer, parse_job_xml.parse_updated_priority)
        return self.named(operation, job_id, name, "priority", value)

    def update_status(self, job_id: str, status: str, reason: str) -> str:
        operation = "UpdateJobStatus"
        # AWS rejects an empty reason, so it is omitted.
        query = {"StatusUpdateReason": reason} if reason else {}
        answer = self._call(operation, self._client.update_job_status, JobId=job_id, RequestedJobStatus=status, **query)
        name, value = self._read(operation, answer, parse_job_xml.parse_updated_status)
        return self.named(operation, job_id, name, "status", value)

    def as_sent(self, request: dict[str, t.Any]) -> t.Mapping[str, t.Any]:
        model = self._client.meta.service_model.operation_model("CreateJob")
        whole = {**self._typed(request), "AccountId": self.account_id}
        report = self._validator.validate(whole, model.input_shape)
        if report.has_errors():
            hint = "Compare the parameters with the documentation of CreateJob. No job was created."
            raise errors.BatchError(
                errors.Failure("invalid", report.generate_report(), operation="CreateJob", hint=hint)
            )
        return parse_job_xml.parse_request(self._serializer.serialize_to_request(whole, model)["body"])

    def as_written(self, part: str, value: t.Any) -> t.Any:
        return typed_values.written(value, self._shapes()[part])

    def _shapes(self) -> t.Mapping[str, t.Any]:
        members = self._client.meta.service_model.operation_model("CreateJob").input_shape.members
        return t.cast("t.Mapping[str, t.Any]", members)

    def _typed(self, request: dict[str, t.Any]) -> dict[str, t.Any]:
        """Return a request whose free parameters have the types of the service model."""
        shapes = self._shapes()
        free = {name: option for name, option in _FREE.items() if name in request}
        return {**request, **{name: typed_values.typed(free[name], request[name], shapes[name]) for name in free}}

    def create(self, request: dict[str, t.Any]) -> str:
        answer = self._call("CreateJob", self._client.create_job, **self._typed(request))
        return self.created(self._read("CreateJob", answer, parse_job_xml.parse_created))

    def tags(self, job_id: str) -> dict[str, str]:
        answer = self._call("GetJobTagging", self._client.get_job_tagging, JobId=job_id)
        return self._read("GetJobTagging", answer, parse_job_xml.parse_tags)

    def set_tags(self, job_id: str, tags: t.Mapping[str, str]) -> str:
        if not tags:
            answer = self._call("DeleteJobTagging", self._client.delete_job_tagging, JobId=job_id)
            return self._done("DeleteJobTagging", answer)
        listed = [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
        answer = self._call("PutJobTagging", self._client.put_job_tagging, JobId=job_id, Tags=listed)
        return self._done("PutJobTagging", answer)

    def _done(self, operation: str, answer: t.Any) -> str:
        """Check a response that has no value: an empty result, or no body but a request ID, which a gateway has not."""
        metadata = answer.get("ResponseMetadata", {})
        if answer[_BODY].strip():
            self._read(operation, answer, functools.partial(parse_job_xml.parse_root, root=f"{operation}Result"))
        elif not (metadata.get("RequestId") or metadata.get("HTTPHeaders", {}).get("x-amz-request-id")):
            text = "the response is empty and has no request ID"
            raise errors.BatchError(self.sdk.invalid_response(operation, text))
        return ""

    def _configured_region(self) -> str:
        # An empty variable hides the profile's region from the SDK.
        found = self._session.get_config_variable("region") or self._session.get_scoped_config().get("region")
        return str(found or "")

    def _check_region(self, found: str) -> str:
        region = self.options.region or found
        if not region:
            names = " or ".join(traits.TRAITS.connection.environment["region"])
            hint = f"Set region in the task, in {names}, or in the profile."
            raise errors.BatchError(
                errors.Failure("invalid", f"region is required for {traits.TRAITS.title}", hint=hint)
            )
        return traits.TRAITS.rules["region"].check("region", region)

    def _where(self, endpoint_url: t.Optional[str]) -> dict[str, t.Any]:
        """Return the connection settings of a client."""
        verify: t.Union[str, bool, None] = self.options.ca_bundle or None
        return {
            "region_name": self.region,
            "config": self._config,
            "endpoint_url": endpoint_url,
            "verify": verify if self.options.validate_certs else False,
        }

    def _create_client(self, create: t.Callable[..., t.Any], service: str, **options: t.Any) -> t.Any:
        """Create a client for botocore, including those that it creates for itself to find credentials."""
        where = self._where(self._endpoints.of(service) if service == "sts" else None)
        return create(service, **{**{name: where[name] for name in ("endpoint_url", "verify")}, **options})

    def _warn_of_plain_http(self) -> None:
        url = self._endpoints.jobs
        if url and not self.options.endpoint_url and connections.uses_plain_http(url):
            self.warnings.append(connections.plain_http_warning("The endpoint_url of the profile", url))

    def _connect(self) -> t.Any:
        url = self._endpoints.jobs
        parts = urlsplit(url)
        bare = bool(url) and not _takes_label(parts.hostname or "")
        # botocore prefixes the account ID to any host, and no setting disables that.
        signed_for = urlunsplit((parts.scheme, "s3-control.invalid", parts.path, "", "")) if bare else url
        client = self._session.create_client("s3control", **self._where(signed_for or None))
        events = client.meta.events
        events.register("response-received.s3-control", _keep_body)
        if bare:

            def restore_host(request: t.Any, **kwargs: t.Any) -> None:
                request.url = urlunsplit(urlsplit(request.url)._replace(netloc=parts.netloc))

            events.register("before-sign.s3-control", restore_host)
        return client

    def connect_objects(self) -> t.Any:
        """Return a client of S3, which adds checksums only if AWS requires them."""
        import botocore.config

        # Older releases of botocore add no checksums of their own, and know no such setting.
        known = botocore.config.Config.OPTION_DEFAULTS
        names = ("request_checksum_calculation", "response_checksum_validation")
        plain = botocore.config.Config(**{name: "when_required" for name in names if name in known})
        where = self._where(self._endpoints.of("s3"))
        return self._session.create_client("s3", **{**where, "config": self._config.merge(plain)})

    def _call(self, operation: str, method: t.Callable[..., t.Any], **query: t.Any) -> t.Any:
        return self.ask(operation, method, AccountId=self.account_id, **query)

    def ask(
        self,
        operation: str,
        method: t.Callable[..., t.Any],
        error_traits: t.Optional[providers.Traits] = None,
        codes: t.Mapping[str, str] = types.MappingProxyType({}),
        **query: t.Any,
    ) -> t.Any:
        """Send one request; each error of the SDK becomes a BatchError.

        :param error_traits: the traits that classify an error of the provider.
        :param codes: the SDK's name of a code to the code.
        """
        # Before the request, so that the error of a role that cannot be assumed is not that of a list.
        keys = self._keys.current()
        if self.principal == "unknown":
            self.principal = f"access key {keys.access_key}"
        try:
            answer = self.sdk.ask(operation, functools.partial(method, **query), error_traits or self.traits, codes)
        except errors.BatchError as error:
            raise errors.BatchError(self._keys.refused(error.failure)) from error
        self._keys.answered()
        return answer

    def _read(self, operation: str, answer: t.Any, parse: t.Callable[[bytes], T]) -> T:
        body = answer[_BODY]
        try:
            return parse(body)
        except parse_job_xml.ResponseError as error:
            found = parse_job_xml.parse_error(body)
            if found:
                # S3 can fail after the status line.
                said = {"Code": found["code"], "Message": found["message"]}
                metadata = {**answer.get("ResponseMetadata", {}), "RequestId": found["request_id"]}
                response = {"Error": said, "ResponseMetadata": metadata}
                raise errors.BatchError(self._keys.refused(self.sdk.refused(operation, response))) from error
            raise errors.BatchError(self.sdk.invalid_response(operation, str(error))) from error


class _Current:
    """The keys of a provider, in the form that botocore's clients require."""

    method = "objectstore.batch"
    account_id = None

    def __init__(self, keys: credential_cache.Keys) -> None:
        self._keys = keys

    def get_frozen_credentials(self) -> t.Any:
        import botocore.credentials

        keys = self._keys.used()
        return botocore.credentials.ReadOnlyCredentials(keys.access_key, keys.secret_key, keys.session_token or None)

    def get_deferred_property(self, name: str) -> t.Callable[[], t.Any]:
        return lambda: getattr(self, name, None)


def _keep_body(
    response_dict: t.Optional[t.Mapping[str, t.Any]], parsed_response: t.Optional[dict[str, t.Any]], **kwargs: t.Any
) -> None:
    """Keep the raw body in addition to the parsed one: botocore's model drops unknown operations."""
    if parsed_response is not None and response_dict is not None:
        parsed_response[_BODY] = response_dict.get("body") or b""


def _takes_label(host: str) -> bool:
    """Whether the account ID can be a label of this hostname. It cannot for an address or a bare name."""
    return "." in host and ":" not in host and not re.fullmatch("[0-9.]+", host)
