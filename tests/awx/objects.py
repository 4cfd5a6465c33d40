# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a controller: their fields, what AWX rejects, and the permissions of users."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from . import notifications, rules
from .refusal import Refused

if TYPE_CHECKING:
    from .runs import Runs

Item = dict[str, Any]
TOKEN = "stand-in-token-not-real"
ADMIN = "admin"
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
        {"unified_job_template", "extra_data"},
        ("workflow_job_template", "identifier"),
    ),
    "workflow_approval_templates": ({"name"}, {"description", "timeout"}, ("name",)),
    "schedules": (
        {"name", "unified_job_template", "rrule"},
        {"description", "extra_data"},
        ("name", "unified_job_template"),
    ),
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
    "inventory_sources": {"credentials"},
}
ROLES = {
    "read": {"read_role", "execute_role", "approval_role", "admin_role"},
    "start": {"execute_role", "admin_role"},
    "approve": {"approval_role", "admin_role"},
    "change": {"admin_role"},
}
"""What a user can do with an object, and the roles that allow it (AWX 24.6.1, awx/main/access.py, models/rbac.py)."""


class Controller:
    """The objects of one controller."""

    def __init__(self) -> None:
        self.items: dict[str, dict[int, Item]] = {kind: {} for kind in KINDS}
        self.surveys: dict[int, Any] = {}
        self.links: dict[tuple[str, int, str], list[int]] = {}
        self.writes: list[str] = []
        self.tokens = {TOKEN: ADMIN}
        self.roles: set[tuple[str, str, str, int]] = set()
        """User, role, kind, and the number of the object."""
        self.runs: Runs | None = None
        self._last = 0
        self.make("organizations", {"name": "Default"})

    def names(self) -> dict[str, list[str]]:
        """Return the names of all created objects by kind."""
        shown = {kind: sorted(str(item["name"]) for item in found.values()) for kind, found in self._made()}
        return {kind: names for kind, names in shown.items() if names}

    def _made(self) -> Iterator[tuple[str, dict[int, Item]]]:
        for kind, found in self.items.items():
            if kind not in ("organizations", "credentials", "workflow_job_template_nodes"):
                yield kind, found

    def holding(self, credential_type: Item) -> list[Item]:
        """Return the credentials of a type."""
        made = self.items["credentials"].values()
        return [item for item in made if item.get("credential_type") == credential_type["id"]]

    def may(self, user: str, action: str, kind: str, item: Item) -> bool:
        """Return whether a user can do something with an object. An administrator can do everything."""
        return user == ADMIN or any((user, role, kind, item["id"]) in self.roles for role in ROLES[action])

    def require(self, user: str, action: str, kind: str, item: Item) -> None:
        """:raises Refused: the user has no permission."""
        if not self.may(user, action, kind, item):
            raise Refused(403, detail="You do not have permission to perform this action.")

    def unified(self, number: int) -> tuple[str, Item]:
        """Return the kind and the object that a node or a schedule starts."""
        return next((kind, self.items[kind][number]) for kind in UNIFIED if number in self.items[kind])

    def survey(self, template: Item) -> list[Item]:
        """Return the questions of a template."""
        spec = self.surveys.get(template["id"]) or {}
        return list(spec.get("spec", [])) if template.get("survey_enabled") else []

    def answers(self, template: Item, given: Item) -> tuple[list[str], set[str]]:
        """Return the errors in survey answers, and the variables that the template does not prompt for."""
        spec = self.survey(template)
        return rules.answers(spec, given), set(given) - {question["variable"] for question in spec}

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
        if data.get("unified_job_template") and kind in ("schedules", "workflow_job_template_nodes"):
            given = data.get("extra_data") or {}
            missing, refused = self.answers(self.unified(int(data["unified_job_template"]))[1], given)
            # A workflow or its start can give what a node lacks; a schedule has to answer.
            wrong += [text for text in missing if kind == "schedules" or "value missing" not in text]
            wrong += [f"Variables {name} are not allowed on launch." for name in sorted(refused)]
        if kind == "job_templates" and data.get("extra_vars"):
            json.loads(data["extra_vars"])
        if wrong:
            raise Refused(400, detail=wrong)
