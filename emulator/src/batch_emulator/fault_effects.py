# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each fault does. An effect decides whether and when the operation runs, and what the client gets to see."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from . import documents
from .errors import ApiError
from .messages import Answer, Dropped

if TYPE_CHECKING:
    from .exchange import Exchange

Args = dict[str, Any]
Act = Callable[["Exchange", Args], Awaitable[Answer]]

_HTML = b"<html><head><title>Gateway</title></head><body><h1>This is not the service you wanted</h1></body></html>"


UPDATES = ("UpdateJobPriority", "UpdateJobStatus")
READS = ("DescribeJob", "ListJobs")


@dataclass(frozen=True)
class Effect:
    act: Act
    # Arguments and their defaults
    args: Args
    # The operations that it makes sense for; empty: all of them. A fault that names an operation overrides this.
    on: tuple[str, ...]


EFFECTS: dict[str, Effect] = {}


def effect(name: str, on: tuple[str, ...] = (), **args: Any) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        EFFECTS[name] = Effect(act, args, on)
        return act

    return register


def _refused(exchange: Exchange, kind: str, args: Args) -> Answer:
    """The cloud's usual refusal, reshaped by the arguments that are given."""
    error = exchange.refusal(kind)
    error.code = args.get("code") or error.code
    error.status = args.get("http_status") or error.status
    error.message = args.get("message") or error.message
    if args.get("retry_after") is not None:
        error.headers["Retry-After"] = str(args["retry_after"])
    return exchange.refuse(error)


@effect("throttle", code=None, http_status=None, retry_after=None)
async def _throttle(exchange: Exchange, args: Args) -> Answer:
    return _refused(exchange, "throttle", args)


@effect("internal_error", applied=False)
async def _internal_error(exchange: Exchange, args: Args) -> Answer:
    if args["applied"]:
        exchange.apply()
    return _refused(exchange, "internal_error", {})


@effect("unavailable", http_status=None, retry_after=None)
async def _unavailable(exchange: Exchange, args: Args) -> Answer:
    return _refused(exchange, "unavailable", args)


@effect("drop_before")
async def _drop_before(exchange: Exchange, args: Args) -> Answer:
    raise Dropped


@effect("drop_after")
async def _drop_after(exchange: Exchange, args: Args) -> Answer:
    exchange.apply()
    raise Dropped


@effect("late", seconds=1.0)
async def _late(exchange: Exchange, args: Args) -> Answer:
    answer = exchange.apply()
    await exchange.wait(args["seconds"])
    return answer


@effect("late_before", seconds=1.0)
async def _late_before(exchange: Exchange, args: Args) -> Answer:
    await exchange.wait(args["seconds"])
    return exchange.apply()


@effect("barrier", parties=None, applied=False)
async def _barrier(exchange: Exchange, args: Args) -> Answer:
    """Hold requests until so many of them are here, or until a test releases them."""
    answer = exchange.apply() if args["applied"] else None
    await exchange.wait(None, args["parties"])
    return answer or exchange.apply()


@effect("truncated", midway=False)
async def _truncated(exchange: Exchange, args: Args) -> Answer:
    answer = exchange.apply()
    half = len(answer.body) // 2
    if args["midway"]:
        answer.cut_at = half
    else:
        answer.body = answer.body[:half]
    return answer


@effect("html", http_status=502, applied=False)
async def _html(exchange: Exchange, args: Args) -> Answer:
    if args["applied"]:
        exchange.apply()
    return Answer(args["http_status"], _HTML, "text/html")


@effect("empty_body", applied=True)
async def _empty_body(exchange: Exchange, args: Args) -> Answer:
    if args["applied"]:
        exchange.apply()
    return Answer()


@effect("clock_skew")
async def _clock_skew(exchange: Exchange, args: Args) -> Answer:
    return _refused(exchange, "clock_skew", {})


@effect("denied", code=None, message=None)
async def _denied(exchange: Exchange, args: Args) -> Answer:
    return _refused(exchange, "denied", args)


@effect("expired_token")
async def _expired_token(exchange: Exchange, args: Args) -> Answer:
    return _refused(exchange, "expired_token", {})


