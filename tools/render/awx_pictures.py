# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw the pictures of the AWX guide from the data of the role awx_setup (`make render`)."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "roles" / "awx_setup" / "files" / "controller"
IMAGES = ROOT / "docs" / "docsite" / "rst" / "images"
PREFIX = "Batch"
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">
<!--
Copyright (c) 2026, objectstore.batch contributors
GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
Drawn from the role awx_setup by `make render`.
-->
<title id="t">{title}</title>
<style>
  text {{ font: 14px system-ui, sans-serif; fill: #1b1f24 }}
  .soft {{ fill: #57606a; font-size: 12px }}
  .middle {{ text-anchor: middle }}
  rect {{ fill: #fff; stroke: #57606a; stroke-width: 1.5 }}
  path {{ fill: none; stroke: #57606a; stroke-width: 1.5 }}
  .gate {{ stroke: #9a6700; stroke-dasharray: 5 3 }}
  .bad {{ stroke: #cf222e }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e4e6ea }}
    .soft {{ fill: #9aa4b0 }}
    rect {{ fill: #22262c; stroke: #9aa4b0 }}
    path {{ stroke: #9aa4b0 }}
  }}
</style>
<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0L8 4L0 8"/></marker></defs>
"""


class Loader(yaml.SafeLoader):
    """Reads values that Ansible must not template as plain text."""


Loader.add_constructor("!unsafe", lambda loader, node: node.value)


def content(name: str) -> dict[str, Any]:
    """Return the data of one file of the role, with the default prefix."""
    text = (CONTENT / f"{name}.yml").read_text(encoding="utf-8").replace("{{ awx_setup_prefix }}", PREFIX)
    found: dict[str, Any] = yaml.load(text, Loader)
    return found


def picture(title: str, width: int, height: int, parts: list[str]) -> str:
    return HEAD.format(title=escape(title), width=width, height=height) + "\n".join(parts) + "\n</svg>\n"


def text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{escape(words)}</text>'


def box(x: float, y: float, width: float, words: str, soft: str = "", kind: str = "") -> list[str]:
    """Return a box of height 56 with a name, and a line below the name."""
    middle = x + width / 2
    parts = [f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="56" rx="6"/>']
    parts.append(text(middle, y + (24 if soft else 33), words, "middle"))
    return parts + ([text(middle, y + 44, soft, "soft middle")] if soft else [])


def arrow(way: str, kind: str = "") -> str:
    return f'<path class="{kind}" d="{way}" marker-end="url(#a)"/>'


def objects() -> str:
    """Return the picture of the objects by type."""
    columns = {
        "Credential types": [
            item["name"] for item in content("controller_credential_types")["awx_setup_credential_types"]
        ],
        "Job templates": [item["name"] for item in content("controller_templates")["awx_setup_templates"]],
        "Workflows": [item["name"] for item in content("controller_workflows")["controller_workflows"]],
    }
    more = {
        "Projects": [item["name"] for item in content("controller_projects")["controller_projects"]],
        "Inventory with its sources": [
            item["name"] for item in content("controller_inventories")["controller_inventories"]
        ],
        "Schedules, if you set them": [item["name"] for item in content("controller_schedules")["awx_setup_schedules"]],
    }
    parts = []
    for number, (upper, lower) in enumerate(zip(columns.items(), more.items(), strict=True)):
        x, y = 10 + 240 * number, 24.0
        for kind, names in (upper, lower):
            parts.append(text(x, y, kind, "soft"))
            parts += [text(x, y + 22 * (row + 1), name) for row, name in enumerate(names)]
            y = 24 + 22 * (max(map(len, columns.values())) + 2) if (kind, names) == upper else y
    height = 24 + 22 * (max(map(len, columns.values())) + 3 + max(map(len, more.values())))
    return picture("Objects that the role awx_setup creates", 720, height, parts)


def sources() -> str:
    """Return the picture of the inventory sources and their credentials."""
    parts = []
    for row, cloud in enumerate(("AWS", "Tencent Cloud")):
        y = 10 + 86 * row
        parts += box(10, y, 200, f"Credential {cloud}", "keys of one account")
        parts += box(280, y, 180, f"Source {cloud}", "one file of the project")
        parts.append(arrow(f"M210 {y + 28}H275"))
        parts.append(arrow(f"M460 {y + 28}H495V81H525"))
    parts += box(530, 53, 180, f"{PREFIX} queues", "one host for each queue")
    return picture("Each inventory source has one credential, and all sources fill one inventory", 720, 172, parts)


def form() -> str:
    """Return the picture of the survey that changes a priority."""
    survey = content("surveys")["awx_setup_survey_raise"]
    parts, y = [text(10, 24, f"{PREFIX} raise: {survey['name']}")], 48
    for question in survey["spec"]:
        star = " *" if question["required"] else ""
        parts.append(text(10, y + 20, question["question_name"] + star))
        parts.append(f'<rect x="250" y="{y}" width="180" height="30" rx="4"/>')
        parts.append(text(260, y + 20, str(question.get("default") or "")))
        choices = ", ".join(question["choices"]) if "choices" in question else question["type"]
        parts.append(text(445, y + 20, choices if len(choices) < 45 else f"{choices[:42]}...", "soft"))
        y += 40
    parts.append(text(10, y + 14, "* required. The fields contain the defaults.", "soft"))
    return picture(f"Survey of {PREFIX} raise with its questions and defaults", 720, y + 26, parts)


def workflow() -> str:
    """Return the picture of the workflow with an approval; each edge comes from the data."""
    nodes = content("controller_workflows")["controller_workflows"][0]["workflow_nodes"]
    upper = [node for node in nodes if not node["identifier"].endswith("_failed")]
    soft = {"plan": "check mode, no changes", "approval": "an approver, or timeout", "apply": "the approved changes"}
    x = {node["identifier"]: 10 + 265 * number for number, node in enumerate(upper)}
    parts = []
    for node in nodes:
        step, name = node["identifier"], node["unified_job_template"]["name"]
        if step in x:
            gate = "gate" if node["unified_job_template"]["type"] == "workflow_approval" else ""
            parts += box(x[step], 40, 170, name, soft[step], gate)
        else:
            parts += box(x[node["extra_data"]["batch_step"]], 180, 170, name, "reports the reason, fails", "bad")
        for end in node.get("related", {}).get("success_nodes", []):
            parts.append(arrow(f"M{x[step] + 170} 68H{x[end['identifier']] - 5}"))
            parts.append(text(x[step] + 217, 60, "approved" if step == "approval" else "success", "soft middle"))
        for end in node.get("related", {}).get("failure_nodes", []):
            to = x[end["identifier"].removesuffix("_failed")] + 85
            parts.append(arrow(f"M{x[step] + 85} 96V148H{to}V175", "bad"))
            parts.append(text(to + 8, 166, "denied or expired" if step == "approval" else "failure", "soft"))
    parts.append(f'<path d="M40 96V126H{x["apply"] + 40}V100" marker-end="url(#a)" stroke-dasharray="2 3"/>')
    parts.append(text(222, 120, "artifacts: changes, hashes", "soft middle"))
    parts.append(text(10, 28, "plan text: output, notification", "soft"))
    return picture("Plan, approval, and apply, each with a node for its failure", 720, 246, parts)


def page() -> str:
    """Return the picture of how a report page gets to a person."""
    parts = [*box(10, 30, 180, f"{PREFIX} report", "reads all queues"), *box(270, 30, 180, "artifacts of the job")]
    parts += [*box(530, 30, 180, "queues.html", "in your browser"), arrow("M190 58H265"), arrow("M450 58H525")]
    parts += [text(228, 50, "stores", "soft middle"), text(488, 50, "API", "soft middle")]
    parts.append(text(360, 108, "objectstore_batch_report_page, or a note if the page is too large", "soft middle"))
    return picture("The report page is an artifact of its job", 720, 120, parts)


DRAWN = {"awx-objects": objects, "awx-sources": sources, "awx-form": form, "workflow": workflow, "awx-page": page}


def main() -> None:
    for name, draw in DRAWN.items():
        (IMAGES / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
