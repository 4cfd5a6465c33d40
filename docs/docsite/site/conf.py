# Copyright (c) 2026, objectstore.batch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sphinx, for `nox -Rs site`; antsibull-docs writes the pages of the collection below collections/."""

from __future__ import annotations

project = "objectstore.batch"
copyright = "objectstore.batch contributors"
title = html_title = html_short_title = "objectstore.batch"

extensions = ["sphinx_antsibull_ext"]
exclude_patterns = ["_static"]
# The pages of ansible-core that plugins refer to are elsewhere, and no build asks the network for them.
suppress_warnings = ["ref.ref"]

pygments_style = "ansible"
highlight_language = "YAML+Jinja"

html_theme = "sphinx_ansible_theme"
# As in galaxy.yml.
html_theme_options = {"documentation_home_url": "https://example.com/objectstore/batch/docs", "topbar_links": {}}
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_use_smartypants = True
html_use_modindex = False
html_use_index = False
html_copy_source = False
