"""with_server.py redis|web|s3:PYTHON PROGRAM: runs the program with a server of its own on a free port of 127.0.0.1.

redis    redis-server, named in JL_REDIS        web    nginx over the current folder, named in JL_WEB
s3       tests/remote/s3_server.py, run by PYTHON, named in AWS_…; without that Python nothing is run
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

S3_SERVER = Path(__file__).parents[1] / "tests/remote/s3_server.py"
NGINX = """daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{}}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; server {{ listen 127.0.0.1:{port}; root {root}; }} }}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def command(kind, folder, port):
    if kind == "redis":
        return ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", folder]
    if kind.startswith("s3:"):
        return [kind[3:], "-B", str(S3_SERVER), str(port), folder]
    with open(f"{folder}/conf", "w") as conf:
        conf.write(NGINX.format(folder=folder, port=port, root=os.getcwd()))
    return ["/usr/sbin/nginx", "-p", folder, "-c", f"{folder}/conf", "-e", f"{folder}/error.log"]


def settings(kind, folder, port):
    if kind == "redis":
        return {"JL_REDIS": f"redis://127.0.0.1:{port}"}
    if kind == "web":
        return {"JL_WEB": f"http://127.0.0.1:{port}"}
    _, key_id, secret = Path(folder, "credentials").read_text().splitlines()[0].split()
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret,
        "JL_BUCKET": "bucket",
    }


def wait_for(port):
    for _ in range(1000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    sys.exit("with_server: the server does not start")


def main(kind, program):
    if kind.startswith("s3:") and not os.path.exists(kind[3:]):
        return print("with_server: no S3 server is installed")
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with open(f"{folder}/log", "w") as log, subprocess.Popen(command(kind, folder, port), stdout=log) as server:
            try:
                wait_for(port)
                return subprocess.run([program], env={**os.environ, **settings(kind, folder, port)}).returncode
            finally:
                server.terminate()


sys.exit(main(*sys.argv[1:]))
