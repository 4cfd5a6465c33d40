# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of AWX's API as the kit needs, and no more: what it does not know it refuses.

It is no proof that a real AWX takes the kit; it enforces the rules that are known, so that breaking one is seen here.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import notifications, rules

Item = dict[str, Any]
TOKEN = "stand-in-token-not-real"
# Kind: (fields that have to be there, fields that may be, what makes it one of its kind).
KINDS: dict[str, tuple[set[str], set[str], tuple[str, ...]]] = {
    "organizations": ({"name"}, {"description"}, ("name",)),
    "credentials": ({"name"}, {"description", "organization", "credential_type"}, ("name",)),
    "credential_types": ({"name", "kind"}, {"description", "inputs", "injectors", "managed"}, ("name",)),
    "execution_environments": ({"name", "image"}, {"description", "pull", "organization"}, ("name",)),
    "notification_templates": (
        {"name", "organization", "notification_type", "notification_configuration"},
        {"description", "messages"},
        ("name", "organization"),
    ),
    "projects": (
        {"name", "organization"},
        {
            *("description", "scm_type", "scm_url", "scm_branch", "scm_update_on_launch", "credential"),
            *("default_environment",),
        },
        ("name", "organization"),
    ),
    "inventories": ({"name", "organization"}, {"description", "kind", "host_filter"}, ("name", "organization")),
    "inventory_sources": (
        {"name", "inventory", "source"},
        {
            *("description", "source_project", "source_path", "credential", "execution_environment", "overwrite"),
            *("overwrite_vars", "update_on_launch", "update_cache_timeout"),
        },
        ("name", "inventory"),
    ),
    "job_templates": (
        {"name", "project", "playbook"},
        {
            *("description", "inventory", "job_type", "diff_mode", "survey_enabled", "extra_vars", "forks"),
            *("execution_environment", "ask_limit_on_launch", "allow_simultaneous", "job_slice_count"),
            # Read-only there: it is the project's; a value is left aside.
            "organization",
        },
        ("name", "project"),
    ),
    "workflow_job_templates": (
        {"name"},
        {"description", "organization", "inventory", "allow_simultaneous", "ask_limit_on_launch"},
        ("name", "organization"),
    ),
    "workflow_job_template_nodes": (
        {"workflow_job_template", "identifier"},
        {"unified_job_template"},
        ("workflow_job_template", "identifier"),
    ),
    "workflow_approval_templates": ({"name"}, {"description", "timeout"}, ("name",)),
    "schedules": ({"name", "unified_job_template", "rrule"}, {"description"}, ("name", "unified_job_template")),
}
REFERENCES = {
    "organization": "organizations",
    "project": "projects",
    "source_project": "projects",
    "inventory": "inventories",
    "credential": "credentials",
    "credential_type": "credential_types",
    "execution_environment": "execution_environments",
    "default_environment": "execution_environments",
    "workflow_job_template": "workflow_job_templates",
}
UNIFIED = ("job_templates", "workflow_job_templates", "projects", "inventory_sources", "workflow_approval_templates")
ASSOCIATIONS = {
    "job_templates": {"credentials", "notification_templates_success", "notification_templates_error"},
    "workflow_job_template_nodes": {"success_nodes", "always_nodes", "failure_nodes"},
}


