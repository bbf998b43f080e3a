"""What every endpoint behind `forward:` needs: a server, the signature, the answers, and calls of outside APIs."""

import argparse
import hmac
import json
import os
import re
import time
import traceback
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

# What people are told when an outside API is broken. They stay, and the same tap later is a new try.
SORRY = "We cannot do that right now. Please try again in a moment."


def show(screen, **data):
    return {"screen": screen, "data": data}


def refuse(message, field=None):
    """The person stays: the screen comes again as it was, with the message."""
    return {"error_message": message} | ({"field": field} if field else {})


def complete(**params):
    return show("SUCCESS", extension_message_response={"params": params})


def close(message):
    return {"status": 427, "error_msg": message}


class Api:
    def __init__(self, base, headers):
        self.base, self.headers = base, headers

    def get(self, path, **query):
        return self.call(Request(f"{self.base}{path}?{urlencode(query)}", headers=self.headers))

    def post(self, path, body, headers={}):
        headers = {**self.headers, **headers, "content-type": "application/json"}
        return self.call(Request(self.base + path, json.dumps(body).encode(), headers))

    def call(self, request):
        """Status and body, which is None where it is no JSON. (0, None) when nothing came within two seconds."""
        try:
            try:
                answer = urlopen(request, timeout=2)
            except HTTPError as error:  # any status from 400 on
                answer = error
            with answer:
                return answer.status, parsed(answer.read())
        except (OSError, HTTPException):
            return 0, None


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return None


def is_signed(header, body, secret):
    """Whether `t=…,v1=…` was made with our secret over this body, within the last five minutes."""
    found = re.fullmatch("t=([0-9]{1,12}),v1=([0-9a-f]{64})", header)
    if not found or abs(time.time() - int(found[1])) > 300:
        return False
    expected = hmac.new(secret.encode(), f"{found[1]}.".encode() + body, "sha256").hexdigest()
    return hmac.compare_digest(expected, found[2])


def serve(answer, headers):
    """Serves a flow: `answer(request, api)` gives its answers, `headers` go with each call of the APIs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--apis", required=True, help="where the outside APIs are, such as https://crm.example.com")
    options = parser.parse_args()
    secret = os.environ["FORWARD_SECRET"]
    api = Api(options.apis, headers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # a reply is written in two parts; the second one would wait for the first

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not is_signed(self.headers.get("X-Screentrail-Signature", ""), body, secret):
                return self.reply(401, {"error": "not signed with our secret"})
            request = json.loads(body) | {"key": self.headers["Idempotency-Key"]}
            try:
                status, reply = 200, answer(request, api)
            except Exception:
                traceback.print_exc()
                status, reply = 500, {"error": "see the log"}
            self.reply(status, reply)

        def reply(self, status, body):
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", options.port), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
