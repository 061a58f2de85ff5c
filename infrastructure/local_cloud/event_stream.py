"""Frames of AWS's event streams (vnd.amazon.eventstream), as boto3 reads them.

A frame is: total length, length of the headers, CRC-32 of these two, headers, payload, CRC-32 of
all before. Integers are big-endian.
"""

import json
from collections.abc import Iterator
from struct import pack
from zlib import crc32

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_TEXT = 7  # the type of a header whose value is text


def frame(headers: dict[str, str], payload: bytes) -> bytes:
    packed = b"".join(_header(name, value) for name, value in headers.items())
    prelude = pack("!II", 16 + len(packed) + len(payload), len(packed))
    message = prelude + pack("!I", crc32(prelude)) + packed + payload
    return message + pack("!I", crc32(message))


def _header(name: str, value: str) -> bytes:
    text = value.encode()
    return pack("!B", len(name)) + name.encode() + pack("!BH", _TEXT, len(text)) + text


def payload_parts(data: bytes) -> Iterator[bytes]:
    """The bytes as PayloadPart frames; like AWS's, they do not align with lines."""
    middle = (len(data) + 1) // 2
    for part in (data[:middle], data[middle:]):
        if part:
            yield frame(
                {
                    ":event-type": "PayloadPart",
                    ":content-type": "application/octet-stream",
                    ":message-type": "event",
                },
                part,
            )


def stream_error(message: str, code: str) -> bytes:
    """A ModelStreamError; codes are ModelInvocationTimeExceeded and StreamBroken."""
    return frame(
        {
            ":exception-type": "ModelStreamError",
            ":content-type": "application/json",
            ":message-type": "exception",
        },
        json.dumps({"Message": message, "ErrorCode": code}).encode(),
    )
