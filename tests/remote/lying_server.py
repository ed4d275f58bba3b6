"""lying_server.py PORT FOLDER LOG: serves FOLDER below /BEHAVIOUR/, each request a line of LOG.

honest      ranges, tags, lengths as they should be          dropN   N bytes of each answer, then the connection is lost
busyN       503 to the first N requests                      whole   200 with all of it, whatever range is asked for
shifted     ranges that begin a byte too late                cut     ranges that end a byte too early
changing    another tag with each answer                     growing another length with each answer
long        three bytes more than announced                  stall   half of the first answer, then nothing
silent      takes the request and says nothing               hopN    a redirect to hop(N-1), at last to honest
garbage     no HTTP at all                               endless     404 that goes on for 20 s
"""

import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PORT, FOLDER, LOG = int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
lock, counts = threading.Lock(), {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_GET(self):
        wanted = self.headers.get("Range", "")
        _, behaviour, name = self.path.split("/", 2)
        with lock:
            counts[self.path] = number = counts.get(self.path, 0) + 1
            with LOG.open("a") as log:
                log.write(f"{behaviour} {wanted}\n")
        kind, digits = re.fullmatch(r"([a-z]+)(\d*)", behaviour).groups()
        amount = int(digits or 0)
        if kind == "busy" and number <= amount:
            return self.answer(503, {"Retry-After": "0"}, b"busy")
        if kind == "hop":
            return self.answer(302, {"Location": f"/hop{amount - 1}/{name}" if amount > 1 else f"/honest/{name}"}, b"")
        if kind == "silent":
            return time.sleep(30)
        if kind == "endless":
            self.begin(404, {"Transfer-Encoding": "chunked"}, None)
            for _ in range(200):
                self.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
                self.wfile.flush()
                time.sleep(0.1)
            return self.wfile.write(b"0\r\n\r\n")
        if kind == "garbage":
            self.close_connection = True
            return self.wfile.write(b"\x00\x01\x02 no HTTP\r\n\r\n")
        path = FOLDER / name
        if not path.is_file():
            return self.answer(404, {}, b"")
        self.give(kind, amount, path.read_bytes(), wanted, number)

    def give(self, kind, amount, content, wanted, number):
        total = len(content) + (number if kind == "growing" else 0)
        fields = {"ETag": f'"{number if kind == "changing" else 1}"'}
        first, last = self.bounds(wanted, len(content))
        status = 206 if wanted and kind != "whole" else 200
        part = content[first : last + 1] if status == 206 else content
        if status == 206:
            if kind == "shifted":
                first, last = first + 1, last + 1
            if kind == "cut":
                part, last = part[:-1], last - 1
            fields["Content-Range"] = f"bytes {first}-{last}/{total}"
        if kind == "drop":
            self.begin(status, fields, len(part))
            self.wfile.write(part[:amount])
            self.close_connection = True
        elif kind == "stall" and number == 1:
            self.begin(status, fields, len(part))
            self.wfile.write(part[: len(part) // 2])
            self.wfile.flush()
            time.sleep(30)
        elif kind == "long":
            fields["Transfer-Encoding"] = "chunked"
            self.begin(status, fields, None)
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(part) + 3, part + b"abc"))
        else:
            self.answer(status, fields, part)

    @staticmethod
    def bounds(wanted, size):
        if not wanted:
            return 0, size - 1
        first, last = wanted.removeprefix("bytes=").split("-")
        if not first:
            return max(size - int(last), 0), size - 1
        return int(first), min(int(last or size), size - 1)

    def begin(self, status, fields, length):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def answer(self, status, fields, body):
        self.begin(status, fields, len(body))
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


Server(("127.0.0.1", PORT), Handler).serve_forever()
