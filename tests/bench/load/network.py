"""Measures a network of two organisations on this machine: one orderer, a peer each, TLS everywhere, a contract that puts
256 bytes. Everything is made anew in a temporary folder, and ended in any case.

`./dev bench network` builds what is needed and calls this. What a person reads goes to standard error; one line of JSON
with all figures goes to standard output. No figure is judged here.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
CONTRACT = ROOT / "tests/network/keys"
POLICIES = {"or": "OR('Org1MSP.peer','Org2MSP.peer')", "and": "AND('Org1MSP.peer','Org2MSP.peer')"}
PARTS = {
    "start": "from nothing to the first committed transaction, three times",
    "idle": "memory of nodes that have joined a channel and do nothing",
    "submit": "endorse, order and wait for the commit, many in flight, OR policy",
    "and": "the same under AND policy",
    "evaluate": "queries",
    "latency": "one transaction in flight, compared with the batch timeout",
    "join": "a peer that joins late",
    "flow": "what it costs that somebody listens to all stages of all transactions at every node",
}
PATIENCE = 60


def tell(text):
    print(text, file=sys.stderr, flush=True)


def children(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in task.read_text().split()]
    return found


def command_of(pid):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    return [""]


def resident_mb(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


def cpu_seconds(pid):
    """Of the whole process, to the nanosecond: the clock that clock_getcpuclockid(3) names."""
    return time.clock_gettime((~pid << 3) | 2)


def end(process):
    """SIGTERM, and SIGKILL when that is not heeded."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Network:
    """Serves from `with` to the end of it."""

    def __init__(self, options, name, policy=None, call=None):
        self.options = options
        self.folder = options.folder / name
        self.log = options.folder / f"{name}.log"
        command = [options.bin / "chanceryctl", "network", "run", "--network", self.folder]
        command += ["--batch-timeout", str(options.batch_timeout)]
        if policy:
            command += ["--contract", CONTRACT, "--contract-name", "keys", "--policy", policy]
        if call:
            command += ["--call", call]
        self.command = [str(word) for word in command]

    def __enter__(self):
        with open(self.log, "wb") as log:
            began = time.monotonic()
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.committed_s = None
            while "✓ ready" not in (said := self.log.read_text(errors="replace")):
                if self.committed_s is None and "is committed in block" in said:
                    self.committed_s = time.monotonic() - began
                if self.process.poll() is not None or time.monotonic() - began > PATIENCE:
                    raise RuntimeError(f"the network did not start:\n{said}")
                time.sleep(0.002)
            if self.committed_s is None:
                self.committed_s = time.monotonic() - began
            self.steps_ms = {what: int(ms) for what, ms in re.findall(r"✓ (.+?)  (\d+) ms$", said, re.MULTILINE)}
        except BaseException:
            end(self.process)
            raise
        return self

    def __exit__(self, *_):
        end(self.process)
        # A ledger under load is large, and nobody asks for it any longer.
        if not self.options.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def processes(self):
        """Name to process id: nodes, and the contract hosts that are their children."""
        found = {}
        for pid in children(self.process.pid):
            name = pathlib.Path(command_of(pid)[-1]).parent.name
            found[name] = pid
            for contract in children(pid):
                found["contract of " + name] = contract
        return found

    def load(self, kind, *arguments):
        """The report of chancery_load."""
        command = [self.options.bin / "chancery_load", kind, "--contract", "keys"]
        command += ["--profile", self.folder / "profiles/connection-Org1.json"]
        for organisation in ("Org1", "Org2"):
            command += ["--identity", self.folder / "wallets" / organisation / "User1.id"]
        command += ["--pids", ",".join(f"{name}={pid}" for name, pid in self.processes().items()), *arguments]
        done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=False)
        if not done.stdout:
            raise RuntimeError(f"chancery_load ended with {done.returncode}")
        return json.loads(done.stdout)

    def await_gateways(self):
        """Seconds until a gateway has had a transaction committed: they must learn of each other's contracts first."""
        began = time.monotonic()
        once = ("--in-flight", 1, "--count", 2, "--warm-up", 0, "--duration", PATIENCE)
        while self.load("submit", *once)["measured"]["committed"] < 2:
            if time.monotonic() - began > PATIENCE:
                raise RuntimeError("no gateway finds endorsers")
        return time.monotonic() - began

    def loads(self, kind, counts, *arguments):
        """One report for each number in flight."""
        reports = []
        for count in counts:
            report = self.load(kind, "--in-flight", count, "--duration", self.options.seconds, *arguments)
            tell_load(report)
            reports.append(report)
        return reports


