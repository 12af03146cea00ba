# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents to test with: excerpts of real ones, and made-up ones in the shape of the real ones, as JSON and as XML."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import Catalog, load_catalog
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.contribution import Contribution, contribution
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.document import Document
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.limits import Limits
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.reading import read_bytes, read_file

Data = dict[str, Any]
SAMPLES = Path(__file__).parent / "samples"
SAMPLE_FILES = sorted(SAMPLES.glob("*.json"))
NAMES = {
    "11923": "Windows Server 2022",
    "11924": "Windows Server 2022 (Server Core installation)",
    "12244": "Windows Server 2022, 23H2 Edition (Server Core installation)",
    "12436": "Windows Server 2025",
    "12437": "Windows Server 2025 (Server Core installation)",
    "12389": "Windows 11 Version 24H2 for ARM64-based Systems",
    "12390": "Windows 11 Version 24H2 for x64-based Systems",
    "20437": "Windows 11 Version 25H2 for ARM systems",
    "20438": "Windows 11 Version 25H2 for x64-based Systems",
    "10378": "Microsoft .NET Framework 4.8 on Windows Server 2022",
}
# A month after the built-in catalog, so that nothing is known of it: December 2026, planned as a hotpatch.
MONTH, DAY = "2026-Dec", "2026-12-08"
SERVER, HOTPATCH = "11923 11924", "Security Hotpatch Update"


def fix(kb: str, products: str, build: str = "", subtype: str = "Security Update", **more: str) -> Data:
    """One vendor fix; PRODUCTS are ids with blanks between them."""
    return {
        "Description": {"Value": kb.removeprefix("KB")},
        "URL": more.get("url", f"https://catalog.update.microsoft.com/v7/site/Search.aspx?q={kb}"),
        "Supercedence": more.get("supersedes", ""),
        "ProductID": products.split(),
        "Type": 2,
        "RestartRequired": {"Value": more.get("restart", "Yes")},
        "SubType": subtype,
        "FixedBuild": f"10.0.{build}" if build and not build.startswith("=") else build.removeprefix("="),
    }


def vulnerability(cve: str, *fixes: Data, revisions: str = f"1.0 {DAY}", threats: tuple[Data, ...] = ()) -> Data:
    """One vulnerability; REVISIONS is number, day, number, day."""
    words = revisions.split()
    return {
        "Title": {"Value": f"Title of {cve}"},
        "CVE": cve,
        "Threats": list(threats),
        "Remediations": list(fixes),
        "RevisionHistory": [
            {"Number": number, "Date": f"{day}T08:00:00", "Description": {"Value": "<p>Information published.</p>"}}
            for number, day in zip(words[::2], words[1::2], strict=True)
        ],
    }


def threat(kind: int, text: str, *products: str) -> Data:
    """One threat: 1 is the exploit status, 3 the severity."""
    return {"Type": kind, "Description": {"Value": text}, "ProductID": list(products)}


def document(*vulnerabilities: Data, month: str = MONTH, day: str = DAY, number: str = "5", revised: str = "2026-12-20T09:00:00") -> Data:
    """One document of the products above."""
    return {
        "DocumentTitle": {"Value": f"{month} Security Updates"},
        "DocumentTracking": {
            "Identification": {"ID": {"Value": month}, "Alias": {"Value": month}},
            "Version": "1.0",
            "RevisionHistory": [{"Number": number, "Date": revised, "Description": {"Value": "Security Updates"}}],
            "InitialReleaseDate": f"{day}T08:00:00",
            "CurrentReleaseDate": revised,
        },
        "ProductTree": {"FullProductName": [{"ProductID": key, "Value": name} for key, name in NAMES.items()]},
        "Vulnerability": list(vulnerabilities),
    }


def month(*extra: Data, main: tuple[Data, ...] = ()) -> Data:
    """December 2026 with the month's updates, or with the fixes in MAIN, in three CVEs."""
    usual = [vulnerability(f"CVE-2026-9000{number}", *(main or (LCU, PATCH))) for number in range(3)]
    return document(*usual, *extra)


def on_day(day: str, cve: str, *fixes: Data) -> Data:
    """A document of the month of DAY, with one CVE that was published on that day and not revised."""
    name = f"{date.fromisoformat(day):%Y-%b}"
    return document(vulnerability(cve, *fixes, revisions=f"1.0 {day}"), month=name, day=day, revised=f"{day}T18:00:00")


def december(kb: str, number: str, revised: str, **more: str) -> Data:
    """A document of December 2026 with one hotpatch, in revision NUMBER."""
    rows = fix("KB5990001", "11923", "20348.6000"), fix(kb, "11923", "20348.5950", HOTPATCH)
    return document(vulnerability("CVE-2026-90001", *rows), number=number, revised=revised, **more)


# The usual updates of December 2026, and the smallest document.
LCU = fix("KB5990001", SERVER, "20348.6000", supersedes="5989999")
PATCH = fix("KB5990002", SERVER, "20348.5950", HOTPATCH)
GOOD = document(vulnerability("CVE-2026-90001", fix("KB5990001", "11923", "20348.6000")))


def as_json(data: Data) -> bytes:
    """The document as the API gives it on request."""
    return json.dumps(data).encode()


def _text(value: Any) -> str:
    return escape(str(value.get("Value", "") if isinstance(value, dict) else value or ""))


_REMEDIATIONS = {2: "Vendor Fix", 3: "Release Notes", 6: "Known Issue"}
_THREATS = {0: "Impact", 1: "Exploit Status", 3: "Severity"}


