# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of any size are read, or refused at the limit, with little memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.limits import Limits
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.problems import CvrfError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.reading import read_bytes
from ansible_collections.winops.hotpatch.tests.unit.msrc.documents import GOOD, as_json, as_xml

XML, JSON = as_xml(GOOD), as_json(GOOD)
# Reads a stream that is made while it is read, and prints the peak of its memory in kilobytes.
STREAM = """
import sys
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.problems import CvrfError
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.limits import Limits
from ansible_collections.winops.hotpatch.plugins.plugin_utils._msrc.reading import read_stream
head, item, tail = (open(name, "rb").read() for name in sys.argv[1:4])
class Stream:
    def __init__(self):
        self.pieces, self.left = self.all(), b""
    def all(self):
        yield head
        for _ in range(int(sys.argv[5]) // len(item)):
            yield item
        yield tail
    def read(self, size):
        while len(self.left) < size:
            piece = next(self.pieces, b"")
            if not piece:
                break
            self.left += piece
        piece, self.left = self.left[:size], self.left[size:]
        return piece
try:
    document = read_stream("stream", Stream(), Limits(packed=int(sys.argv[4]), unpacked=int(sys.argv[4])))
    print(len(document.vulnerabilities), end=" ")
except CvrfError as error:
    print("refused", end=" ")
# ru_maxrss would still count the process that started this one.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM:")))
"""


def streamed(tmp_path: Path, parts: tuple[bytes, bytes, bytes], limit: int, size: int = 500 << 20) -> tuple[str, int]:
    """Read a stream of SIZE bytes in a process of its own; return how it ended and the peak of its memory in MB."""
    names = []
    for index, part in enumerate(parts):
        names.append(str(tmp_path / str(index)))
        Path(names[-1]).write_bytes(part)
    command = [sys.executable, "-c", STREAM, *names, str(limit), str(size)]
    env = os.environ | {"PYTHONPATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]}
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300, env=env)
    answer, peak = done.stdout.split()
    return answer, int(peak) // 1024


def parts_of(data: bytes, mark: bytes, end: bytes, filling: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what stands before the vulnerabilities, one of another product in a large size, and what stands behind them."""
    start, stop = data.index(mark), data.rindex(end)
    item = data[start:stop].replace(b"11923", b"99999").replace(b"Title of", b"Title " + filling)
    return data[:start], item * 20, data[start:]


def test_500_mb_are_refused_at_the_limit_with_little_memory(tmp_path: Path) -> None:
    parts = parts_of(XML, b"<vuln:Vulnerability ", b"</cvrf:cvrfdoc>", b"x" * 30_000)
    answer, peak = streamed(tmp_path, parts, 128 << 20)
    assert answer == "refused"
    assert peak < 120


def test_500_mb_of_xml_are_read_with_little_memory_where_the_limit_allows_it(tmp_path: Path) -> None:
    # Long descriptions keep the number of elements, and with it the time, small.
    answer, peak = streamed(tmp_path, parts_of(XML, b"<vuln:Vulnerability ", b"</cvrf:cvrfdoc>", b"x" * 30_000), 600 << 20)
    assert answer == "1"
    assert peak < 120


def test_json_takes_a_few_times_its_size(tmp_path: Path) -> None:
    """Each vulnerability is reduced to what the catalog needs as soon as it is read; bytes and text are there as a whole."""
    head, item, tail = parts_of(JSON, b'{"Title"', b"]}", b"")
    notes = b'"Notes": [' + b", ".join([b'{"a": "b"}'] * 500) + b'], "Title"'
    one = item[: len(item) // 20].replace(b'"Title"', notes)
    parts = head, b", ".join([one] * 20) + b", ", tail
    answer, peak = streamed(tmp_path, parts, 600 << 20, size=32 << 20)
    assert answer == "1"
    assert peak < 160


def test_a_tag_that_never_ends_is_refused_before_it_fills_the_memory() -> None:
    endless = XML.replace(b"<cvrf:DocumentTitle>", b'<cvrf:DocumentTitle x="' + b"y" * (8 << 20))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CvrfError, match="one tag is longer than"):
        read_bytes("x", endless, Limits())
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_a_value_that_never_ends_is_refused() -> None:
    endless = b'{"DocumentTitle": "' + b"y" * (30 << 20)
    with pytest.raises(CvrfError, match="Unterminated string"):
        read_bytes("x", endless, Limits())
