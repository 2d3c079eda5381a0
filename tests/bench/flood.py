# SPDX-License-Identifier: Apache-2.0
"""Sends INVITEs at a rate, from one address, until it is ended: python -m tests.bench.flood HOST:PORT ADDRESS RATE."""

import socket
import sys
import time

BURST_SECONDS = 0.005


def main(server: str, address: str, rate: str) -> None:
    host, _, port = server.partition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as source:
        source.bind((address, 0))
        began, sent = time.monotonic(), 0
        while True:
            while sent < (time.monotonic() - began) * int(rate):
                source.sendto(invite(host, address, source.getsockname()[1], sent), (host, int(port)))
                sent += 1
            time.sleep(BURST_SECONDS)


def invite(host: str, address: str, port: int, number: int) -> bytes:
    lines = (
        f"INVITE sip:b0001@{host} SIP/2.0",
        f"Via: SIP/2.0/UDP {address}:{port};branch=z9hG4bKflood{number};rport",
        "Max-Forwards: 70",
        f"From: <sip:door-0@{host}>;tag={number}",
        f"To: <sip:b0001@{host}>",
        f"Call-ID: flood-{number}",
        "CSeq: 1 INVITE",
        f"Contact: <sip:door-0@{address}:{port}>",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode()


if __name__ == "__main__":
    main(*sys.argv[1:])
