# Reads what Trackio has logged on this machine and answers with one line of JSON.
#
# Run as `python3 -c <this> <question>`, where a training would run: so SQLite itself reads a database that a training
# still writes to (its newest rows are in the log beside it). The question and the answers: reader.ts and answer.ts.
#
# What is on disk (trackio 0.43, sqlite_storage.py and fragments.py): one database a project, metrics as JSON objects in
# which numbers that are none are the texts NaN, Infinity and -Infinity; on network file systems JSON lines below inbox/
# that nobody has imported yet.
import glob, json, math, os, sqlite3, sys

ask = json.loads(sys.argv[1])
most = ask["most"]


def answer(value):
    print(json.dumps(value))
    sys.exit(0)


def fail(code, message, known=()):
    answer({"error": {"code": code, "message": message, "known": sorted(known)[:40]}})


def home():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    hub = os.environ.get("HF_HOME") or os.path.join(cache, "huggingface")
    return os.environ.get("TRACKIO_DIR") or os.path.join(os.path.expanduser(hub), "trackio")


def safe(project):
    return "".join(c for c in project if c.isalnum() or c in "-_").rstrip() or "default"


def open_database(path):
    # Whoever has it open keeps a log beside it. Without one nobody writes, and to read it as it is leaves no files
    # behind and works in a folder that is read-only.
    name = "file:" + path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    mode = "?mode=ro" if os.path.exists(path + "-wal") else "?immutable=1"
    return sqlite3.connect(name + mode, uri=True, timeout=10)


def rows_of(base, table, columns):
    there = {row[1] for row in base.execute("pragma table_info(%s)" % table)}
    if not there:
        return
    # Older versions know runs by their names alone.
    picked = [column if column in there else "run_name" if column == "run_id" else "null" for column in columns]
    for row in base.execute("select %s from %s order by rowid" % (", ".join(picked), table)):
        yield row


def parsed(value):
    try:
        found = json.loads(value)
        return found if isinstance(found, dict) else {}
    except Exception:
        return {}


def number(value):
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        value = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}.get(value)
        return value
    return float(value) if isinstance(value, (int, float)) else None


def plain(value):
    if math.isnan(value):
        return "nan"
    return ("inf" if value > 0 else "-inf") if math.isinf(value) else float("%.6g" % value)


