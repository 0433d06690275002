#!/usr/bin/env python3
"""Writes commands.json: what a running Redis server says of each command, as facts.

    redis-server --port 7399 --save '' &
    python3 tools/command-table/generate.py --port 7399 > commands.json

From COMMAND INFO come arity, flags, ACL categories and key specifications; from COMMAND DOCS the group, the
version of introduction, the deprecation and the option tokens. Summaries, histories and complexities are prose and
are left out. `commands-later.json` beside this script adds what that server is too old to know. Only the standard
library is used.
"""

import argparse
import json
import re
import socket
import sys
from pathlib import Path

LATER = Path(__file__).with_name("commands-later.json")


class Server:
    """A connection that speaks just enough RESP2 to read COMMAND INFO and COMMAND DOCS."""

    def __init__(self, host, port):
        self.stream = socket.create_connection((host, port), timeout=10).makefile("rwb")

    def call(self, *words):
        self.stream.write(b"*%d\r\n" % len(words))
        for word in words:
            data = word.encode()
            self.stream.write(b"$%d\r\n%s\r\n" % (len(data), data))
        self.stream.flush()
        return self.reply()

    def reply(self):
        line = self.stream.readline()[:-2]
        kind, rest = line[:1], line[1:]
        if kind in (b"+", b"$"):
            if kind == b"+":
                return rest.decode()
            if rest == b"-1":
                return None
            return self.stream.read(int(rest) + 2)[:-2].decode()
        if kind == b":":
            return int(rest)
        if kind == b"*":
            return None if rest == b"-1" else [self.reply() for _ in range(int(rest))]
        raise SystemExit(f"the server answered {line!r}")


def table(pairs):
    return dict(zip(pairs[::2], pairs[1::2]))


def canonical(name):
    return name.upper().replace("|", " ")


def key_spec(raw):
    spec = table(raw)
    begin, find = table(spec["begin_search"]), table(spec["find_keys"])
    out = {"access": sorted(spec["flags"])}
    where = table(begin["spec"])
    if begin["type"] == "index":
        out["index"] = where["index"]
    elif begin["type"] == "keyword":
        out["keyword"] = [where["keyword"].upper(), where["startfrom"]]
    how = table(find["spec"])
    if find["type"] == "range":
        out["range"] = [how["lastkey"], how["keystep"], how["limit"]]
    elif find["type"] == "keynum":
        out["keynum"] = [how["keynumidx"], how["firstkey"], how["keystep"]]
    return out


def tokens(arguments, since, out):
    """Each option token with the version that brought it and the kind of the slot behind it."""
    for raw in arguments or []:
        argument = table(raw)
        brought = argument.get("since", since)
        token = argument.get("token")
        if token and token.strip('"'):
            kind = argument["type"]
            slot = None if kind == "pure-token" else argument["name"] if kind not in ("oneof", "block") else kind
            out.setdefault(token.strip('"').upper(), [brought, slot])
        tokens(argument.get("arguments"), brought, out)
    return out


def command(name, info, doc):
    since = doc["since"]
    row = {
        "name": name,
        "group": doc["group"],
        "arity": info[1],
        "flags": sorted(info[2]),
        "acl": sorted(category.lstrip("@") for category in info[6]),
        "keys": [key_spec(spec) for spec in info[8]],
        "tokens": tokens(doc.get("arguments"), since, {}),
        "since": {"redis": since},
    }
    if "deprecated_since" in doc:
        named = re.findall(r"`([A-Z][A-Z0-9. _-]*)`", doc.get("replaced_by", ""))
        row["deprecated"] = {"redis": doc["deprecated_since"]}
        row["replaced_by"] = named
    return row


def from_server(server):
    docs = table(server.call("COMMAND", "DOCS"))
    rows = {}
    for info in server.call("COMMAND"):
        doc = table(docs[info[0]])
        inner = table(doc.get("subcommands") or [])
        name = canonical(info[0])
        rows[name] = command(name, info, doc)
        if inner:
            rows[name]["container"] = True
        for sub in info[9]:
            sub_name = canonical(sub[0])
            if not sub_name.endswith(" HELP"):
                rows[sub_name] = command(sub_name, sub, table(inner[sub[0]]))
    return rows


def merge(rows, later):
    for row in later["commands"]:
        known = rows.setdefault(row["name"], row)
        if known is not row:
            for field in ("since", "deprecated", "tokens"):
                if field in row:
                    known[field] = {**known.get(field, {}), **row[field]}
            if "replaced_by" in row:
                known.setdefault("replaced_by", row["replaced_by"])


def main():
    arguments = argparse.ArgumentParser(description="Write commands.json from a running redis-server.")
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=6379)
    arguments.add_argument("--server-only", action="store_true", help="leave commands-later.json out")
    chosen = arguments.parse_args()
    server = Server(chosen.host, chosen.port)
    version = re.search(r"redis_version:(\S+)", server.call("INFO", "server")).group(1)
    rows = from_server(server)
    if not chosen.server_only:
        merge(rows, json.loads(LATER.read_text()))
    lines = [json.dumps(rows[name], separators=(",", ":")) for name in sorted(rows)]
    sys.stdout.write('{"generated_from":"redis %s",\n"commands":[\n' % ".".join(version.split(".")[:2]))
    sys.stdout.write(",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