def tell_load(report):
    good = report["measured"].get("committed", report["measured"].get("succeeded"))
    cpu = report["cpu_ms_per_transaction"]
    total = report.get("latency_ms", {}).get("total", {"p50": 0, "p99": 0})
    tell(
        f"  {report['kind']:9}{report['in_flight']:4} in flight {report['per_s']:8.0f} /s"
        f"{'       –' if cpu is None else f'{cpu:8.3f}'} ms CPU each, p50 {total['p50']:.1f} ms, p99 {total['p99']:.1f} ms"
        f" ({good} of {report['measured']['begun']} good)"
    )
    for error, count in report["errors"].items():
        tell(f"            {count} × {error}")


def summary(reports, unit):
    """What one looks at first: the best run, with its cost for each process."""
    best = max(reports, key=lambda report: report["per_s"])
    shares = {name: share.get("cpu_ms_per_transaction") for name, share in best["processes"].items()}
    return {
        f"{unit}_per_s": best["per_s"],
        "in_flight": best["in_flight"],
        "cpu_ms_each": best["cpu_ms_per_transaction"],
        "cpu_ms_each_by_process": shares,
        "generator_cpu_ms_each": best["generator"]["cpu_ms_per_transaction"],
        "rss_mb": {name: share.get("rss_mb_peak") for name, share in best["processes"].items()},
        "latency_ms": best.get("latency_ms"),
        "not_good": sum(r["measured"].get("invalid", 0) + r["measured"]["failed"] for r in reports),
        "runs": reports,
    }


def tell_shares(figures):
    for name, share in figures["cpu_ms_each_by_process"].items():
        rss = figures["rss_mb"][name]
        if share is not None:
            tell(f"    {name:40}{share:8.3f} ms CPU each, {rss:6.1f} MB")
    tell(f"    {'(generator)':40}{figures['generator_cpu_ms_each'] or 0:8.3f} ms CPU each")


def measure_start(options):
    times, steps = [], {}
    for attempt in range(3):
        with Network(options, f"start{attempt}", POLICIES["or"], "User1@put,first,value") as network:
            times.append(network.committed_s)
            steps = network.steps_ms
    tell(f"  first transaction committed after {statistics.median(times) * 1000:.0f} ms")
    return {"first_commit_ms": statistics.median(times) * 1000, "all_ms": [t * 1000 for t in times], "steps_ms": steps}


def measure_idle(options):
    with Network(options, "idle") as network:
        figures = {name: resident_mb(pid) for name, pid in network.processes().items()}
    with Network(options, "idle-contract", POLICIES["or"]) as network:
        deployed = {name: resident_mb(pid) for name, pid in network.processes().items()}
    for name, megabytes in deployed.items():
        before = f"{figures[name]:6.1f} MB without contract, " if name in figures else " " * 28
        tell(f"    {name:40}{before}{megabytes:6.1f} MB with")
    return {"rss_mb": figures, "rss_mb_with_contract": deployed}


def measure_latency(network):
    report = network.load("submit", "--in-flight", 1, "--count", 100, "--duration", 60, "--warm-up", 1)
    tell_load(report)
    timeout = network.options.batch_timeout
    latency = report.get("latency_ms", {})
    over = {name: latency["total"][name] - timeout for name in ("p50", "p90", "p99")} if latency else None
    if over:
        tell(f"  above the batch timeout of {timeout} ms: p50 {over['p50']:.1f} ms, p99 {over['p99']:.1f} ms")
    return {"batch_timeout_ms": timeout, "above_batch_timeout_ms": over, "latency_ms": latency, "run": report}