class Refused(Exception):
    """A request that AWX would not take, or that nobody has thought of."""

    def __init__(self, status: int, **detail: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Controller:
    """The objects of one controller."""

    def __init__(self) -> None:
        self.items: dict[str, dict[int, Item]] = {kind: {} for kind in KINDS}
        self.surveys: dict[int, Any] = {}
        self.links: dict[tuple[str, int, str], list[int]] = {}
        self.writes: list[str] = []
        self._last = 0
        self.make("organizations", {"name": "Default"})

    def names(self) -> dict[str, list[str]]:
        """Everything that somebody has made, by kind."""
        shown = {kind: sorted(str(item["name"]) for item in found.values()) for kind, found in self._made()}
        return {kind: names for kind, names in shown.items() if names}

    def _made(self) -> Iterator[tuple[str, dict[int, Item]]]:
        for kind, found in self.items.items():
            if kind not in ("organizations", "credentials", "workflow_job_template_nodes"):
                yield kind, found

    def holding(self, credential_type: Item) -> list[Item]:
        """The credentials of a type."""
        made = self.items["credentials"].values()
        return [item for item in made if item.get("credential_type") == credential_type["id"]]

    def make(self, kind: str, data: Item) -> Item:
        needed, allowed, key = KINDS[kind]
        self._check(kind, data, needed | allowed)
        missing = sorted(name for name in needed if data.get(name) in (None, ""))
        if missing:
            raise Refused(400, **{name: ["This field is required."] for name in missing})
        if [item for item in self.items[kind].values() if all(item.get(name) == data.get(name) for name in key)]:
            raise Refused(400, __all__=[f"{kind} with this {' and '.join(key)} already exists."])
        self._last += 1
        url = f"/api/v2/{kind}/{self._last}/"
        related = {"survey_spec": f"{url}survey_spec/"} if kind in ("job_templates", "workflow_job_templates") else {}
        item = {
            **data,
            "id": self._last,
            "type": kind.rstrip("s"),
            "url": url,
            "related": related,
            "summary_fields": {},
        }
        if kind == "projects":
            item["scm_revision"] = "0" * 40
        self.items[kind][self._last] = item
        return item

    def change(self, item: Item, kind: str, data: Item) -> Item:
        needed, allowed, _key = KINDS[kind]
        # The modules send an approval's node along; AWX leaves aside what a template has no field for.
        extra = {"identifier", "workflow_job_template", "unified_job_template"} & set(data)
        own = {
            name: value for name, value in data.items() if kind != "workflow_approval_templates" or name not in extra
        }
        self._check(kind, own, needed | allowed)
        item.update(own)
        return item

    def _check(self, kind: str, data: Item, allowed: set[str]) -> None:
        unknown = sorted(set(data) - allowed)
        if unknown:
            raise Refused(400, detail=f"{kind} has no {', '.join(unknown)}")
        for name, target in REFERENCES.items():
            if data.get(name) and int(data[name]) not in self.items[target]:
                raise Refused(400, **{name: ["Invalid pk, object does not exist."]})
        wrong: list[str] = []
        if kind == "credential_types":
            wrong += rules.inputs(data.get("inputs", {}))
            fields = {field["id"] for field in data.get("inputs", {}).get("fields", [])}
            wrong += rules.injectors(data.get("injectors", {}), fields) if "inputs" in data else []
        if kind == "notification_templates":
            wrong += notifications.messages(data.get("messages"))
        if kind == "schedules" and "rrule" in data:
            wrong += rules.rrule(data["rrule"])
        if kind == "job_templates" and data.get("extra_vars"):
            json.loads(data["extra_vars"])
        if wrong:
            raise Refused(400, detail=wrong)


def answer(controller: Controller, method: str, target: str, body: Any) -> tuple[int, Any]:
    """What the API answers."""
    parts = urlsplit(target)
    path = [part for part in parts.path.split("/") if part][2:]
    if method not in ("GET", "HEAD"):
        controller.writes.append(f"{method} {parts.path}")
    if path == ["ping"] or not path:
        return 200, {}
    kind, rest = path[0], path[1:]
    if kind == "unified_job_templates" and not rest:
        found = [item for name in UNIFIED for item in controller.items[name].values()]
        return 200, _listed(found, dict(parse_qsl(parts.query)))
    if kind not in KINDS:
        raise Refused(404, detail=f"nobody has thought of {parts.path}")
    if not rest:
        if method == "GET":
            query = dict(parse_qsl(parts.query))
            if kind == "credentials" and "credential_type__name" in query:
                types = controller.items["credential_types"]
                wanted = query.pop("credential_type__name")
                query["credential_type"] = next((str(key) for key, item in types.items() if item["name"] == wanted), "")
            return 200, _listed(list(controller.items[kind].values()), query)
        return 201, controller.make(kind, body)
    item = controller.items[kind].get(int(rest[0]))
    if item is None:
        raise Refused(404, detail="Not found.")
    if len(rest) == 1:
        return _one(controller, method, kind, item, body)
    return _below(controller, method, kind, item, rest[1], body)


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
        linked = controller.links.setdefault((kind, item["id"], name), [])
        if method == "GET":
            return 200, {"count": len(linked), "next": None, "results": [{"id": number} for number in linked]}
        if method == "POST":
            number = int(body["id"])
            if body.get("disassociate"):
                linked.remove(number)
            elif number not in linked:
                linked.append(number)
            return 204, None
    raise Refused(404, detail=f"nobody has thought of {method} {name} of {kind}")


class _Handler(BaseHTTPRequestHandler):
    controller: Controller

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length) or b"null")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, found = 401, {"detail": "Authentication credentials were not provided."}
        else:
            try:
                status, found = answer(self.controller, self.command, self.path, body)
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
        """Say nothing."""


@contextmanager
def start(controller: Controller) -> Iterator[str]:
    """Serve a controller on loopback; its address."""
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
