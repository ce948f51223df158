"""What hostile submissions do: each a piece of code, what it tries, and what must come of it.

An attack stands where the answer to task 03.2 belongs, and all other answers are right. Whatever
it gets that it must not get it prints behind ``GOT``. The words in ``@…@`` are put in by the test:
a file, a port, a socket and a process of the grader's side.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Attack:
    """A hostile answer.

    ``note`` are words of the note that the instructor gets; ``others`` is False where the attack
    may cost its own submission's other tasks, too.
    """

    name: str
    tries: str
    code: str
    note: str = ""
    others: bool = True

    def __str__(self) -> str:
        return self.name


# What a function does that is called by the check.
def _chat(body: str, before: str = "") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").splitlines())
    return f"{before}\ndef chat(client, model, text, history=None):\n{lines}\n"


# The hands of the check, patched: a reply of theirs with something done to it.
def _hands(change: str, of: tuple[str, ...] = ("chat",)) -> str:
    return f"""
from course_utils.exercises.hands import Hands
before = Hands.perform
def perform(self, request, seen=print):
    reply = before(self, request, seen)
    if request.get("name") in {of!r}:
        {change}
    return reply
Hands.perform = perform
""" + _chat("return None")


READING = [
    Attack(
        "frames",
        "expected values in the frames of the caller",
        _chat("""
import sys
frame = sys._getframe()
while frame:
    if {"expected", "fresh", "replies", "verdict", "met"} & set(frame.f_locals):
        print("GOT", frame.f_locals)
    frame = frame.f_back
"""),
    ),
    Attack(
        "objects",
        "the check's own objects among all objects of the process",
        _chat("""
import gc
for each in gc.get_objects():
    if type(each).__name__ in ("Fresh", "Marks", "Wire", "Verdict", "PracticeServer", "Gate"):
        print("GOT", type(each))
"""),
    ),
    Attack(
        "seed",
        "the made-up values, from the parameters and from guessed seeds",
        _chat("""
from course_utils.exercises.fresh import Fresh
import builtins
for guess in [seed, *range(300)]:
    for language in ("ko", "en"):
        fresh = Fresh(guess, "03.2", language)
        if fresh.sentence() == text:
            print("GOT", guess)
            return fresh.sentence()
"""),
    ),
    Attack(
        "solution",
        "the solution's notebook beside the package",
        """
import course_utils, pathlib
home = pathlib.Path(course_utils.__file__).resolve().parents[1]
for path in [home / "notebooks", home / "tests", home / "README.md", home]:
    try:
        print("GOT", list(path.iterdir()) if path.suffix == "" else path.read_text()[:9])
    except OSError:
        pass
""",
    ),
    Attack(
        "proc-environ",
        "other processes' environment",
        """
import os
for number in range(1, 40000):
    try:
        found = open(f"/proc/{number}/environ", "rb").read()
    except OSError:
        continue
    print("GOT", found)
""",
    ),
    Attack(
        "proc-memory",
        "the memory of the parent and of itself",
        """
import os
for name in ("/proc/1/mem", f"/proc/{os.getppid()}/mem", "/proc/self/mem", "/proc/self/maps",
             "/proc/@PID@/mem", "/proc/@PID@/cmdline", "/proc/1/root/@FILE@", "/proc/self/fd"):
    try:
        open(name, "rb")
        print("GOT", name)
    except OSError:
        pass
""",
    ),
    Attack(
        "stack",
        "a key on its own stack, where an environment once was",
        """
import ctypes
libc = ctypes.CDLL(None)
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
place, found = 0, []
while environ[place]:
    found.append(environ[place])
    place += 1
import os
first = ctypes.cast(environ, ctypes.c_void_p).value
if any(b"CANARY" in each for each in found) or "CANARY" in str(os.environ):
    print("GOT", found)
""",
    ),
    Attack(
        "file",
        "a file of the instructor's",
        'print("GOT", open("@FILE@").read())',
    ),
    Attack(
        "walk",
        "any file that is not of the system or of Python",
        """
import os
for top in ("/root", "/home", "/etc/shadow", "/etc/passwd", "/var", "/tmp", "/work", "/srv", "/opt",
            "/run", "/sys", "/mnt", "/"):
    try:
        found = os.listdir(top) if os.path.isdir(top) else open(top).read()
        print("GOT", top, found)
    except OSError:
        pass