def inbox(folder):
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "inbox", "*", "*.jsonl"))):
        try:
            with open(path, encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    yield parsed(line)
        except OSError:
            continue


def entries(folder, project):
    path = os.path.join(folder, safe(project) + ".db")
    seen = set()
    if os.path.exists(path):
        base = open_database(path)
        for run, name, config in rows_of(base, "configs", ("run_id", "run_name", "config")):
            yield "config", run, name, None, None, parsed(config)
        for run, name, step, time, values, log in rows_of(
            base, "metrics", ("run_id", "run_name", "step", "timestamp", "metrics", "log_id")):
            seen.add(log)
            yield "metric", run, name, step, time, parsed(values)
        for run, name, time, values, log in rows_of(
            base, "system_metrics", ("run_id", "run_name", "timestamp", "metrics", "log_id")):
            seen.add(log)
            yield "system", run, name, None, time, parsed(values)
        for run, name, step, time, title, text, level, alert in rows_of(
            base, "alerts", ("run_id", "run_name", "step", "timestamp", "title", "text", "level", "alert_id")):
            seen.add(alert)
            yield "alert", run, name, step, time, {"title": title, "text": text, "level": level}
        base.close()
    for one in inbox(folder):
        mark = one.get("log_id") or one.get("alert_id")
        if safe(str(one.get("project"))) != safe(project) or (mark and str(mark) in seen):
            continue
        run, name = one.get("run_id") or one.get("run"), one.get("run")
        config, metrics = one.get("config"), one.get("metrics")
        if isinstance(config, dict):
            yield "config", run, name, None, None, config
        kind = {"metric": "metric", "system_metric": "system", "alert": "alert"}.get(str(one.get("kind")))
        if kind == "alert":
            yield kind, run, name, one.get("step"), one.get("timestamp"), one
        elif kind and isinstance(metrics, dict):
            yield kind, run, name, one.get("step"), one.get("timestamp"), metrics


def projects_in(folder):
    found = {os.path.basename(path)[:-3] for path in glob.glob(os.path.join(glob.escape(folder), "*.db"))}
    return found | {safe(str(one["project"])) for one in inbox(folder) if one.get("project")}


class Run:
    def __init__(self, name):
        self.name, self.last, self.step, self.config = name, "", None, {}
        self.metrics, self.alerts, self.points = {}, [], []

    def add(self, name, value, step):
        known = self.metrics.setdefault(name, {"count": 0, "min": None, "max": None, "not_finite": 0})
        known["count"] += 1
        known["last"], known["step"] = plain(value), step
        if not math.isfinite(value):
            known["not_finite"] += 1
            known.setdefault("not_finite_from", step)
            return
        if known["min"] is None or value < known["min"]:
            known["min"], known["min_step"] = value, step
        if known["max"] is None or value > known["max"]:
            known["max"], known["max_step"] = value, step


def collect(folder, project, metric):
    runs = {}
    for kind, run, name, step, time, values in entries(folder, project):
        # Anybody may have written what lies there.
        step = step if isinstance(step, (int, float)) and math.isfinite(step) else None
        one = runs.setdefault(str(run), Run(str(name)))
        one.last = max(one.last, str(time or ""))
        if kind == "config":
            one.config.update({key: value for key, value in values.items() if not key.startswith("_")})
        elif kind == "alert":
            told = {key: str(values.get(key) or "") for key in ("title", "text", "level")}
            one.alerts.append(dict(told, step=step))
        else:
            if step is not None and (one.step is None or step > one.step):
                one.step = step
            for key, value in values.items():
                value = number(value)
                if value is None:
                    continue
                one.add(key, value, step)
                if key == metric and step is not None and (ask["after"] is None or step > ask["after"]):
                    one.points.append((step, value))
    return runs


def thinned(points, count):
    points.sort(key=lambda point: point[0])
    if len(points) > count:
        points = [points[round(i * (len(points) - 1) / (count - 1))] for i in range(count)]
    return [(step, plain(value)) for step, value in points]


def summary(run, names):
    metrics = {}
    for key in names:
        one = run.metrics[key]
        metrics[key] = dict(one, **{side: None if one[side] is None else plain(one[side]) for side in ("min", "max")})
    return {"name": run.name, "last": run.last, "step": run.step, "metrics": metrics}


def overview(run, most_names):
    found = summary(run, list(run.metrics)[:most_names])
    config = {key: json.dumps(value)[:80] for key, value in list(run.config.items())[:most_names]}
    return dict(found, config=config, more_metrics=max(0, len(run.metrics) - most_names),
                alerts=run.alerts[-5:], more_alerts=max(0, len(run.alerts) - 5))


def curve(run, metric, points):
    return dict(summary(run, [metric]), points=thinned(run.points, points), points_in_all=len(run.points))


def main():
    folder = ask["dir"] or home()
    if not os.path.isdir(folder):
        fail("NOT_FOUND", "Nothing was logged with Trackio: there is no folder %s." % folder)
    known = projects_in(folder)
    project = ask["project"]
    if project is None and len(known) != 1:
        listed = sorted(known)
        answer({"dir": folder, "projects": listed[:200], "more_projects": max(0, len(listed) - 200)})
    project = next(iter(known)) if project is None else safe(project)
    if project not in known:
        fail("NOT_FOUND", "There is no project %s in %s." % (project, folder), known)
    metric = ask["metric"]
    picked = sorted(collect(folder, project, metric).values(), key=lambda run: run.last, reverse=True)
    if ask["runs"]:
        names = {run.name for run in picked}
        missing = [name for name in ask["runs"] if name not in names]
        if missing:
            fail("NOT_FOUND", "The project %s has no run %s." % (project, ", ".join(missing)), names)
        picked = [run for run in picked if run.name in ask["runs"]]
    if metric is not None:
        logged = {key for run in picked for key in run.metrics}
        picked = [run for run in picked if metric in run.metrics]
        if not picked:
            fail("NOT_FOUND", "None of these runs has logged %s." % metric, logged)
    more = max(0, len(picked) - most["runs"])
    picked = picked[: most["runs"]]
    points, names = most["points"], most["metrics"]
    while True:
        runs = [overview(run, names) if metric is None else curve(run, metric, points) for run in picked]
        value = {"dir": folder, "project": project, "metric": metric, "runs": runs, "more_runs": more}
        if len(json.dumps(value)) <= most["chars"] or max(points, names) <= 4:
            answer(value)
        points, names = max(4, points // 2), max(4, names // 2)


try:
    main()
except (sqlite3.Error, OSError) as error:
    fail("SYSTEM", "Trackio's records could not be read: %s" % error)
