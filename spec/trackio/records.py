# Writes records as Trackio lays them down (0.43), from commands on standard input, one JSON object a line:
# {"run", "id", "step", "metrics"}, {"run", "id", "config"}, {"run", "id", "alert": {...}}, {"run", "id", "system": {...}}.
# Says "done" once all is committed, then waits for another line before it closes the database, or is killed.
import json
import sqlite3
import sys

base = sqlite3.connect(sys.argv[1])
base.execute("pragma journal_mode = wal")
base.execute("pragma wal_autocheckpoint = 0")
old = len(sys.argv) > 2 and sys.argv[2] == "old"
by = "run_name text" if old else "run_id text, run_name text"
base.execute(f"create table if not exists metrics (id integer primary key, timestamp text, {by}, step integer, metrics text, log_id text)")
if not old:
    base.execute(f"create table if not exists configs (id integer primary key, {by}, config text, created_at text)")
    base.execute(f"create table if not exists system_metrics (id integer primary key, timestamp text, {by}, metrics text, log_id text)")
    base.execute(f"create table if not exists alerts (id integer primary key, timestamp text, {by}, title text, text text, level text, step integer, alert_id text)")


def add(table, one, **values):
    values["run_name"] = one["run"]
    if not old:
        values["run_id"] = one.get("id", one["run"])
    names = ", ".join(values)
    base.execute(f"insert into {table} ({names}) values ({', '.join('?' * len(values))})", list(values.values()))


for count, line in enumerate(iter(sys.stdin.readline, "end\n")):
    one = json.loads(line)
    time = one.get("time", f"2026-11-30T10:00:{count % 60:02}+00:00")
    if "metrics" in one:
        body = json.dumps(one["metrics"]).encode()
        add("metrics", one, timestamp=time, step=one["step"], metrics=body, log_id=one.get("log_id"))
    elif "system" in one:
        add("system_metrics", one, timestamp=time, metrics=json.dumps(one["system"]))
    elif "config" in one:
        add("configs", one, config=json.dumps(one["config"]), created_at=time)
    else:
        add("alerts", one, timestamp=time, step=one["step"], **one["alert"])
base.commit()
print("done", flush=True)
sys.stdin.readline()
base.close()