""",
    ),
    Attack(
        "up",
        "the folders above the work folder",
        """
import os
for path in ("..", "../..", os.path.expanduser("~/.."), "/proc/self/cwd/.."):
    try:
        print("GOT", os.listdir(path))
    except OSError:
        pass
""",
    ),
    Attack(
        "link",
        "a file through links made in the work folder",
        """
import os
for make in (os.symlink, os.link):
    try:
        make("@FILE@", f"here-{make.__name__}")
        print("GOT", open(f"here-{make.__name__}").read())
    except OSError:
        pass
""",
    ),
    Attack(
        "handle",
        "a file by its handle, past its path",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
handle = ctypes.create_string_buffer(b"\\x80\\x00\\x00\\x00" + bytes(140))
mount = ctypes.c_int()
for number in (303, 264):
    if libc.syscall(number, -100, b"@FILE@", handle, ctypes.byref(mount), 0) == 0:
        print("GOT a handle")
""",
    ),
    Attack(
        "descriptors",
        "descriptors that were left open",
        """
import os, stat
for number in range(3, 256):
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        continue
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISCHR(mode):
        print("GOT", number, oct(mode))
""",
    ),
    Attack(
        "subprocess",
        "a file through a program of the system",
        '!cat @FILE@ /etc/shadow 2>/dev/null | sed "s/^/GOT /"\n'
        "import subprocess\n"
        'print(subprocess.run(["sh", "-c", "ls / && echo GOT"], capture_output=True, text=True)'
        ".stdout)",
    ),
    Attack(
        "stored",
        "completions that others stored, and the models' list as a way to more",
        """
import httpx
base = str(client.base_url)
for key in ("sk-practice", "@KEY@", "sk-CANARY"):
    got = httpx.get(base + "chat/completions", headers={"authorization": "Bearer " + key})
    if got.status_code == 200 and got.json().get("data"):
        print("GOT", got.text)
""",
    ),
]