@effect("keys_expire")
async def _keys_expire(exchange: Exchange, args: Args) -> Answer:
    """The keys that roles have handed out end at this moment, and the request that was signed with them is refused."""
    exchange.world.renew_keys()
    return _refused(exchange, "expired_token", {})


@effect("odd_keys", changes={}, on=("InstanceRole", "AssumeRole", "AssumeRoleWithOIDC"))
async def _odd_keys(exchange: Exchange, args: Args) -> Answer:
    """The usual JSON answer with other values; a name with a dot is one in an object. Other answers stay the same."""
    answer = exchange.apply()
    if answer.body.startswith(b"{"):
        content = json.loads(answer.body)
        for name, value in args["changes"].items():
            folder, _unused, last = name.rpartition(".")
            (content[folder] if folder else content)[last] = value
        answer.body = json.dumps(content).encode()
    return answer


@effect("redirect", http_status=301, location="http://another-region.invalid/")
async def _redirect(exchange: Exchange, args: Args) -> Answer:
    message = "The API operation you are attempting to access must be addressed using the specified endpoint."
    headers = {"Location": args["location"]}
    return exchange.refuse(ApiError("PermanentRedirectControlError", args["http_status"], message, headers))


@effect("ended_in_between", on=UPDATES, job_ids=None, status="Complete")
async def _ended_in_between(exchange: Exchange, args: Args) -> Answer:
    """The named jobs (without names: the one that the request is about) end just before the operation runs."""
    exchange.world.scheduler.run()
    for job_id in args["job_ids"] or [exchange.call.job_id]:
        job = exchange.world.store.jobs.get(job_id)
        if job is not None:
            exchange.world.scheduler.enter(job, args["status"], exchange.world.clock.now())
    return exchange.apply()


@effect("wrong_priority", on=("UpdateJobPriority",), priority=0, stored=None)
async def _wrong_priority(exchange: Exchange, args: Args) -> Answer:
    """The response contains one priority, but another one, or the old one, is stored."""
    job = exchange.job()
    exchange.call.shown_priority = args["priority"]
    exchange.call.stored_priority = args["stored"]
    if args["stored"] is None and job is not None:
        exchange.call.stored_priority = job.priority
    answer = exchange.apply()
    exchange.entry.applied = exchange.entry.applied and args["stored"] is not None
    return answer


@effect("stale_read", on=READS)
async def _stale_read(exchange: Exchange, args: Args) -> Answer:
    """Describe and List show the priorities from before the last change."""
    exchange.call.stale = True
    return exchange.apply()


@effect("bare_error", code="InternalError", http_status=500, message="An error without its envelope.")
async def _bare_error(exchange: Exchange, args: Args) -> Answer:
    error = ApiError(args["code"], args["http_status"], args["message"])
    return exchange.refuse(error, bare=True)


@effect("raw", http_status=400, code="UnknownError", message="", applied=False, retry_after=None)
async def _raw(exchange: Exchange, args: Args) -> Answer:
    if args["applied"]:
        exchange.apply()
    headers = {} if args["retry_after"] is None else {"Retry-After": str(args["retry_after"])}
    return exchange.refuse(ApiError(args["code"], args["http_status"], args["message"], headers))


@effect("error_200", code="InternalError", message="We encountered an internal error. Please try again.", applied=False)
async def _error_200(exchange: Exchange, args: Args) -> Answer:
    """An error that is found out after the status line was sent."""
    if args["applied"]:
        exchange.apply()
    return exchange.refuse(ApiError(args["code"], 200, args["message"]))


@effect("late_write", on=UPDATES, seconds=1.0)
async def _late_write(exchange: Exchange, args: Args) -> Answer:
    """The connection breaks at once, and the change is made later: after others, or after the client has looked."""

    async def land() -> None:
        with contextlib.suppress(Dropped):
            await exchange.wait(args["seconds"], connected=False)
            exchange.apply()

    # The loop keeps no strong reference to its tasks.
    exchange.world.landing.add(task := asyncio.ensure_future(land()))
    task.add_done_callback(exchange.world.landing.discard)
    raise Dropped


@effect("drip", seconds=0.1)
async def _drip(exchange: Exchange, args: Args) -> Answer:
    answer = exchange.apply()
    answer.drip = exchange.waiting(args["seconds"], args["seconds"] * len(answer.body))
    return answer


