"""Measures the practice server beside a bare Starlette handler and the client's own cost.

Everything is measured in one run, on this machine, and told as ratios; nothing is asserted.
Run it with ``make bench``. It talks to servers on the loopback interface only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import socket
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from course_utils.practice import KEY

PORTS = iter(range(18_700, 18_800))
SHORT = "안녕하세요?"
LONG = "고양이 이야기를 들려주세요."


def run_practice(port: int) -> None:
    """Serve the practice model at full speed."""
    from course_utils.practice import PracticeServer

    PracticeServer(port).serve_forever()


def run_bare(port: int) -> None:
    """Serve a fixed reply: what any Starlette handler costs that parses JSON and answers.

    A chunk is put into JSON for every event, in the fields of a real one: so does a bare handler
    that streams what it gets. One constant, sent again and again, would measure only the sending.
    """
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response, StreamingResponse
    from starlette.routing import Route

    body = json.dumps({"choices": [{"message": {"content": "x" * 200}}]}).encode()

    def chunk(word: str) -> bytes:
        part = {"index": 0, "delta": {"content": word}, "finish_reason": None}
        shared = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_700_000_000}
        return f"data: {json.dumps({**shared, 'model': 'bare', 'choices': [part]})}\n\n".encode()

    async def answer(http: Request) -> Response:
        request = json.loads(await http.body())
        if not request.get("stream"):
            return Response(body, media_type="application/json")

        async def chunks() -> Any:
            for number in range(200):
                yield chunk(f" {number}")
            yield b"data: [DONE]\n\n"

        return StreamingResponse(chunks(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/v1/chat/completions", answer, methods=["POST"])])
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", port))
    listener.listen(2048)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listener])


@contextmanager
def serving(run: Callable[[int], None]) -> Iterator[tuple[int, int]]:
    """Run a server in a process of its own; yield its port and its process id."""
    port = next(PORTS)
    process = multiprocessing.get_context("spawn").Process(target=run, args=(port,), daemon=True)
    process.start()
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    try:
        assert process.pid is not None
        yield port, process.pid
    finally:
        process.terminate()
        process.join()


def raw_request(text: str, number: int, *, stream: bool = False, pace: str = "fast") -> bytes:
    """Return a whole HTTP request; ``number`` makes it different from the others."""
    message = {"role": "user", "content": text}
    request = {"model": "gpt-5.6-luna", "messages": [message], "seed": number, "stream": stream}
    body = json.dumps(request).encode()
    head = (
        "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Content-Type: application/json\r\n"
        f"Authorization: Bearer {KEY}\r\nx-practice-pace: {pace}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def whole(reader: asyncio.StreamReader) -> int:
    """Read one response of known length; return 1."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:60]
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return 1


async def streamed(reader: asyncio.StreamReader) -> int:
    """Read one stream to its end; return how many events it had."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:60]
    events = 0
    while size := int(await reader.readline(), 16):
        events += (await reader.readexactly(size + 2)).count(b"data: ")
    await reader.readline()
    return events


async def load(
    port: int,
    read: Callable[[asyncio.StreamReader], Awaitable[int]],
    requests: Callable[[int], bytes],
    *,
    concurrency: int,
    total: int,
) -> tuple[float, list[float], int]:
    """Send ``total`` requests; return the units read per second, the latencies, the failures."""
    numbers = iter(range(total))
    latencies: list[float] = []
    units = failures = 0

    async def connection() -> None:
        nonlocal units, failures
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            begun = time.perf_counter()
            try:
                writer.write(requests(number))
                made = await read(reader)
            except (AssertionError, OSError, asyncio.IncompleteReadError):
                failures += 1
                return
            units += made
            latencies.append(time.perf_counter() - begun)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(concurrency)))
    return units / (time.perf_counter() - begun), latencies, failures


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    """Return a process's resident memory in MiB (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def throughput(total: int) -> None:
    """Requests and chunks a second, beside the bare handler."""
    rates: dict[tuple[str, str], float] = {}
    for name, run in (("bare", run_bare), ("practice", run_practice)):
        with serving(run) as (port, _pid):
            for kind, read, text, stream, count in (
                ("requests", whole, SHORT, False, total),
                ("chunks", streamed, LONG, True, total // 20),
            ):

                def request(number: int, text: str = text, stream: bool = stream) -> bytes:
                    return raw_request(text, number, stream=stream)

                for size in (200, count):  # the first run warms up
                    done = asyncio.run(load(port, read, request, concurrency=16, total=size))
                rate, latencies, failures = done
                rates[kind, name] = rate
                cuts = statistics.quantiles(latencies, n=100)
                print(
                    f"{name:9} {rate:9,.0f} {kind}/s   p50 {cuts[49] * 1e3:6.2f} ms   "
                    f"p99 {cuts[98] * 1e3:6.2f} ms = {cuts[98] / cuts[49]:.1f} x p50   "
                    f"{failures} failures"
                )
    for kind in ("requests", "chunks"):
        print(f"{kind}: practice / bare = {rates[kind, 'practice'] / rates[kind, 'bare']:.2f}")


def beside_the_client(total: int) -> None:
    """Processor time of the server and of the official client for the same short replies."""
    import openai

    with serving(run_practice) as (port, pid):
        client = openai.OpenAI(api_key=KEY, base_url=f"http://127.0.0.1:{port}/v1")

        def call(number: int) -> None:
            message: Any = {"role": "user", "content": SHORT}
            client.chat.completions.create(model="gpt-5.6-luna", messages=[message], seed=number)

        for number in range(50):
            call(number)
        server, own = cpu_seconds(pid), time.process_time()
        for number in range(total):
            call(number)
        server, own = cpu_seconds(pid) - server, time.process_time() - own
    print(
        f"a short reply costs the server {server / total * 1e3:.2f} ms, the client "
        f"{own / total * 1e3:.2f} ms: {server / own:.2f}"
    )


def slow_streams(count: int) -> None:
    """Many streams at once, each slower than a reader."""
    with serving(run_practice) as (port, _pid):
        _, latencies, failures = asyncio.run(
            load(
                port,
                streamed,
                lambda number: raw_request(SHORT, number, stream=True, pace="6"),
                concurrency=count,
                total=count,
            )
        )
    print(f"{count} slow streams at once: {len(latencies)} whole, {failures} failures")


def memory(total: int) -> None:
    """Resident memory while requests go on and on."""
    with serving(run_practice) as (port, pid):
        sizes = []
        for part in range(5):
            asyncio.run(
                load(
                    port,
                    whole,
                    lambda number, part=part: raw_request(SHORT, part * total + number),
                    concurrency=16,
                    total=total // 5,
                )
            )
            sizes.append(resident_mib(pid))
    print(f"memory over {total:,} requests: " + ", ".join(f"{size:.0f}" for size in sizes) + " MiB")


def main() -> None:
    """Run all measurements; ``--quick`` runs a tenth of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    scale = 10 if parser.parse_args().quick else 1
    throughput(20_000 // scale)
    beside_the_client(1_000 // scale)
    slow_streams(2_000 // scale)
    memory(100_000 // scale)


if __name__ == "__main__":
    main()
