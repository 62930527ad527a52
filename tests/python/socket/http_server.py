# An HTTP server and its clients over the loopback.
import http.client
import http.server
import json
import threading
import urllib.error
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/missing":
            self.send_error(404)
            return
        body = json.dumps({"path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.end_headers()
        self.wfile.write(data.upper())

    def log_message(self, *args):
        pass


with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    host, port = server.server_address
    base = f"http://{host}:{port}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(base + "/a?b=c") as r:
        print(r.status, r.headers["Content-Type"], json.load(r))
    with opener.open(base, data=b"x" * 100000) as r:
        print(r.status, len(r.read()))
    try:
        opener.open(base + "/missing")
    except urllib.error.HTTPError as e:
        print(e, e.code)
        e.close()
    c = http.client.HTTPConnection(host, port, timeout=10)
    for _ in range(2):
        c.request("GET", "/again")
        r = c.getresponse()
        print(r.status, r.reason, r.read())
    c.close()
    server.shutdown()
    thread.join()