FORGING = [
    Attack(
        "equal-to-all",
        "an object that equals everything",
        """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __bool__(self): return True
    def __contains__(self, other): return True
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
    def __iter__(self): return iter([self])
    def __len__(self): return 2
"""
        + _chat("return Yes()"),
    ),
    Attack(
        "text-subclass",
        "a text that equals everything",
        """
class Text(str):
    def __eq__(self, other): return True
    def __hash__(self): return 0
    def __str__(self): return self
"""
        + _chat("return Text('x')"),
    ),
    Attack(
        "fake-model",
        "an object that claims to be data of pydantic's",
        """
class Fake:
    def model_dump(self): return {"$": "other", "type": "str", "value": "x"}
"""
        + _chat("return Fake()"),
    ),
    Attack(
        "fake-markers",
        "data in the form that the checks' own wire uses",
        _chat('return {"$": "model", "type": "str", "value": text}'),
    ),
    Attack(
        "json",
        "json that is patched to say what is wanted",
        """
import json
json.dumps = lambda *a, **k: '{"reply": {"value": "yes", "error": null}}'
json.loads = lambda *a, **k: {"do": "read", "name": "chat"}
json.JSONEncoder.encode = lambda *a: "{}"
"""
        + _chat("return 'x'"),
        others=False,
    ),
    Attack(
        "builtins",
        "built-in functions that are patched",
        """
import builtins
builtins.isinstance = lambda *a: True
builtins.all = builtins.any = lambda *a: True
builtins.len = lambda *a: 2
"""
        + _chat("return 'x'"),
        others=False,
    ),
    Attack(
        "checker",
        "the checker itself, patched",
        """
from course_utils.exercises import marks, task, student, wire, fresh
marks.equal = marks.expect = lambda *a, **k: None
marks.Unmet = type("Never", (Exception,), {})
marks.Marks.all = lambda self: ()
task.run = lambda *a, **k: None
marks.Mark.earned = property(lambda self: 5)
"""
        + _chat("return 'x'"),
    ),
    Attack(
        "hands",
        "the hands of the check, patched",
        """
from course_utils.exercises.hands import Hands
before = Hands.perform
def perform(self, request, seen=print):
    if request.get("name") != "chat":
        return before(self, request, seen)
    return {"value": True, "error": None, "earned": 5, "state": "checked", "output": [[0, "x"]]}
Hands.perform = perform
"""
        + _chat("return 'x'"),
    ),
    Attack(
        "transformer",
        "a transformer of the syntax tree that drops what it dislikes",
        """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
    def visit_Compare(self, node): return ast.Constant(True)
get_ipython().ast_transformers.append(Drop())
get_ipython().input_transformers_cleanup.append(lambda lines: lines)
"""
        + _chat("return 'x'"),
        others=False,
    ),
    Attack(
        "shell",
        "the shell's own methods, patched",
        """
shell = get_ipython()
shell.events.register("post_run_cell", lambda result: print("after"))
shell.run_cell = lambda *a, **k: type("R", (), {"success": True})()
shell.displayhook.session.send = lambda *a, **k: None
"""
        + _chat("return 'x'"),
        others=False,
    ),
    Attack(
        "client",
        "the SDK, patched to answer by itself",
        """
from openai.resources.chat.completions import Completions
class Reply: pass
def create(self, **request):
    reply = Reply(); reply.choices = [Reply()]; reply.choices[0].message = Reply()
    reply.choices[0].message.content = "made up"
    return reply
"""
        + _chat("""
import unittest.mock
with unittest.mock.patch.object(Completions, "create", create):
    return client.chat.completions.create(model=model).choices[0].message.content
"""),
    ),
    Attack(
        "other-key",
        "requests that look right, on other keys",
        _chat("""
import httpx
for key in ("sk-practice", "@KEY@", "sk-practice-" + "0" * 24):
    httpx.post(
        str(client.base_url) + "chat/completions",
        headers={"authorization": "Bearer " + key},
        json={"model": model, "messages": [*(history or []), {"role": "user", "content": text}]},
    )
return "x"
"""),
    ),
    Attack(
        "frames-on-the-wire",
        "replies written by hand to the socket of the grader",
        """
import json, os, struct
def forge(data):
    body = json.dumps(data).encode()
    for number in range(3, 32):
        try:
            os.write(number, struct.pack("!I", len(body)) + body)
        except OSError:
            pass
"""
        + _chat("""
for _ in range(3):
    forge({"reply": {"value": True, "error": None, "earned": 19, "state": "checked"}})
return "x"
"""),
        others=False,
    ),
    Attack(
        "bad-frame",
        "a message without an end on the socket of the grader",
        """
import os
"""
        + _chat("""
for number in range(3, 32):
    try:
        os.write(number, b"\\xff\\xff\\xff\\xff{")
    except OSError:
        pass
"""),
        note="03.2",
    ),
    Attack(
        "deep-frame",
        "a reply so deep that who reads it falls over",
        """
import os, struct
body = b'{"reply": ' + b"[" * 100000 + b"]" * 100000 + b"}"
"""
        + _chat("""
for number in range(3, 32):
    try:
        os.write(number, struct.pack("!I", len(body)) + body)
    except OSError:
        pass
"""),
        note="03.2",
    ),
    Attack(
        "endless-time",
        "a call that took longer than any number of seconds can say",
        _hands('reply["output"] = [[1 << 2000, "x"], [float("nan"), "x"], [True, {}], [], 7]'),
    ),
    Attack(
        "missing-name",
        "a note in the checks' own words, as long as a book and with escapes",
        _hands(
            'reply.update(missing="\\x1b]0;x\\x07\\ud800<script>alert(1)</script>" + "x" * 10**6)'
        ),
    ),
    Attack(
        "deep-request",
        "a request so deep that who reads the wire log falls over",
        _chat("""
import httpx
for depth in (900, 100_000):
    body = b'{"messages": ' + b"[" * depth + b"]" * depth + b"}"
    key = {"authorization": "Bearer " + client.api_key}
    httpx.post(str(client.base_url) + "chat/completions", headers=key, content=body)
return "x"
"""),
    ),
    Attack(
        "panic",
        "a text that the counting of tokens panics at, which no except clause catches",
        _hands(
            'reply["value"] = [{"role": "user", "content": " " * 1_000_000}]', of=("chat", "trim")
        ),
        others=False,
    ),
    Attack(
        "replies-from-a-thread",
        "made-up replies from a thread, so that every question has its answer before it is asked",
        """
import gc, threading, time
kernels = [each for each in gc.get_objects() if type(each).__name__ == "Kernel"]
def answer():
    while True:
        for each in kernels:
            each.post({"reply": {"value": True, "error": None, "ok": True, "count": True,
                                 "output": [[0, "AI: x"]], "called": [{"name": 7}]}})
        time.sleep(0.001)
threading.Thread(target=answer, daemon=True).start()
"""
        + _chat("return None"),
        others=False,
    ),
    Attack(
        "late-requests",
        "the requests that are asked for, from a thread when the check is over",
        _chat("""
import threading, time
def later():
    for _ in range(40):
        time.sleep(0.05)
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}])
threading.Thread(target=later).start()
"""),
    ),
    Attack(
        "own-classes",
        "the SDK that the hands of the check use, in another's place",
        """
import sys
import course_utils.exercises.hands as hands
class Fake:
    def __init__(self, *args, **kwargs): self.__dict__.update(kwargs)
    def __getattr__(self, name): return self
    def __call__(self, *args, **kwargs): return self
hands.openai = Fake()
for name in list(sys.modules):
    if name.startswith(("httpx", "httpcore", "anyio")):
        sys.modules[name] = None
"""
        + _chat("return client.chat.completions.create(model=model).choices"),
        others=False,
    ),
    Attack(
        "own-check",
        "the notebook's own check, and what it would have shown",
        """
check("03.2")
check = lambda number: print(number, "5/5")
check("03.2")
"""
        + _chat("return None"),
    ),
    Attack(
        "card",
        "a card with full marks, shown by hand",
        """
from IPython.display import display
display({"application/vnd.course.verdict+json": {"number": "03.2", "earned": 5, "points": 5},
         "text/html": "<b>03.2: 5 / 5</b>", "text/plain": "5/5"}, raw=True)
""",
    ),
    Attack(
        "package",
        "the course's files, changed for those who come after",
        """
import course_utils, os, sys, site
for path in (course_utils.__file__, os.path.dirname(course_utils.__file__) + "/x.py",
             sys.prefix + "/x.pth", os.__file__, "@FILE@", "/tmp/x", "/root/x", "/var/tmp/x"):
    try:
        open(path, "a").write("#")
        print("GOT", path)
    except OSError:
        pass
for make in (os.rename, os.truncate, os.chmod, os.chown, os.unlink):
    try:
        make(course_utils.__file__, *{"rename": ["y"], "truncate": [0], "chmod": [0o777],
                                      "chown": [0, 0]}.get(make.__name__, []))
        print("GOT", make)
    except OSError:
        pass
""",
    ),
    Attack(
        "gradebook",
        "an UPDATE on a database of marks",
        """
import glob, sqlite3
for path in [*glob.glob("/**/*.db"), "@FILE@", "gradebook.db"]:
    try:
        sqlite3.connect(path).execute("UPDATE grade SET score = 100")
        print("GOT", path)
    except sqlite3.Error:
        pass
""",
    ),
    Attack(
        "next-student",
        "something left behind for the next kernel",
        """
import os
paths = (os.path.expanduser("~/left"), "/dev/shm/left", "/tmp/left")
print("GOT" if any(map(os.path.exists, paths)) else "nothing")
for path in paths:
    try:
        open(path, "w").write("x")
    except OSError:
        pass
""",
    ),
]

