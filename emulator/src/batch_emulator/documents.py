# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading and writing the XML of jobs, as far as the clouds agree on it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from xml.sax.saxutils import escape

from . import progress
from .clock import iso
from .errors import ApiError
from .jobs import Job

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


# What XML 1.0 cannot carry, not even escaped.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def node(name: str, value: object) -> str:
    """One element; nothing at all for None."""
    return "" if value is None else f"<{name}>{escape(_FORBIDDEN.sub('?', str(value)))}</{name}>"


def flag(value: bool) -> str:
    return "true" if value else "false"


def document(root: str, content: str, namespace: str = "") -> bytes:
    attribute = f' xmlns="{namespace}"' if namespace else ""
    return f"{DECLARATION}<{root}{attribute}>{content}</{root}>".encode()


def priority(job: Job, stale: bool) -> str:
    if job.omit_priority:
        return ""
    old = job.previous_priority
    return f"<Priority>{old if stale and old is not None else job.priority}</Priority>"


def moment(name: str, value: float | None, millis: str) -> str:
    """S3 prints milliseconds, COS does not."""
    return "" if value is None else f"<{name}>{iso(value)[:-1]}{millis}Z</{name}>"


def summary(job: Job, now: float, timers: bool) -> str:
    done, failed = progress.tasks(job, now)
    total = node("TotalNumberOfTasks", job.tasks_total)
    elapsed = ""
    if timers:
        seconds = int(progress.active_seconds(job, now))
        elapsed = f"<Timers><ElapsedTimeInActiveSeconds>{seconds}</ElapsedTimeInActiveSeconds></Timers>"
    return (
        f"<ProgressSummary>{total}<NumberOfTasksSucceeded>{done - failed}</NumberOfTasksSucceeded>"
        f"<NumberOfTasksFailed>{failed}</NumberOfTasksFailed>{elapsed}</ProgressSummary>"
    )


def parse(body: bytes, root: str) -> ET.Element:
    """The root of a request body, without namespaces."""
    if not body.strip():
        raise ApiError("InvalidRequest", 400, "The request has no body.")
    # A document type could make the parser expand entities without end; no client sends one.
    if b"<!DOCTYPE" in body:
        raise ApiError("MalformedXML", 400, "Document types are not accepted.")
    try:
        tree = ET.fromstring(body)
    except ET.ParseError:
        raise ApiError("MalformedXML", 400, "The XML you provided was not well-formed.") from None
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    if tree.tag != root:
        raise ApiError("MalformedXML", 400, f"The root of the request must be {root}, not {tree.tag}.")
    return tree


def keep(tree: ET.Element, names: Iterable[str]) -> dict[str, str]:
    """The named children as text, to be given back as they came."""
    found = ((name, tree.find(name)) for name in names)
    return {name: ET.tostring(child, encoding="unicode").strip() for name, child in found if child is not None}


def text(tree: ET.Element, path: str) -> str | None:
    child = tree.find(path)
    return None if child is None else (child.text or "")
