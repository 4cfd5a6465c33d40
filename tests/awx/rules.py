# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX rejects: surveys, credential types, and rules of schedules.

Sources: AWX 24.6.1, awx/api/views (JobTemplateSurveySpec), awx/main/models/mixins.py (answers and defaults),
awx/main/fields.py (CredentialTypeInputField, CredentialTypeInjectorField), awx/api/serializers.py (validate_rrule).
"""

from __future__ import annotations

import re
from typing import Any

KINDS = {"text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float"}
BLOCKED = {
    *("VIRTUAL_ENV", "PATH", "PYTHONPATH", "JOB_ID", "INVENTORY_ID", "INVENTORY_SOURCE_ID", "INVENTORY_UPDATE_ID"),
    *("AD_HOC_COMMAND_ID", "REST_API_URL", "REST_API_TOKEN", "MAX_EVENT_RES", "CALLBACK_QUEUE", "CALLBACK_CONNECTION"),
    *("CACHE", "JOB_CALLBACK_DEBUG", "INVENTORY_HOSTVARS", "AWX_HOST", "PROJECT_REVISION", "SUPERVISOR_CONFIG_PATH"),
}


def survey(spec: Any) -> list[str]:
    """Return the errors in a survey."""
    if not isinstance(spec, dict):
        return ["a survey is a dictionary"]
    wrong = [f"{name} is missing" for name in ("name", "description") if not isinstance(spec.get(name), str)]
    questions = spec.get("spec")
    if not isinstance(questions, list) or not questions:
        return [*wrong, "spec is empty"]
    seen: set[str] = set()
    for number, question in enumerate(questions):
        wrong += [f"{number}: {text}" for text in _question(question, seen)]
    return wrong


def _question(question: dict[str, Any], seen: set[str]) -> list[str]:
    wrong = [
        f"{name} is no text"
        for name in ("type", "question_name", "variable")
        if not isinstance(question.get(name), str) or not question[name]
    ]
    if not isinstance(question.get("required"), bool):
        wrong.append("required is no boolean")
    variable, kind, default = question.get("variable"), question.get("type"), question.get("default", "")
    if variable in seen:
        wrong.append(f"{variable} is asked twice")
    seen.add(str(variable))
    if kind not in KINDS:
        wrong.append(f"{kind} is no type")
    wrong += [
        f"{name} is no integer"
        for name in ("min", "max")
        if question.get(name) is not None and (isinstance(question[name], bool) or not isinstance(question[name], int))
    ]
    if kind == "integer" and default != "" and (isinstance(default, bool) or not isinstance(default, int)):
        wrong.append("the default is no integer")
    if kind in ("text", "textarea") and not isinstance(default, str):
        wrong.append("the default is no text")
    if kind in ("multiplechoice", "multiselect"):
        listed = _choices(question)
        if not listed:
            wrong.append("there are no choices")
        wrong += [f"{line!r} is no choice" for line in str(default).splitlines() if line not in listed]
    return wrong


def answers(spec: list[dict[str, Any]], given: dict[str, Any]) -> list[str]:
    """Return the errors in survey answers. A default is not an answer to a required question."""
    wrong = []
    for question in spec:
        name, kind = question["variable"], question["type"]
        if name not in given:
            wrong += [f"'{name}' value missing"] if question["required"] else []
        elif kind == "multiplechoice":
            wrong += (
                [] if given[name] in _choices(question) else [f"Value {given[name]} for '{name}' expected to be one of"]
            )
        else:
            wrong += _value(name, kind, given[name], question)
    return wrong


def _value(name: str, kind: str, value: Any, question: dict[str, Any]) -> list[str]:
    words, known = {"integer": ("an integer", (int,)), "float": ("a numeric type", (float, int))}.get(
        kind, ("a string", (str,))
    )
    if type(value) not in known:
        return [f"Value {value} for '{name}' expected to be {words}."]
    size = len(value) if isinstance(value, str) else value
    least, most = question.get("min"), question.get("max")
    wrong = [f"'{name}' value {value} is too small"] if least is not None and size < least else []
    return wrong + ([f"'{name}' value {value} is too large"] if most is not None and size > most else [])


def _choices(question: dict[str, Any]) -> list[str]:
    choices = question.get("choices")
    return choices if isinstance(choices, list) else str(choices or "").splitlines()


def defaults(spec: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the defaults that are valid. AWX ignores the others without a message."""
    found = {question["variable"]: question["default"] for question in spec if question.get("default") is not None}
    return {
        question["variable"]: found[question["variable"]]
        for question in spec
        if question["variable"] in found and not answers([question], found)
    }


def inputs(data: Any) -> list[str]:
    """Return the errors in the inputs of a credential type."""
    wrong = [f"{name} is not known" for name in set(data) - {"fields", "required"}]
    names = []
    for field in data.get("fields", []):
        known = {
            *(
                "id",
                "label",
                "type",
                "format",
                "choices",
                "multiline",
                "secret",
                "help_text",
                "ask_at_runtime",
                "default",
            )
        }
        wrong += [f"{name} is not known" for name in set(field) - known]
        if not re.fullmatch(r"[A-Za-z_]\w*", field.get("id", "")) or field["id"] == "tower" or not field.get("label"):
            wrong.append(f"{field.get('id')!r} is no field")
        if field.get("secret") and field.get("type", "string") != "string":
            wrong.append(f"{field['id']} is secret and no text")
        names.append(field.get("id"))
    if len(set(names)) != len(names):
        wrong.append("a field is there twice")
    return wrong + [f"{name} is required and no field" for name in data.get("required", []) if name not in names]


def injectors(data: Any, fields: set[str]) -> list[str]:
    """Return the errors in the injectors of a credential type."""
    wrong = [f"{name} is not known" for name in set(data) - {"env", "extra_vars", "file"}]
    for name, template in data.get("env", {}).items():
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name) or name.startswith("ANSIBLE_") or name in BLOCKED:
            wrong.append(f"{name} may not be set")
        if not template.isascii():
            wrong.append(f"{name} is not ASCII")
        used = set(re.findall(r"{{\s*(\w+)\s*}}", template))
        wrong += [f"{name} uses {field}, which is no field" for field in used - fields]
        if not used:
            wrong.append(f"{name} is the same for everybody")
    return wrong


def rrule(text: str) -> list[str]:
    """Return the errors in the rule of a schedule."""
    wrong = []
    if len(re.findall("DTSTART", text)) != 1 or not re.match(r"DTSTART(;TZID=[^:;, ]+)?:\d{8}T\d{6}Z?\s", text):
        wrong.append("one DTSTART with a zone or Z is needed")
    if "INTERVAL=" not in text:
        wrong.append("INTERVAL is required")
    if re.search("SECONDLY|EXDATE|RDATE", text):
        wrong.append("it holds what AWX does not take")
    if "COUNT=" in text and "UNTIL=" in text:
        wrong.append("COUNT and UNTIL exclude each other")
    return wrong