NETWORK = [
    Attack(
        "loopback",
        "a service on the grader's machine",
        """
import socket
for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0"):
    try:
        socket.create_connection((host, @PORT@), 1)
        print("GOT", host)
    except OSError:
        pass
""",
    ),
    Attack(
        "internet",
        "the internet, by TCP, UDP and a raw socket",
        """
import socket
for kind, proto in ((socket.SOCK_STREAM, 0), (socket.SOCK_DGRAM, 0), (socket.SOCK_RAW, 1)):
    try:
        with socket.socket(socket.AF_INET, kind, proto) as it:
            it.settimeout(1)
            it.connect(("1.1.1.1", 80))
            it.send(b"x")
            print("GOT", kind)
    except OSError:
        pass
""",
    ),
    Attack(
        "name",
        "a name server",
        """
import socket
try:
    print("GOT", socket.getaddrinfo("example.com", 80))
except OSError:
    pass
""",
    ),
    Attack(
        "unix-socket",
        "a service's socket in the file system, and one with no path",
        """
import socket
for path in ("@SOCKET@", "\\0@ABSTRACT@", "/var/run/docker.sock", "/run/user/1000/bus"):
    try:
        with socket.socket(socket.AF_UNIX) as it:
            it.connect(path)
            print("GOT", path)
    except OSError:
        pass
""",
    ),
    Attack(
        "other-families",
        "families of sockets with a history",
        """
import socket
for family in (16, 17, 29, 38, 40, 44):
    try:
        socket.socket(family, socket.SOCK_RAW)
        print("GOT", family)
    except OSError:
        pass
""",
    ),
    Attack(
        "many-requests",
        "the practice server, with more requests than it can take",
        """
import httpx
key = {"authorization": "Bearer sk-practice"}
with httpx.Client(base_url=str(client.base_url), headers=key) as it:
    codes = [it.post("chat/completions", json={"model": MODEL, "messages": [
        {"role": "user", "content": "x"}]}).status_code for _ in range(150)]
print("GOT" if codes.count(200) > 120 else "refused", codes[-1])
""",
        others=False,
    ),
    Attack(
        "own-server",
        "the practice server's place, by its listener or on its port",
        """
import os, socket
for number in range(3, 40):
    try:
        with socket.socket(fileno=os.dup(number)) as it:
            if it.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                print("GOT", number)
    except OSError:
        pass
with socket.socket() as it:
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        it.setsockopt(socket.SOL_SOCKET, option, 1)
    try:
        it.bind(("127.0.0.1", client.base_url.port))
        it.listen()
        print("GOT the port")
    except OSError:
        pass
""",
    ),
    Attack(
        "unread-streams",
        "the practice server's end, with streams that nobody reads",
        _chat("""
import json, socket
body = json.dumps({"model": model, "stream": True, "messages": [
    {"role": "user", "content": "a " * 20_000}]})
for _ in range(20):
    it = socket.create_connection(("127.0.0.1", client.base_url.port))
    it.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    head = f"Authorization: Bearer {client.api_key}\\r\\nContent-Length: {len(body)}"
    it.send(f"POST /v1/chat/completions HTTP/1.1\\r\\n{head}\\r\\n\\r\\n{body}".encode())
    globals().setdefault("held", []).append(it)
"""),
    ),
    Attack(
        "two-lengths",
        "one request within another, with two keys and two lengths",
        _chat("""
import socket
with socket.create_connection(("127.0.0.1", client.base_url.port), 2) as it:
    it.send(b"POST /v1/chat/completions HTTP/1.1\\r\\nAuthorization: Bearer sk-practice\\r\\n"
            b"Authorization: Bearer " + client.api_key.encode() + b"\\r\\n"
            b"Transfer-Encoding: chunked\\r\\nContent-Length: 5\\r\\n\\r\\n0\\r\\n\\r\\n"
            b"GET /v1/models HTTP/1.1\\r\\nHost: \\x1b[31m\\r\\nX: " + b"a" * 60_000)
"""),
    ),
    Attack(
        "schemas",
        "the practice server's time and memory, with schemas that have no small answer",
        _chat("""
for schema in ({"type": "array", "items": {"type": "string"}, "minItems": 10**9}, {"$ref": "#"},
               {"type": "string", "minLength": 10**9}, {"anyOf": [{"$ref": "#"}] * 50},
               {"type": "string", "pattern": "(a{1000}){1000}"},
               {"type": "integer", "minimum": 10**400}, {"type": "string", "pattern": "^(a+)+$"},
               {"type": "number", "multipleOf": 1e-300}):
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    try:
        client.with_options(max_retries=0, timeout=1).chat.completions.create(
            model=model, messages=[{"role": "user", "content": "a"}], response_format=wanted)
    except Exception:
        pass
"""),
    ),
    Attack(
        "large-requests",
        "the practice server's memory",
        """
import httpx
for _ in range(6):
    try:
        httpx.post(str(client.base_url) + "chat/completions", content=b"[" * (8 << 20), timeout=2)
    except httpx.HTTPError:
        pass
""",
        others=False,
    ),
    Attack(
        "open-connections",
        "the practice server, with connections that never ask",
        """
import socket
held = []
try:
    for _ in range(400):
        held.append(socket.create_connection(("127.0.0.1", client.base_url.port), 1))
        held[-1].send(b"POST /v1/chat/completions HTTP/1.1\\r\\n")
except OSError as error:
    print(error)
held.clear()
""",
    ),
]

