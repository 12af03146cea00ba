# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the modules that read the catalog and no host. A test holds them against the documentation files."""

from __future__ import annotations

from typing import Any

from .._catalog.release import LINES

_PATHS: dict[str, Any] = {"type": "list", "elements": "path"}

CATALOG_INFO: dict[str, Any] = {
    "line": {"type": "list", "elements": "str", "choices": list(LINES), "default": list(LINES)},
    "month": {"type": "str"},
    "since": {"type": "str"},
    "as_of": {"type": "str"},
    "catalog": {**_PATHS, "default": []},
    "compare_with": _PATHS,
    "fail_on_change": {"type": "bool", "default": False},
    "show_origin": {"type": "bool", "default": False},
    "show": {"type": "bool", "default": False},
}

CVE_INFO: dict[str, Any] = {
    "catalog": {**_PATHS, "default": []},
    "cve_files": _PATHS,
    "records": {"type": "path"},
    "results": {"type": "list", "elements": "dict"},
    "hosts": {"type": "list", "elements": "str", "default": []},
    "month": {"type": "str"},
    "cves": {"type": "list", "elements": "str", "default": []},
    "as_of": {"type": "str"},
    "record_max_age_days": {"type": "int", "default": 7},
    "show": {"type": "bool", "default": False},
}

CATALOG_UPDATE: dict[str, Any] = {
    "dest": {"type": "path", "required": True},
    "sources": {"type": "list", "elements": "str", "default": []},
    "months": {"type": "list", "elements": "str", "default": []},
    "catalog": {"type": "list", "elements": "path", "default": []},
    "url": {"type": "str", "default": "https://api.msrc.microsoft.com/cvrf/v3.0/cvrf"},
    "proxy": {"type": "str"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "timeout": {"type": "int", "default": 60},
    "retries": {"type": "int", "default": 3},
    "retry_wait": {"type": "int", "default": 2},
    "max_bytes": {"type": "int", "default": 33554432},
    "cache": {"type": "path"},
}