@effect("huge", megabytes=64)
async def _huge(exchange: Exchange, args: Args) -> Answer:
    return Answer(body=b"<Result><!--" + b"x" * (args["megabytes"] * 2**20) + b"--></Result>")


@effect("gzip_bomb", megabytes=256)
async def _gzip_bomb(exchange: Exchange, args: Args) -> Answer:
    return Answer(body=_compressed(args["megabytes"]), headers={"Content-Encoding": "gzip"})


@lru_cache(maxsize=2)
def _compressed(megabytes: int) -> bytes:
    return gzip.compress(b"x" * (megabytes * 2**20), compresslevel=1)


@effect("nested", depth=3000)
async def _nested(exchange: Exchange, args: Args) -> Answer:
    """The usual answer, with nodes inside one another in its job, or in its root where it has none."""
    answer = exchange.apply()
    nodes = b"<New>" + b"<a>" * args["depth"] + b"</a>" * args["depth"] + b"</New>"
    ends = [answer.body.find(end) for end in (b"</Job>", b"</member>", b"</JobListDescriptor>")]
    at = next((place for place in ends if place >= 0), answer.body.rfind(b"</"))
    answer.body = answer.body[:at] + nodes + answer.body[at:]
    return answer


@effect("doctype", megabytes=4, uses=95, encoding="utf-8", http_status=200)
async def _doctype(exchange: Exchange, args: Args) -> Answer:
    """The usual answer, or an error, with an entity that its document type declares and its text uses many times.

    Source: XML 1.0, section 4.1 (entity references); the attack is known as quadratic blowup.
    """
    error = ApiError("AccessDenied", args["http_status"], "An error with an entity.")
    answer = exchange.refuse(error) if args["http_status"] != 200 else exchange.apply()
    declared = f'<!DOCTYPE a [<!ENTITY e "{"x" * (args["megabytes"] * 2**20)}">]>'.encode()
    start = answer.body.find(b"?>") + 2 if answer.body.startswith(b"<?xml") else 0
    ends = (b"</Message>", b"</Description>", b"</JobId>", b"</Account>", b"</regionName>")
    at = next((place for place in map(answer.body.find, ends) if place >= 0), len(answer.body))
    whole = declared + answer.body[start:at] + b"&e;" * args["uses"] + answer.body[at:]
    answer.body = f'<?xml version="1.0" encoding="{args["encoding"]}"?>{whole.decode()}'.encode(args["encoding"])
    return answer


@effect("other_xml")
async def _other_xml(exchange: Exchange, args: Args) -> Answer:
    return Answer(body=documents.document("SomethingElse", documents.node("Hello", "world")))


@effect("echo", http_status=403, code="AccessDenied")
async def _echo(exchange: Exchange, args: Args) -> Answer:
    """A server that shows what it was sent, secrets and signature included."""
    sent = "; ".join(f"{name}: {', '.join(values)}" for name, values in exchange.request.headers.items())
    return exchange.refuse(ApiError(args["code"], args["http_status"], f"You sent {sent}"))


@effect("no_range", on=("GetObject",))
async def _no_range(exchange: Exchange, args: Args) -> Answer:
    """The whole object for a request for a part of it, as servers answer that know no ranges."""
    exchange.request.headers.pop("range", None)
    return exchange.apply()


_TOKEN = re.compile(rb"<NextToken>[^<]*</NextToken>|<NextToken/>")


def _followed(exchange: Exchange, answer: Answer, token: str) -> Answer:
    """The response with another page token."""
    body = _TOKEN.sub(b"", answer.body)
    at = body.rfind(b"</")
    answer.body = body[:at] + documents.node("NextToken", token).encode() + body[at:]
    return answer


def _alias(exchange: Exchange) -> str:
    """A new token that leads to the page that was just requested."""
    token = uuid.uuid4().hex
    asked = exchange.call.first("nextToken")
    exchange.world.tokens[token] = exchange.world.tokens.get(asked, asked) if asked else None
    return token


