# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times and memory of catalog_update: twelve documents of 15 MB, as XML and as JSON, imported in a process of its own.

Usage: python -m tests.benchmarks.catalog_update [--documents 12] [--megabytes 15] [--most-seconds 60] [--most-megabytes 300]

The documents are made up in the shape of real ones: some hundred CVEs with the updates of all product lines, and most of the bytes in
what concerns other products (threats, scores, statuses, notes). Ends with an error when a limit is exceeded; the limit of time counts
processor seconds, since other work on the machine takes nothing from those.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
# Makes this checkout importable as a collection, which is why what lies in it cannot be imported above.
COLLECTIONS = import_module("tests.conftest").COLLECTIONS
make = import_module("ansible_collections.winops.hotpatch.tests.unit.msrc.documents")

Data = dict[str, Any]
DAYS = {
    "Jan": "13",
    "Feb": "10",
    "Mar": "10",
    "Apr": "14",
    "May": "12",
    "Jun": "09",
    "Jul": "14",
    "Aug": "11",
    "Sep": "08",
    "Oct": "13",
    "Nov": "10",
}
SPAN = {**DAYS, "Dec": "08"}
HOTPATCH = "Security Hotpatch Update"
OTHERS = [str(number) for number in range(30_000, 30_060)]
VECTOR = "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:C"

CHILD = """
import json, resource, sys, time
from pathlib import Path
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.importing import Wanted, run_import, write
from ansible_collections.winops.hotpatch.plugins.plugin_utils._catalog.catalog import load_catalog
begin = time.monotonic()
dest = Path(sys.argv[2])
result = run_import(Wanted((sys.argv[1],), ()), load_catalog(), dest)
write(result, dest)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "documents": len(result.documents), "cves": len(result.after["cves"]), "bytes": dest.stat().st_size,
    "seconds": round(time.monotonic() - begin, 1), "cpu": round(usage.ru_utime + usage.ru_stime, 1), "megabytes": usage.ru_maxrss // 1024,
}))
"""


def one_vulnerability(month: int, number: int, revisions: str) -> Data:
    """A CVE of all lines, with as much about other products as a real one has."""
    kb = 5_700_000 + month * 100
    rows = []
    for offset, products, base, revision in (
        (0, "11923 11924", 20348, 7000),
        (2, "12436 12437", 26100, 40000),
        (4, "12389 12390", 26100, 12000),
    ):
        build = revision + month * 100
        rows += [make.fix(f"KB{kb + offset}", products, f"{base}.{build + 60}", supersedes=str(kb + offset - 100))]
        rows += [make.fix(f"KB{kb + offset + 1}", products, f"{base}.{build}", HOTPATCH)]
    rows += [
        make.fix(f"KB{kb + 4}", "20437 20438", f"26200.{12060 + month * 100}"),
        make.fix(f"KB{kb + 5}", "20437 20438", f"26200.{12000 + month * 100}", HOTPATCH),
    ]
    rows += [make.fix(f"KB{kb + 50 + index}", product, "17763.9000") for index, product in enumerate(OTHERS[:8])]
    threats = [make.threat(0, "Elevation of Privilege", product) for product in OTHERS] + [
        make.threat(3, "Important", product) for product in OTHERS
    ]
    threats += [
        make.threat(3, "Important", "11923"),
        make.threat(1, "Publicly Disclosed:No;Exploited:No;Latest Software Release:Exploitation Less Likely"),
    ]
    item: Data = make.vulnerability(f"CVE-2027-{month:02d}{number:04d}", *rows, revisions=revisions, threats=tuple(threats))
    item["CVSSScoreSets"] = [{"BaseScore": 7.8, "TemporalScore": 6.8, "Vector": VECTOR, "ProductID": [product]} for product in OTHERS]
    item["Notes"] = [{"Title": "FAQ", "Type": 4, "Ordinal": "10", "Value": "<p>What privileges could be gained?</p>" * 40}]
    return item


def scores_as_xml(item: Data) -> str:
    """The parts of a CVE that the readers pass over."""
    scores = "".join(
        f"<vuln:ScoreSet><vuln:BaseScore>7.8</vuln:BaseScore><vuln:Vector>{VECTOR}</vuln:Vector><vuln:ProductID>{row['ProductID'][0]}</vuln:ProductID>"
        "</vuln:ScoreSet>"
        for row in item["CVSSScoreSets"]
    )
    return f"<vuln:CVSSScoreSets>{scores}</vuln:CVSSScoreSets>"


def documents(form: str, count: int, size: int) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of COUNT documents of about SIZE bytes."""
    for month, (name, day) in enumerate(list(SPAN.items())[:count], 1):
        head = f"2027-{month:02d}-{day}"
        items = [one_vulnerability(month, number, f"1.0 {head} 1.1 {head}") for number in range(1, 4)]
        one = len(encoded(form, make.document(*items))) // 3
        items = [one_vulnerability(month, number, f"1.0 {head} 1.1 {head}") for number in range(1, size // one + 2)]
        yield f"2027-{name}.{form}", encoded(form, make.document(*items, month=f"2027-{name}", day=head, revised=f"{head}T18:00:00"))


def encoded(form: str, data: Data) -> bytes:
    """The document in one of the two forms."""
    if form == "json":
        return bytes(make.as_json(data))
    scores = scores_as_xml(data["Vulnerability"][0])
    return bytes(make.as_xml(data)).replace(b"</vuln:Threats>", b"</vuln:Threats>" + scores.encode())


def measure(form: str, count: int, size: int) -> dict[str, Any]:
    """Import COUNT documents in a process of its own and return what it took."""
    with tempfile.TemporaryDirectory(prefix="hotpatch-benchmark-") as folder:
        source = Path(folder) / "documents"
        source.mkdir()
        total = 0
        for name, data in documents(form, count, size):
            (source / name).write_bytes(data)
            total += len(data)
        command = [sys.executable, "-c", CHILD, str(source), str(Path(folder) / "msrc.json")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(COLLECTIONS), "PATH": ""})
        return {"form": form, "read_megabytes": total >> 20, **json.loads(done.stdout)}


def main() -> int:
    """Measure both forms, print a line for each, and tell whether they stay within the limits."""
    parser = argparse.ArgumentParser(description="Times and memory of catalog_update.")
    parser.add_argument("--documents", type=int, default=12)
    parser.add_argument("--megabytes", type=int, default=15)
    parser.add_argument("--most-seconds", type=float, default=60)
    parser.add_argument("--most-megabytes", type=int, default=300)
    options = parser.parse_args()
    exceeded = False
    for form in ("xml", "json"):
        found = measure(form, options.documents, options.megabytes << 20)
        exceeded |= found["cpu"] > options.most_seconds or found["megabytes"] > options.most_megabytes
        sys.stdout.write(
            f"{form:4}: {found['documents']} documents, {found['read_megabytes']} MB, {found['cves']} CVEs: {found['seconds']} s"
            f" ({found['cpu']} s of processor time), {found['megabytes']} MB of memory, overlay of {found['bytes'] >> 10} KB\n"
        )
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())
