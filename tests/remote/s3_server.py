"""s3_server.py PORT FOLDER: an S3 server (moto) that checks each request's signature and the hash of its body.

FOLDER/credentials names who may ask, a line each: user KEY SECRET, role KEY SECRET TOKEN; the bucket is "bucket".
FOLDER/requests gets a line for each request: METHOD /path?query STATUS range.
FOLDER/faults says how to misbehave, a line each, taken in this order: COUNT METHOD WORD KIND: the next COUNT requests
of that method ("*": any) whose URL has WORD in it ("*": any) are treated so:

slow      503 SlowDown                        drop      done, and the connection is lost before the answer
lost      not done, the connection is lost    cut       the answer ends early, its length told as it was
short     one byte less, told so              shifted   a range that begins a byte too late
late      400 RequestTimeout                  inside    200 with an <Error> in it, not done
endless   200 and bytes for ever              echo      403 with the secrets that were sent in its message
distant   done, a second later
"""

import hashlib
import io
import json
import os
import socket
import sys
import threading
import time
from pathlib import Path

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "false"

from moto import settings
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.s3.models import s3_backends
from moto.sts.models import sts_backends
from werkzeug.serving import WSGIRequestHandler, make_server

PORT, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
ERROR = '<?xml version="1.0"?><Error><Code>{}</Code><Message>{}</Message></Error>'
lock = threading.Lock()


def people():
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    iam.create_user("us-east-1", "user")
    iam.put_user_policy("user", "everything", EVERYTHING)
    key = iam.create_access_key("user")
    yield "user", key.access_key_id, key.secret_access_key
    iam.create_role("role", EVERYTHING, "/", None, "", [], None)
    iam.put_role_policy("role", "everything", EVERYTHING)
    arn = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/role"
    role = sts_backends[DEFAULT_ACCOUNT_ID]["aws"].assume_role("us-east-1", "session", arn, None, 3600, None)
    yield "role", role.access_key_id, role.secret_access_key, role.session_token


def fault_for(method, url):
    """The kind of the first fault that fits, counted down."""
    path = FOLDER / "faults"
    if not path.exists():
        return None
    lines = [line.split() for line in path.read_text().splitlines() if line]
    for line in lines:
        if int(line[0]) > 0 and line[1] in ("*", method) and (line[2] == "*" or line[2] in url):
            line[0] = str(int(line[0]) - 1)
            path.write_text("".join(" ".join(words) + "\n" for words in lines))
            return line[3]
    return None


class Checked:
    """moto behind what it leaves out: hashes of bodies, faults, a list of the requests."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        method, url = environ["REQUEST_METHOD"], environ["RAW_URI"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        told = environ.get("HTTP_X_AMZ_CONTENT_SHA256", "")
        environ["wsgi.input"] = io.BytesIO(body)
        with lock:
            kind = fault_for(method, url)
        signed = "HTTP_AUTHORIZATION" in environ and len(told) == 64
        if kind == "lost":
            return self.drop(environ)
        if kind == "slow":
            status, fields, answer = self.error(503, "SlowDown", "Please reduce your request rate.")
        elif kind == "late":
            status, fields, answer = self.error(400, "RequestTimeout", "Your socket connection was not read.")
        elif kind == "echo":
            sent = " ".join(environ.get(name, "") for name in ("HTTP_AUTHORIZATION", "HTTP_X_AMZ_SECURITY_TOKEN"))
            status, fields, answer = self.error(403, "AccessDenied", "You sent " + sent)
        elif kind == "endless":
            return self.never_ending(start_response)
        elif kind == "inside":
            status, fields, answer = self.error(200, "InternalError", "We encountered an internal error.")
        elif not signed and "HTTP_AUTHORIZATION" in environ:
            status, fields, answer = self.error(400, "MissingContentSHA256", "No hash.")
        elif signed and told != hashlib.sha256(body).hexdigest():
            status, fields, answer = self.error(400, "XAmzContentSHA256Mismatch", "Another hash.")
        elif not signed:
            status, fields, answer = self.error(403, "AccessDenied", "Access Denied.")
        else:
            if kind == "distant":
                time.sleep(1)
            status, fields, answer = self.ask(environ)
        with lock, (FOLDER / "requests").open("a") as log:
            log.write(f"{method} {url} {status[:3]} {environ.get('HTTP_RANGE', '')}\n")
        if kind == "drop":
            return self.drop(environ)
        return self.give(environ, start_response, kind, status, fields, answer)

    def ask(self, environ):
        told = []
        chunks = self.application(environ, lambda status, fields, *rest: told.append((status, fields)))
        answer = b"".join(chunks)
        status, fields = told[0]
        if environ["REQUEST_METHOD"] != "HEAD":
            fields = [pair for pair in fields if pair[0].lower() != "content-length"]
            fields.append(("Content-Length", str(len(answer))))
        return status, fields, answer

    @staticmethod
    def error(status, code, message):
        answer = ERROR.format(code, message).encode()
        return f"{status} x", [("Content-Length", str(len(answer))), ("Content-Type", "application/xml")], answer

    @staticmethod
    def never_ending(start_response):
        start_response("200 OK", [("Content-Type", "application/xml"), ("ETag", '"x"')])
        while True:
            yield b"x" * 4096

    @staticmethod
    def drop(environ):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError

    @staticmethod
    def give(environ, start_response, kind, status, fields, answer):
        if kind == "short":
            answer = answer[:-1]
            fields = [pair if pair[0] != "Content-Length" else (pair[0], str(len(answer))) for pair in fields]
        if kind == "shifted":
            fields = [pair if pair[0].lower() != "content-range" else (pair[0], later(pair[1])) for pair in fields]
        write = start_response(status, fields)
        if kind == "cut":
            write(answer[: len(answer) // 2])
            return Checked.drop(environ)
        return [answer]


def later(content_range):
    first, rest = content_range.removeprefix("bytes ").split("-")
    return f"bytes {int(first) + 1}-{rest}"


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *words):
        pass


settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
(FOLDER / "credentials").write_text("".join(" ".join(person) + "\n" for person in people()))
s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket("bucket", "us-east-1")
application = Checked(DomainDispatcherApplication(create_backend_app))
make_server("127.0.0.1", PORT, application, threaded=True, request_handler=Handler).serve_forever()