class LatePeer:
    """A second peer with the keys of peer0.org2, without data."""

    def __init__(self, network):
        self.network = network
        source = network.folder / "nodes/peer0.org2.example.com/node.yaml"
        folder = network.folder / "nodes/late"
        folder.mkdir()
        # Any free ports instead of those that are taken.
        settings = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:0", source.read_text())
        (folder / "node.yaml").write_text(settings)
        command = [network.options.bin / "chancery-node", "peer", "--config", folder / "node.yaml", "--detached"]
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=folder
        )
        ready = self.process.stdout.readline().decode()
        if not ready.startswith("READY "):
            end(self.process)
            raise RuntimeError("the late peer did not start")
        self.endpoints = json.loads(ready[6:])["endpoints"]
        organisation = network.folder / "crypto/peerOrganizations/org2.example.com"
        self.admin = organisation / "users/Admin@org2.example.com"
        self.tls = ssl.create_default_context(cafile=str(organisation / "tlsca/tlsca.org2.example.com-cert.pem"))
        self.tls.load_cert_chain(self.admin / "tls/client.crt", self.admin / "tls/client.key")

    def join(self):
        profile = json.loads((self.network.folder / "profiles/connection-Org2.json").read_text())
        profile["peers"]["peer0.org2.example.com"]["url"] = "grpcs://" + self.endpoints["grpc"]
        place = self.network.folder / "profiles/late.json"
        place.write_text(json.dumps(profile))
        command = [self.network.options.bin / "chanceryctl", "channel", "join"]
        command += [self.network.folder / "channels/mychannel.block", "--profile", place]
        command += ["--msp", self.admin / "msp", "--msp-id", "Org2MSP", "--peer", "peer0.org2.example.com"]
        subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)

    def height(self):
        url = f"https://{self.endpoints['operations']}/metrics"
        with urllib.request.urlopen(url, context=self.tls, timeout=PATIENCE) as answer:
            found = re.search(r"^ledger_blockchain_height\{.*\} (\S+)$", answer.read().decode(), re.MULTILINE)
        return int(float(found.group(1))) if found else 0


class Listeners:
    """Somebody at the admin socket of every node, for as long as `with` lasts."""

    def __init__(self, network):
        self.network = network

    def __enter__(self):
        self.processes = {}
        for socket in sorted(self.network.folder.rglob("admin.sock")):
            command = [self.network.options.bin / "chanceryctl", "flow", "tail", "--admin-socket", socket]
            command += ["--summary", "--output", "json"]
            node = socket.parent.parent if socket.parent.name == "run" else socket.parent
            self.processes[node.name] = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
            )
        return self

    def __exit__(self, *_):
        self.told = {}
        for name, process in self.processes.items():
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=PATIENCE)[0].decode()
            self.told[name] = next(iter(json.loads(said).values()), {}) if said else {}


