"""with_server.py redis|web PROGRAM: runs the program with a server of its own on a free port of 127.0.0.1.

redis    redis-server, named in JL_REDIS        web    nginx over the current folder, named in JL_WEB
"""

import os
import socket
import subprocess
import sys
import tempfile
import time

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
    with open(f"{folder}/conf", "w") as conf:
        conf.write(NGINX.format(folder=folder, port=port, root=os.getcwd()))
    return ["/usr/sbin/nginx", "-p", folder, "-c", f"{folder}/conf", "-e", f"{folder}/error.log"]


def wait_for(port):
    for _ in range(1000):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    sys.exit("with_server: the server does not start")


def main(kind, program):
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        with open(f"{folder}/log", "w") as log, subprocess.Popen(command(kind, folder, port), stdout=log) as server:
            try:
                wait_for(port)
                name, scheme = {"redis": ("JL_REDIS", "redis"), "web": ("JL_WEB", "http")}[kind]
                return subprocess.run([program], env={**os.environ, name: f"{scheme}://127.0.0.1:{port}"}).returncode
            finally:
                server.terminate()


sys.exit(main(*sys.argv[1:]))
