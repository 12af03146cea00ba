# Copyright: (c) 2026, winops.hotpatch contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The messages of WS-Management, as far as remote shells need them: a request taken apart, an answer and a fault put together."""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

NAMES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
}
STATES = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState"
# The codes and words of Windows; clients wait on after a time-out.
TIMED_OUT = 2150858793
NO_SUCH_SHELL = 2150858843
INTERNAL_ERROR = 2147943747
MESSAGES = {
    TIMED_OUT: "The WS-Management service cannot complete the operation within the time specified in OperationTimeout.",
    NO_SUCH_SHELL: "The request for the Windows Remote Shell with ShellId failed because the shell was not found on the server.",
    INTERNAL_ERROR: "An internal error occurred.",
}


@dataclass(frozen=True)
class Request:
    """One request: what is wanted, of which shell."""

    action: str
    message_id: str
    shell_id: str
    answer_limit: int
    seconds: float
    body: ElementTree.Element

    @property
    def command_line(self) -> str:
        parts = [
            self.body.findtext(".//rsp:Command", "", NAMES),
            *(part.text or "" for part in self.body.findall(".//rsp:Arguments", NAMES)),
        ]
        return " ".join(parts)

    @property
    def command_id(self) -> str:
        """The command that a Send, Receive or Signal is about."""
        for path in (".//rsp:Stream", ".//rsp:DesiredStream", ".//rsp:Signal"):
            found = self.body.find(path, NAMES)
            if found is not None:
                return found.get("CommandId", "")
        return ""

    def streams(self) -> list[tuple[bytes, bool]]:
        """What a Send brings, and whether it is the end of it."""
        found = self.body.findall(".//rsp:Stream", NAMES)
        return [(base64.b64decode(stream.text or ""), stream.get("End", "").lower() == "true") for stream in found]


def read_request(text: bytes) -> Request:
    """Take a request apart. Raises ValueError for what is none."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(f"no XML: {error}") from error
    body = root.find("s:Body", NAMES)
    action = root.findtext("s:Header/a:Action", "", NAMES)
    if body is None or not action:
        raise ValueError("no SOAP body or no action")
    seconds = re.fullmatch(r"PT(\d+(?:\.\d+)?)S", root.findtext("s:Header/w:OperationTimeout", "", NAMES))
    return Request(
        action=action.rsplit("/", 1)[1],
        message_id=root.findtext("s:Header/a:MessageID", "", NAMES),
        shell_id=root.findtext("s:Header/w:SelectorSet/w:Selector", "", NAMES),
        answer_limit=int(root.findtext("s:Header/w:MaxEnvelopeSize", "153600", NAMES)),
        seconds=float(seconds.group(1)) if seconds else 20.0,
        body=body,
    )


def envelope(request: Request, inside: str) -> bytes:
    """The answer to a request."""
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in NAMES.items())
    header = f"<a:MessageID>uuid:{uuid.uuid4()}</a:MessageID><a:RelatesTo>{escape(request.message_id)}</a:RelatesTo>"
    return f"<s:Envelope {spaces}><s:Header>{header}</s:Header><s:Body>{inside}</s:Body></s:Envelope>".encode()


def fault(request: Request, code: int, reason: str | None = None) -> bytes:
    """The answer to a request that failed, for a C(reason) or that of Windows; its HTTP status is 500."""
    words = escape(reason or MESSAGES[code])
    return envelope(
        request,
        "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:InternalError</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{words}</s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault Code="{code}" Machine="127.0.0.1"><f:Message>{words}</f:Message></f:WSManFault></s:Detail></s:Fault>',
    )


def shell_created(shell_id: str) -> str:
    selector = f'<w:SelectorSet><w:Selector Name="ShellId">{shell_id}</w:Selector></w:SelectorSet>'
    return f"<x:ResourceCreated><a:ReferenceParameters>{selector}</a:ReferenceParameters></x:ResourceCreated>"


def command_started(command_id: str) -> str:
    return f"<rsp:CommandResponse><rsp:CommandId>{command_id}</rsp:CommandId></rsp:CommandResponse>"


def output(command_id: str, streams: dict[str, bytes], exit_code: int | None) -> str:
    """What a command has written since it was last asked, and how it ended if it has."""
    key = quoteattr(command_id)
    parts = [
        f"<rsp:Stream Name={quoteattr(name)} CommandId={key}>{base64.b64encode(data).decode()}</rsp:Stream>"
        for name, data in streams.items()
        if data
    ]
    if exit_code is None:
        parts.append(f'<rsp:CommandState CommandId={key} State="{STATES}/Running"/>')
    else:
        parts.append(f'<rsp:CommandState CommandId={key} State="{STATES}/Done"><rsp:ExitCode>{exit_code}</rsp:ExitCode></rsp:CommandState>')
    return f"<rsp:ReceiveResponse>{''.join(parts)}</rsp:ReceiveResponse>"