@effect("repeated_token", on=("ListJobs",))
async def _repeated_token(exchange: Exchange, args: Args) -> Answer:
    """The page contains the token of its own request; the first page contains a token that leads to itself."""
    return _followed(exchange, exchange.apply(), exchange.call.first("nextToken") or _alias(exchange))


@effect("repeated_page", on=("ListJobs",))
async def _repeated_page(exchange: Exchange, args: Args) -> Answer:
    """The page names a new token, which leads to the same page again."""
    return _followed(exchange, exchange.apply(), _alias(exchange))


@effect("empty_page", on=("ListJobs",))
async def _empty_page(exchange: Exchange, args: Args) -> Answer:
    """A page without jobs before the requested one, as services with filters send it."""
    answer = exchange.apply()
    answer.body = re.sub(rb"<Jobs>.*</Jobs>", b"<Jobs/>", answer.body, flags=re.DOTALL)
    return _followed(exchange, answer, _alias(exchange))


@effect("shifted_page", on=("ListJobs",), jobs=1)
async def _shifted_page(exchange: Exchange, args: Args) -> Answer:
    """The page repeats the last jobs of the previous page, and lacks the same number, as in a list with a new order.

    No provider documents an order of its list, or guarantees the same order on all pages.
    """
    exchange.call.repeated = args["jobs"]
    return exchange.apply()


_PRIORITY = re.compile(rb"<Priority>([0-9]+)</Priority>")


@effect("no_priority", on=("ListJobs",), zero_only=False)
async def _no_priority(exchange: Exchange, args: Args) -> Answer:
    """The response lacks all priorities, or priorities of 0: cos-go-sdk-v5 (batch.go) marks the node `omitempty`."""
    answer = exchange.apply()

    def shown(found: re.Match[bytes]) -> bytes:
        return found[0] if args["zero_only"] and int(found[1]) else b""

    answer.body = _PRIORITY.sub(shown, answer.body)
    return answer


_NEXT = re.compile(rb"<(Next(?:ContinuationToken|Marker|KeyMarker|VersionIdMarker))>[^<]*</\1>")
_ITEM = re.compile(rb"<(Contents|Version)>.*?</\1>", re.DOTALL)
_CUT = (b"<IsTruncated>false</IsTruncated>", b"<IsTruncated>true</IsTruncated>")


@effect("odd_list", on=("ListObjects", "ListObjectVersions"), kind="no_token")
async def _odd_list(exchange: Exchange, args: Args) -> Answer:
    """A list of objects that cannot be complete, or lacks what the documents promise.

    no_token: announces a page without its token. same_page: each page leads back to the first one. unordered, same_key:
    the order of the keys. unstated: no IsTruncated. no_key, no_class: an object lacks it.
    """
    answer = exchange.apply()
    body = answer.body
    if args["kind"] == "no_token":
        body = _NEXT.sub(b"", body).replace(*_CUT)
    elif args["kind"] == "same_page":
        # The token of S3 and OSS for what follows a key that is less than any other, and the key itself.
        token = b"<NextContinuationToken>YWZ0ZXIgIQ</NextContinuationToken><NextMarker>!</NextMarker>"
        token = token.replace(b"IgIQ", b"IgIQ%3D%3D" if exchange.dialect.provider == "oss" else b"IgIQ==")
        token += b"<NextKeyMarker>!</NextKeyMarker><NextVersionIdMarker>null</NextVersionIdMarker>"
        body = _NEXT.sub(b"", body).replace(_CUT[0], _CUT[1] + token)
    elif args["kind"] in ("unordered", "same_key"):
        items = [found[0] for found in _ITEM.finditer(body)]
        new = items[::-1] if args["kind"] == "unordered" else [*items, *items[-1:]]
        if items:
            start, end = body.index(items[0]), body.rindex(items[-1]) + len(items[-1])
            body = body[:start] + b"".join(new) + body[end:]
    elif args["kind"] == "unstated":
        body = re.sub(rb"<IsTruncated>.*?</IsTruncated>", b"", body)
    elif args["kind"] == "no_key":
        body = re.sub(rb"<Key>[^<]*</Key>", b"", body)
    else:
        body = re.sub(rb"<StorageClass>[^<]*</StorageClass>", b"", body)
    answer.body = body
    return answer
