# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mock of the AWX API, limited to the requests of the AWX content. It rejects everything else.

It does not prove that a real AWX accepts the content. It enforces the known rules, so that tests find violations.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from . import rules
from .objects import ADMIN, ASSOCIATIONS, KINDS, TOKEN, UNIFIED, Controller, Item
from .refusal import Refused

if TYPE_CHECKING:
    from .runs import Runs

__all__ = ["TOKEN", "Controller", "Refused", "answer", "start"]


def answer(controller: Controller, method: str, target: str, body: Any, user: str = ADMIN) -> tuple[int, Any]:
    """Return the response of the API to a user."""
    parts = urlsplit(target)
    path = [part for part in parts.path.split("/") if part][2:]
    if method not in ("GET", "HEAD"):
        controller.writes.append(f"{method} {parts.path}")
    if path == ["ping"] or not path:
        return 200, {}
    kind, rest = path[0], path[1:]
    query = dict(parse_qsl(parts.query))
    if kind == "unified_job_templates" and not rest:
        return 200, _listed(_readable(controller, UNIFIED, user), query)
    if kind in ("jobs", "workflow_jobs", "workflow_approvals") and controller.runs and len(rest) in (1, 2):
        return _run(controller, controller.runs, method, rest, user)
    if kind not in KINDS:
        raise Refused(404, detail=f"nobody has thought of {parts.path}")
    if rest:
        return _object(controller, method, kind, rest, body, user)
    if method == "GET":
        return 200, _listed(_readable(controller, (kind,), user), _by_type(controller, kind, query))
    if user != ADMIN:
        raise Refused(403, detail="You do not have permission to perform this action.")
    return 201, controller.make(kind, body)


def _readable(controller: Controller, kinds: tuple[str, ...], user: str) -> list[Item]:
    every = [(kind, item) for kind in kinds for item in controller.items[kind].values()]
    return [item for kind, item in every if controller.may(user, "read", kind, item)]


def _by_type(controller: Controller, kind: str, query: dict[str, str]) -> dict[str, str]:
    """Replace a filter by the name of a credential type with one by its number."""
    wanted = query.pop("credential_type__name", None) if kind == "credentials" else None
    if wanted is None:
        return query
    types = controller.items["credential_types"]
    found = next((str(key) for key, item in types.items() if item["name"] == wanted), "")
    return {**query, "credential_type": found}


def _object(controller: Controller, method: str, kind: str, rest: list[str], body: Any, user: str) -> tuple[int, Any]:
    item = controller.items[kind].get(int(rest[0]))
    if item is None:
        raise Refused(404, detail="Not found.")
    if rest[1:] == ["launch"] and method == "POST" and controller.runs:
        return 201, controller.runs.launch(kind, item, user, body).shown()
    controller.require(user, "read" if method == "GET" else "change", kind, item)
    if len(rest) == 1:
        return _one(controller, method, kind, item, body)
    return _below(controller, method, kind, item, rest[1], body)


def _run(controller: Controller, runs: Runs, method: str, rest: list[str], user: str) -> tuple[int, Any]:
    if method == "POST" and rest[1:] in (["approve"], ["deny"]):
        runs.decide(int(rest[0]), user, rest[1] == "approve")
        return 204, None
    if method == "GET" and len(rest) == 1 and int(rest[0]) in runs.all:
        run = runs.all[int(rest[0])]
        kind = "workflow_job_templates" if run.kind == "workflow_job" else "job_templates"
        controller.require(user, "read", kind, run.template)
        return 200, run.shown()
    raise Refused(404, detail="Not found.")