EXHAUSTING = [
    Attack(
        "fork-bomb",
        "more processes than the machine has",
        """
import os
def bomb():
    while True:
        try:
            os.fork()
        except OSError:
            pass
bomb()
""",
        note="answer-2",
    ),
    Attack(
        "thread-bomb",
        "more threads than the machine has",
        """
import threading, time
try:
    while True:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
except RuntimeError:
    print("no more")
""",
        others=False,
    ),
    Attack(
        "memory",
        "all memory",
        """
held = []
while True:
    held.append(bytearray(64 << 20))
""",
    ),
    Attack(
        "memory-of-many",
        "all memory, by many processes that each take a little",
        """
import os, time
for _ in range(12):
    if os.fork() == 0:
        held = bytearray(os.urandom(1 << 20) * 120)
        time.sleep(60)
time.sleep(60)
""",
        note="answer-2",
    ),
    Attack(
        "disk",
        "the disk, with one large file and many small ones",
        """
try:
    with open("large", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
except OSError as error:
    print(error)
try:
    for number in range(10**6):
        open(f"small-{number}", "w").close()
except OSError as error:
    print(error)
""",
    ),
    Attack(
        "disk-of-many",
        "the disk, with many files that each are allowed",
        """
import os
total = 0
try:
    for number in range(100):
        with open(f"file-{number}", "wb") as file:
            total += file.write(bytes(4 << 20))
except OSError as error:
    print(error)
print("GOT" if total > 64 << 20 else "stopped", total)
""",
    ),
    Attack("print", "output without an end", 'while True:\n    print("x" * 1000)', note="answer-2"),
    Attack(
        "stderr",
        "output without an end on the other stream, and below Python",
        """
import os, sys, time
end = time.time() + 0.5
while time.time() < end:
    sys.stderr.write("y" * 10000)
    os.write(1, b"z" * 10000)
    os.write(2, b"z" * 10000)
""",
    ),
    Attack(
        "displays",
        "displays without an end",
        """
from IPython.display import HTML, display
while True:
    display(HTML("<b>x</b>" * 10000))
""",
        note="answer-2",
    ),
    Attack(
        "large-value",
        "a value too large to hand over",
        _chat("return 'x' * (200 << 20)"),
        note="03.2",
    ),
    Attack(
        "loop",
        "an endless loop that swallows every exception",
        """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
        note="answer-2",
    ),
    Attack(
        "loop-in-call",
        "an endless loop in the function, with every signal ignored",
        _chat(
            "while True:\n    try:\n        pass\n    except BaseException:\n        pass",
            """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
""",
        ),
        note="03.2",
    ),
    Attack("sleep", "to sleep past every deadline", _chat("import time; time.sleep(1e6)"), "03.2"),
    Attack(
        "generator",
        "a generator without an end",
        _chat("import itertools\nreturn (x for x in itertools.repeat('x'))"),
    ),
    Attack(
        "native-loop",
        "a computation that holds the interpreter's lock",
        "9 ** 9 ** 9",
        note="answer-2",
    ),
    Attack(
        "regex",
        "a regular expression that never ends",
        "import re\nre.match('(a+)+$', 'a' * 64 + 'b')",
        "answer-2",
    ),
]

ENDING = [
    Attack("exit", "to end the kernel with success", "import os\nos._exit(0)", note="answer-2"),
    Attack("exit-in-call", "the same while it is checked", _chat("import os\nos._exit(0)"), "03.2"),
    Attack("quit", "to quit politely", "exit()\nquit()\nraise SystemExit(0)"),
    Attack("quit-in-call", "the same while it is checked", _chat("raise SystemExit(0)")),
    Attack("interrupt", "an exception that is none", _chat("raise KeyboardInterrupt")),
    Attack("base", "an exception of its own kind", _chat("raise BaseException('x')")),
    Attack("crash", "a native crash", "import ctypes\nctypes.string_at(1)", note="answer-2"),
    Attack(
        "crash-in-call",
        "the same while it is checked",
        _chat("import ctypes\nctypes.string_at(1)"),
        "03.2",
    ),
    Attack("abort", "an abort", "import os\nos.abort()", note="answer-2"),
    Attack(
        "recursion",
        "a stack that is too deep",
        "import sys\nsys.setrecursionlimit(10**9)\nf = lambda x: f(x)\nf(1)",
        others=False,
    ),
    Attack(
        "loop-stopped",
        "the kernel's event loop",
        "import asyncio\nasyncio.get_running_loop().stop()",
        others=False,
    ),
    Attack(
        "closed",
        "every descriptor, closed",
        "import os\nos.closerange(0, 256)",
        note="answer-2",
    ),
    Attack(
        "every-cell",
        "to end the kernel with the first call of anything",
        "import os, sys\nsys.settrace(lambda *a: os._exit(1))\n" + _chat("return 'x'"),
        others=False,
    ),
    Attack(
        "signals",
        "signals to every process",
        """
import os, signal
for pid in (-1, os.getppid(), 1, @PID@, 0):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL, signal.SIGINT):
        try:
            if pid == 0 or pid == os.getpid():
                continue
            os.kill(pid, number)
        except OSError:
            pass
""",
        others=False,
    ),
    Attack(
        "daemon",
        "a daemon that outlives the run",
        """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(0.1)
    os._exit(0)
""",
    ),
    Attack(
        "shell-daemon",
        "a program of the system that outlives the run",
        "import subprocess\nsubprocess.Popen('nohup setsid sleep 1000 &', shell=True)",
    ),
    Attack(
        "stubborn-child",
        "a program with a session of its own that ignores every signal",
        """
import signal, subprocess
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
subprocess.Popen(["sh", "-c", "while :; do sleep 1; done"], start_new_session=True)
""",
    ),
    Attack(
        "at-exit",
        "an endless loop when it ends",
        "import atexit, time\natexit.register(time.sleep, 1000)",
    ),
]

ESCAPING = [
    Attack(
        "system-calls",
        "system calls that lead out",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for name, number, *args in (
    ("ptrace", 101, 16, 1, 0, 0), ("unshare", 272, 0x10000000), ("unshare net", 272, 0x40000000),
    ("setns", 308, 0, 0), ("chroot", 161, b"."), ("mount", 165, b"none", b".", b"tmpfs", 0, 0),
    ("bpf", 321, 0, 0, 0), ("io_uring", 425, 8, 0), ("userfaultfd", 323, 1), ("keyctl", 250, 0, -3),
    ("memfd", 319, b"x", 0), ("shmget", 29, 0, 4096, 0o1777), ("perf", 298, 0, 0, -1, -1, 0),
    ("pidfd_getfd", 438, 0, 0, 0), ("reboot", 169, 0, 0, 0), ("personality", 135, 0x0040000),
    ("mq_open", 240, b"x", 0o102, 0o600, 0), ("x32", 0x40000000 | 39),
):
    if libc.syscall(number, *args) != -1:
        print("GOT", name)
""",
    ),
    Attack(
        "read-parent",
        "the memory of other processes, by system call",
        """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
held = ctypes.create_string_buffer(64)
here, there = Piece(ctypes.addressof(held), 64), Piece(id(os), 64)
for pid in (os.getppid(), 1, @PID@):
    if libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
        print("GOT", pid)
""",
    ),
    Attack(
        "namespaces",
        "a user namespace with all rights in it",
        """
import subprocess
print(subprocess.run("unshare -Ur id; unshare -n ip a", shell=True, capture_output=True, text=True)
      .stdout.replace("uid=0", "GOT"))
""",
    ),
    Attack(
        "root",
        "to become root again",
        """
import os
for change in (os.setuid, os.seteuid, os.setgid, lambda who: os.setgroups([who])):
    try:
        change(0)
        print("GOT", change)
    except OSError:
        pass
import subprocess
done = subprocess.run("su -c id; sudo -n id", shell=True, capture_output=True, text=True)
if "uid=0" in done.stdout:
    print("GOT", done.stdout)
""",
    ),
    Attack(
        "limits",
        "limits that are raised",
        """
import resource
for name in ("AS", "NPROC", "FSIZE", "NOFILE", "CPU", "CORE"):
    kind = getattr(resource, f"RLIMIT_{name}")
    try:
        resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print("GOT", name)
    except (OSError, ValueError):
        pass
""",
    ),
    Attack(
        "set-uid",
        "a program that runs as its owner",
        """
import os, shutil
shutil.copy("/bin/sh", "sh")
for change in (lambda: os.chmod("sh", 0o4755), lambda: os.chown("sh", 0, 0)):
    try:
        change()
    except OSError:
        pass
if "uid=0" in os.popen("./sh -p -c id").read():
    print("GOT root")
""",
    ),
    Attack(
        "device",
        "a device made by hand",
        """
import os, stat
try:
    os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
    open("disk", "rb").read(1)
    print("GOT")
except OSError:
    pass
""",
    ),
    Attack(
        "terminal",
        "keys typed into the grader's terminal",
        """
import fcntl, os
for path in (0, 1, 2, "/dev/tty", "/dev/pts/0", "/dev/ptmx"):
    try:
        number = path if isinstance(path, int) else os.open(path, os.O_RDWR)
        fcntl.ioctl(number, 0x5412, b"x")
        print("GOT", path)
    except OSError:
        pass
""",
    ),
]