def _revisions(rows: list[Data], space: str) -> str:
    inner = "".join(
        f"<{space}:Revision><cvrf:Number>{row['Number']}</cvrf:Number><cvrf:Date>{row['Date']}</cvrf:Date>"
        f"<cvrf:Description>{_text(row.get('Description'))}</cvrf:Description></{space}:Revision>"
        for row in rows
    )
    return f"<{space}:RevisionHistory>{inner}</{space}:RevisionHistory>"


def _vulnerability(index: int, item: Data) -> str:
    threats = "".join(
        f"<vuln:Threat Type={quoteattr(_THREATS[row['Type']])}><vuln:Description>{_text(row.get('Description'))}</vuln:Description>"
        + "".join(f"<vuln:ProductID>{product}</vuln:ProductID>" for product in row.get("ProductID") or [])
        + "</vuln:Threat>"
        for row in item.get("Threats", [])
    )
    fixes = "".join(
        f"<vuln:Remediation Type={quoteattr(_REMEDIATIONS[row['Type']])}>"
        f"<vuln:Description>{_text(row.get('Description'))}</vuln:Description><vuln:URL>{_text(row.get('URL'))}</vuln:URL>"
        f"<vuln:Supercedence>{_text(row.get('Supercedence'))}</vuln:Supercedence>"
        + "".join(f"<vuln:ProductID>{product}</vuln:ProductID>" for product in row.get("ProductID") or [])
        + f"<vuln:RestartRequired>{_text(row.get('RestartRequired'))}</vuln:RestartRequired>"
        f"<vuln:SubType>{_text(row.get('SubType'))}</vuln:SubType><vuln:FixedBuild>{_text(row.get('FixedBuild'))}</vuln:FixedBuild>"
        "</vuln:Remediation>"
        for row in item["Remediations"]
    )
    return (
        f'<vuln:Vulnerability Ordinal="{index}"><vuln:Title>{_text(item["Title"])}</vuln:Title>'
        f'<vuln:Notes><vuln:Note Title="Description" Type="Description" Ordinal="0">&lt;p&gt;text&lt;/p&gt;</vuln:Note></vuln:Notes>'
        f"<vuln:CVE>{item['CVE']}</vuln:CVE><vuln:Threats>{threats}</vuln:Threats><vuln:Remediations>{fixes}</vuln:Remediations>"
        f"{_revisions(item['RevisionHistory'], 'vuln')}</vuln:Vulnerability>"
    )


def as_xml(data: Data, encoding: str = "utf-8") -> bytes:
    """The document as the API gives it unasked."""
    tracking = data["DocumentTracking"]
    products = "".join(
        f'<prod:FullProductName ProductID="{row["ProductID"]}">{_text(row["Value"])}</prod:FullProductName>'
        for row in data["ProductTree"]["FullProductName"]
    )
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<cvrf:cvrfdoc xmlns:vuln="http://www.icasi.org/CVRF/schema/vuln/1.1"'
        ' xmlns:prod="http://www.icasi.org/CVRF/schema/prod/1.1" xmlns:cvrf="http://www.icasi.org/CVRF/schema/cvrf/1.1">'
        f"<cvrf:DocumentTitle>{_text(data['DocumentTitle'])}</cvrf:DocumentTitle><cvrf:DocumentTracking><cvrf:Identification>"
        f"<cvrf:ID>{_text(tracking['Identification']['ID'])}</cvrf:ID></cvrf:Identification><cvrf:Version>{tracking['Version']}</cvrf:Version>"
        f"{_revisions(tracking['RevisionHistory'], 'cvrf')}"
        f"<cvrf:InitialReleaseDate>{tracking['InitialReleaseDate']}</cvrf:InitialReleaseDate>"
        f"<cvrf:CurrentReleaseDate>{tracking['CurrentReleaseDate']}</cvrf:CurrentReleaseDate></cvrf:DocumentTracking>"
        f"<prod:ProductTree>{products}</prod:ProductTree>"
        + "".join(_vulnerability(index, item) for index, item in enumerate(data["Vulnerability"]))
        + "</cvrf:cvrfdoc>"
    )
    return text.encode(encoding)


def read(data: Data | bytes, source: str = "test") -> Document:
    """Read a document given as data or as bytes."""
    return read_bytes(source, data if isinstance(data, bytes) else as_json(data), Limits())


def sample(name: str) -> Document:
    """Read an excerpt of a real document."""
    return read_file(SAMPLES / f"{name}.json", Limits())


def built_in() -> Catalog:
    """Return the built-in catalog."""
    return load_catalog()


def blind() -> Catalog:
    """Return a catalog that knows no release, so that only the document speaks."""
    lines = {name: dataclasses.replace(line, releases=(), announced=(), components=()) for name, line in load_catalog().lines.items()}
    return Catalog(lines=lines, overlays=[])


def contributed(data: Data | Document, catalog: Catalog | None = None) -> Contribution:
    """Return what a document adds over the built-in catalog or another."""
    return contribution(data if isinstance(data, Document) else read(data), catalog or built_in())


def release(found: Contribution, line: str, kb: str) -> Data:
    """Return one release that was found."""
    return next(entry for entry in found.releases[line] if entry["kb"] == kb)


def rules(found: Contribution, kb: str | None = None) -> set[str]:
    """Return the rules of the findings, or of those on one KB."""
    return {finding["rule"] for finding in found.findings if kb is None or finding["kb"] == kb}