def _listed(items: list[Item], query: dict[str, str]) -> Item:
    known = {"name", "organization", "inventory", "type", "identifier", "workflow_job_template", "page_size"}
    known |= {"unified_job_template", "project", "or__id", "or__name", "credential_type"}
    unknown = sorted(set(query) - known)
    if unknown:
        raise Refused(400, detail=f"no filter {', '.join(unknown)}")
    wanted = {name: value for name, value in query.items() if name != "page_size" and not name.startswith("or__")}
    either = {name[4:]: value for name, value in query.items() if name.startswith("or__")}
    found = [
        item
        for item in items
        if all(str(item.get(name)) == value for name, value in wanted.items())
        and (not either or any(str(item.get(name)) == value for name, value in either.items()))
    ]
    return {"count": len(found), "next": None, "previous": None, "results": found}


def _one(controller: Controller, method: str, kind: str, item: Item, body: Any) -> tuple[int, Any]:
    if method == "GET":
        return 200, item
    if method == "PATCH":
        return 200, controller.change(item, kind, body)
    if method == "DELETE":
        if kind == "credential_types" and controller.holding(item):
            raise Refused(403, detail="Credential types that are in use cannot be deleted")
        del controller.items[kind][item["id"]]
        if kind == "inventories":
            sources = controller.items["inventory_sources"]
            for source in [source for source in sources.values() if source["inventory"] == item["id"]]:
                del sources[source["id"]]
        if kind == "workflow_job_templates":
            nodes = controller.items["workflow_job_template_nodes"]
            for node in [node for node in nodes.values() if node["workflow_job_template"] == item["id"]]:
                del nodes[node["id"]]
                controller.items["workflow_approval_templates"].pop(node.get("unified_job_template"), None)
        return 204, None
    raise Refused(405, detail=method)


def _below(controller: Controller, method: str, kind: str, item: Item, name: str, body: Any) -> tuple[int, Any]:
    if name == "survey_spec" and kind in ("job_templates", "workflow_job_templates"):
        if method == "POST":
            wrong = rules.survey(body)
            if wrong:
                raise Refused(400, error=wrong)
            controller.surveys[item["id"]] = body
        return 200, controller.surveys.get(item["id"], {})
    if name == "create_approval_template" and kind == "workflow_job_template_nodes" and method == "POST":
        own = {key: value for key, value in body.items() if key in ("name", "description", "timeout")}
        made = controller.make("workflow_approval_templates", own)
        item["unified_job_template"] = made["id"]
        item["related"]["unified_job_template"] = made["url"]
        return 201, made
    if name in ASSOCIATIONS.get(kind, ()):
        return _associated(controller, method, kind, item, name, body)
    raise Refused(404, detail=f"nobody has thought of {method} {name} of {kind}")


def _associated(controller: Controller, method: str, kind: str, item: Item, name: str, body: Any) -> tuple[int, Any]:
    linked = controller.links.setdefault((kind, item["id"], name), [])
    if method == "GET":
        return 200, {"count": len(linked), "next": None, "results": [{"id": number} for number in linked]}
    if method != "POST":
        raise Refused(405, detail=method)
    number = int(body["id"])
    if body.get("disassociate"):
        linked.remove(number)
    elif kind == "inventory_sources" and (linked or item.get("credential")):
        raise Refused(400, msg="Source already has credential assigned.")
    elif number not in linked:
        linked.append(number)
    return 204, None


class _Handler(BaseHTTPRequestHandler):
    controller: Controller

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        user = self.controller.tokens.get((self.headers.get("Authorization") or "").partition("Bearer ")[2])
        if user is None:
            status, found = 401, {"detail": "Authentication credentials were not provided."}
        else:
            try:
                status, found = answer(self.controller, self.command, self.path, body, user)
            except Refused as error:
                status, found = error.status, error.detail
        text = b"" if found is None else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("X-API-Product-Name", "AWX")
        self.send_header("X-API-Product-Version", "24.6.1")
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_DELETE = _serve

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing."""


@contextmanager
def start(controller: Controller) -> Iterator[str]:
    """Serve a controller on loopback, and return its URL."""
    handler = type("Handler", (_Handler,), {"controller": controller})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