SHOWING = [
    Attack(
        "terminal-escapes",
        "escapes for the instructor's terminal, in outputs and in an error's name",
        """
print("\\x1b]0;title\\x07\\x1b[2J\\x1b[31m")
raise type("\\x1b[31mRed", (Exception,), {})("\\x1b]52;c;eA==\\x07")
""",
    ),
    Attack(
        "script",
        "script in every kind of output",
        """
from IPython.display import HTML, Javascript, Markdown, SVG, display
for each in (HTML("<script>alert(1)</script>"), Javascript("alert(1)"),
             Markdown("<img src=x onerror=alert(1)>"),
             SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")):
    display(each)
print("</script><script>alert(1)</script>")
""",
    ),
    Attack(
        "half-characters",
        "half a character, where a file is to be written",
        'print("\\ud800")\n' + _chat('print("\\udfff")\nreturn "\\ud800" * 3'),
    ),
    Attack(
        "wrong-types",
        "outputs that are none",
        """
post = get_ipython().display_pub.session.post
for content in ({"name": 5, "text": ["x"]}, {"name": "stdout", "text": None}, [], None, {"data": 5},
                {"data": {"text/plain": {"x": 1}}, "metadata": []}, {"ename": {}, "evalue": []},
                {"data": {"image/png": 7}, "transient": {"display_id": ["x"]}}):
    for kind in ("stream", "display_data", "execute_result", "error", "update_display_data",
                 "clear_output", "status", "comm_open", 7):
        post({"type": kind, "content": content})
""",
    ),
    Attack(
        "rich-outputs",
        "outputs whose kinds are not what they say, with script in their metadata",
        """
from IPython.display import display
display({"text/plain": "\\x1b]0;x\\x07\\u202eabc", "image/png": "<script>alert(1)</script>",
         "application/javascript": "alert(1)", "text/latex": "$\\\\href{javascript:alert(1)}{x}$",
         "application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, raw=True,
        metadata={"image/png": {"width": '1" onload=alert(1)'}})
""",
    ),
    Attack(
        "huge-number",
        "a number that takes for ever to read",
        _chat("import sys\nsys.set_int_max_str_digits(0)\nreturn 10 ** 20000"),
        note="03.2",
    ),
    Attack(
        "huge-decimal",
        "a decimal that takes for ever to round",
        _chat("from decimal import Decimal\nreturn Decimal('1e999999999')"),
    ),
    Attack(
        "deep-value",
        "a value that is too deep",
        _chat("found = []\nfor _ in range(5000):\n    found = [found]\nreturn found"),
    ),
    Attack(
        "cycle",
        "a value that holds itself",
        _chat("history = []\nhistory.append(history)\nreturn history"),
    ),
    Attack(
        "not-a-number",
        "numbers that equal nothing",
        _chat("return [float('nan'), float('inf'), -0.0]"),
    ),
    Attack(
        "repr",
        "an object whose repr() never ends",
        """
class Slow:
    def __repr__(self):
        while True: pass
"""
        + _chat("return Slow()"),
        note="03.2",
    ),
    Attack(
        "formula",
        "formulas and paths where a table or a file could take them",
        'print("=HYPERLINK(\\"http://x\\")", "../../etc/passwd")\n'
        + _chat("return '=1+1|cmd!A1\\n../../x\\0'"),
    ),
]

ATTACKS = [*READING, *FORGING, *NETWORK, *EXHAUSTING, *ENDING, *ESCAPING, *SHOWING]