def measure_flow(options):
    """In turns with and without listeners, so that what else the machine does counts for both."""
    name = "flow"
    once = Network(options, name, POLICIES["or"])
    subprocess.run([*once.command, "--once"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for settings in (options.folder / name).rglob("node.yaml"):
        if "adminSocket:" not in settings.read_text():
            settings.write_text(settings.read_text() + "adminSocket: run/admin.sock\n")
    runs = {"without": [], "with": []}
    told = {}
    with Network(options, name) as network:
        network.await_gateways()
        for _ in range(3):
            runs["without"] += network.loads("submit", [options.in_flight[-1]], "--warm-up", 1)
            with Listeners(network) as listeners:
                runs["with"] += network.loads("submit", [options.in_flight[-1]], "--warm-up", 1)
            told = listeners.told

    def middle(kind, value):
        return statistics.median(value(report) for report in runs[kind])

    def nodes_cpu(report):
        return sum(share.get("cpu_ms_per_transaction") or 0 for share in report["processes"].values())

    figures = {
        "committed_per_s": {kind: middle(kind, lambda report: report["per_s"]) for kind in runs},
        "nodes_cpu_ms_each": {kind: middle(kind, nodes_cpu) for kind in runs},
        "told": told,
    }
    cpu = figures["nodes_cpu_ms_each"]
    figures["nodes_cpu_percent"] = 100 * (cpu["with"] / cpu["without"] - 1) if cpu["without"] else None
    tell(
        f"  {figures['committed_per_s']['without']:.0f} /s without listeners, {figures['committed_per_s']['with']:.0f} /s"
        f" with; the nodes' own work grows by {figures['nodes_cpu_percent'] or 0:.1f} %"
    )
    for node, events in told.items():
        tell(f"    {node:40} {events.get('told')} of {events.get('seen')} events told, one in {events.get('one_in')}")
    return figures


def openssl_verifies_per_s():
    """Of one core, for comparison; nothing without the program."""
    with contextlib.suppress(OSError, AttributeError):
        said = subprocess.run(
            ["openssl", "speed", "-seconds", "1", "ecdsap256"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        ).stdout.decode()
        return float(re.search(r"ecdsa \(nistp256\).*\s(\S+)\s*$", said, re.MULTILINE).group(1))
    return None


def measure_join(network, sent):
    """`sent`: reports of all that was sent to this network."""
    if not sent:
        sent += network.loads("submit", [64])
    transactions = sum(report["all"]["committed"] for report in sent)
    last = max(report["blocks"]["last"] for report in sent if "blocks" in report)
    late = LatePeer(network)
    try:
        idle = resident_mb(late.process.pid)
        others = network.processes()
        before = {name: cpu_seconds(pid) for name, pid in others.items()}
        began, cpu = time.monotonic(), cpu_seconds(late.process.pid)
        late.join()
        while late.height() <= last:
            if time.monotonic() - began > 10 * PATIENCE or late.process.poll() is not None:
                raise RuntimeError("the late peer did not catch up")
            time.sleep(0.02)
        seconds, cpu = time.monotonic() - began, cpu_seconds(late.process.pid) - cpu
        others_cpu = {name: cpu_seconds(pid) - before[name] for name, pid in others.items()}
        figures = {
            "transactions": transactions,
            "blocks": last + 1,
            "seconds": seconds,
            "transactions_per_s": transactions / seconds,
            "cpu_ms_each": cpu * 1000 / transactions,
            "orderer_cpu_ms_each": others_cpu["orderer.example.com"] * 1000 / transactions,
            "openssl_p256_verifies_per_s_and_core": openssl_verifies_per_s(),
            "rss_mb_before": idle,
            "rss_mb": resident_mb(late.process.pid),
        }
    finally:
        end(late.process)
    tell(
        f"  {transactions} transactions in {last + 1} blocks: {figures['transactions_per_s']:.0f} /s,"
        f" {figures['cpu_ms_each']:.3f} ms CPU each (orderer {figures['orderer_cpu_ms_each']:.3f} ms)"
    )
    return figures


def measure(options, figures):
    wanted = options.only or list(PARTS)
    arguments = ("--warm-up", 2)

    def part(name, work):
        if name not in wanted:
            return
        tell(f"{name}: {PARTS[name]}")
        try:
            figures[name] = work()
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            tell(f"  failed: {error}")
            figures[name] = {"error": str(error)}

    part("start", lambda: measure_start(options))
    part("idle", lambda: measure_idle(options))
    part("flow", lambda: measure_flow(options))
    sent = []

    def submit(network):
        ready = network.await_gateways()
        reports = network.loads("submit", options.in_flight, *arguments)
        sent.extend(reports)
        best = {"gateways_ready_s": ready, **summary(reports, "committed")}
        tell(f"  gateways found endorsers after {ready:.2f} s")
        tell_shares(best)
        return best

    def evaluate(network):
        network.load("submit", "--run", "asked", "--in-flight", 64, "--count", 1000, "--warm-up", 0, "--duration", 60)
        reports = network.loads("evaluate", options.in_flight, "--arg", "get", "--arg", "asked-{random:500}", *arguments)
        best = summary(reports, "answered")
        tell_shares(best)
        return best

    if {"latency", "evaluate", "submit", "join"} & set(wanted):
        with Network(options, "or", POLICIES["or"]) as network:
            part("latency", lambda: measure_latency(network))
            part("submit", lambda: submit(network))
            part("join", lambda: measure_join(network, sent))
            part("evaluate", lambda: evaluate(network))
    if "and" in wanted:
        with Network(options, "and", POLICIES["and"]) as network:
            part("and", lambda: submit(network))


def main():
    parts = "\n".join(f"  {name:10}{what}" for name, what in PARTS.items())
    parser = argparse.ArgumentParser(
        prog="./dev bench network", description=__doc__, epilog="parts:\n" + parts,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", action="append", choices=PARTS, help="only this part; may be given several times")
    parser.add_argument("--seconds", type=float, default=8, help="that each load is measured; default: 8")
    parser.add_argument("--in-flight", type=lambda text: [int(n) for n in text.split(",")], default=[64, 128, 256],
                        metavar="N,N…", help="numbers in flight that are tried; default: 64,128,256")
    parser.add_argument("--batch-timeout", type=int, default=50, metavar="MS", help="of the orderer; default: 50")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/bin", metavar="DIR", help="the programs")
    parser.add_argument("--folder", type=pathlib.Path, metavar="DIR", help="new folder for networks; default: temporary")
    parser.add_argument("--keep", action="store_true", help="leave the networks' files where they are")
    options = parser.parse_args()
    # So that everything is ended then, too.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    figures = {"cores": os.cpu_count(), "batch_timeout_ms": options.batch_timeout}
    temporary = None
    if options.folder is None:
        temporary = options.folder = pathlib.Path(tempfile.mkdtemp(prefix="chancery-bench-"))
    else:
        options.folder.mkdir(parents=True)
    options.bin = options.bin.resolve()
    options.folder = options.folder.resolve()
    try:
        measure(options, figures)
    finally:
        if temporary and not options.keep:
            shutil.rmtree(temporary, ignore_errors=True)
    print(json.dumps(figures, separators=(",", ":")))
    return 1 if any(isinstance(value, dict) and "error" in value for value in figures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
