#include "src/cli/HostCommands.h"

#include <fmt/format.h>

#include "src/cli/SecretInput.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using interfaces::HostRole;

constexpr std::chrono::seconds kHostPatience{15};
constexpr std::uint64_t kAuditPage = 1'000;
const std::vector<std::string> kRoles{"administrator", "operator", "auditor"};

std::string roleName(HostRole role) {
    return kRoles[static_cast<std::size_t>(role)];
}

HostRole roleNamed(const std::string& name) {
    return name == kRoles[0]   ? HostRole::Administrator
           : name == kRoles[1] ? HostRole::Operator
                               : HostRole::Auditor;
}

std::string momentOf(const std::optional<absl::Time>& time) {
    return time ? utc(*time) : std::string();
}

}  // namespace

Help HostPairCommand::help() const {
    return {.summary = "Pair this console with the agent of another machine",
            .about = {"Somebody who may (\"host code\" on that machine) gives a code that works "
                      "once, for ten minutes. Both sides prove that they know it and remember "
                      "each other's certificate; whoever stands between is found out. The code is "
                      "read from the terminal or a descriptor, never from the command line."},
            .examples = {{.what = "A host that does not answer",
                          .arguments = "host pair elsewhere 127.0.0.1:1 --code-fd 3 3<passphrase",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void HostPairCommand::declare(CommandLine& line) {
    line.value({.names = "NAME", .help = "How it shall be called here", .required = true}, m_name);
    line.value(
        {.names = "ENDPOINT", .help = "Where its agent listens: host:port", .required = true},
        m_endpoint);
    line.value({.names = "--code-fd",
                .help = "Read the code from this descriptor",
                .kind = ValueKind::Number,
                .value = "FD"},
               m_code);
    m_hosts.declare(line);
}

ExitCode HostPairCommand::run(Session& session) {
    auto known = m_hosts.paired();
    if (!known.ok()) return session.fail(known.status());
    const auto identity = known->identity();
    if (!identity.ok()) return session.fail(identity.status());
    const auto code = readSecret(m_code, "Code: ");
    if (!code.ok()) return session.fail(code.status());
    auto address = m_hosts.connector().pair(m_endpoint, std::string(code->view()), *identity,
                                            deadlineIn(kHostPatience));
    if (!address.ok()) return session.fail(address.status());
    address->name = m_name;
    if (const Status added = known->add(*address); !added.ok())
        return session.fail(added, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print({{"name", m_name}, {"endpoint", address->endpoint}});
    else
        session.out().item(good("✓"), fmt::format("paired with {} at {}", m_name, m_endpoint));
    return ExitCode::Ok;
}

Help HostListCommand::help() const {
    return {.summary = "List the hosts that this console is paired with",
            .about = {},
            .examples = {{.what = "All of them", .arguments = "host list"}}};
}

ExitCode HostListCommand::run(Session& session) {
    const auto known = m_hosts.paired();
    if (!known.ok()) return session.fail(known.status());
    Json all = Json::array();
    Table table({{.title = "Name"}, {.title = "Agent at"}});
    for (const interfaces::HostAddress& host : known->all()) {
        all.push_back({{"name", host.name}, {"endpoint", host.endpoint}});
        table.row({strong(host.name), Text(host.endpoint)});
    }
    if (session.wantsJson())
        session.print(all);
    else if (table.rows() == 0)
        session.out().line("This console is paired with no host.");
    else
        session.out().table(table);
    return ExitCode::Ok;
}

void OneHostCommand::declare(CommandLine& line) {
    line.value({.names = "HOST",
                .help = "A name of \"host list\", or the folder of a network whose agent runs here",
                .required = true},
               m_host);
    m_hosts.declare(line);
}

Help HostStatusCommand::help() const {
    return {.summary = "Tell about a host: machine, agent, engines, nodes",
            .about = {},
            .examples = {{.what = "The agent of a network on this machine",
                          .arguments = "host status network",
                          .needsNetwork = true}}};
}

ExitCode HostStatusCommand::run(Session& session) {
    const auto host = this->host();
    if (!host.ok()) return session.fail(host.status());
    const auto facts = (*host)->facts(deadlineIn(kHostPatience));
    if (!facts.ok()) return session.fail(facts.status());
    const auto nodes = (*host)->nodes().list({}, deadlineIn(kHostPatience));
    if (!nodes.ok()) return session.fail(nodes.status());
    if (session.wantsJson()) {
        Json json{{"name", bytesToJson(facts->name)},
                  {"agent", facts->agentVersion},
                  {"system", bytesToJson(facts->system)},
                  {"processors", facts->processors},
                  {"memory_bytes", facts->memoryBytes},
                  {"free_memory_bytes", facts->freeMemoryBytes},
                  {"disk_bytes", facts->diskBytes},
                  {"free_disk_bytes", facts->freeDiskBytes},
                  {"now", rfc3339(facts->now)},
                  {"role", roleName(facts->role)},
                  {"ends_with_console", facts->endsWithConsole},
                  {"nodes", nodes->size()},
                  {"engines", Json::array()}};
        for (const interfaces::Engine& engine : facts->engines)
            json["engines"].push_back({{"name", engine.name},
                                       {"version", engine.version},
                                       {"problem", bytesToJson(engine.problem)}});
        session.print(json);
        return ExitCode::Ok;
    }
    session.out().fields(
        {{"Host", strong(facts->name)},
         {"System", Text(facts->system)},
         {"Agent", Text(facts->agentVersion)},
         {"You are", Text(roleName(facts->role))},
         {"Processors", Text(number(facts->processors))},
         {"Memory",
          Text(fmt::format("{}, {} free", size(facts->memoryBytes), size(facts->freeMemoryBytes)))},
         {"Disk",
          Text(fmt::format("{}, {} free", size(facts->diskBytes), size(facts->freeDiskBytes)))},
         {"Nodes", Text(number(nodes->size()))}});
    for (const interfaces::Engine& engine : facts->engines)
        session.out().item(engine.problem.empty() ? good("✓") : bad("✗"),
                           strong(engine.name) + Text(" " + engine.version) +
                               Text(engine.problem.empty() ? "" : ": " + engine.problem));
    return ExitCode::Ok;
}

Help HostRemoveCommand::help() const {
    return {.summary = "Forget a host that this console is paired with",
            .about = {"Its nodes go on. The agent still knows this console until somebody revokes "
                      "it there (\"host clients --revoke\")."},
            .examples = {{.what = "One that is not there", .arguments = "host remove nobody"}}};
}

ExitCode HostRemoveCommand::run(Session& session) {
    auto known = m_hosts.paired();
    if (!known.ok()) return session.fail(known.status());
    const bool wasThere = known->find(m_host).ok();
    if (wasThere)
        if (const Status removed = known->remove(m_host); !removed.ok())
            return session.fail(removed, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print({{"host", bytesToJson(m_host)}, {"removed", wasThere}});
    else if (wasThere)
        session.out().item(good("✓"), Text("This console forgot ") + strong(m_host));
    else
        session.out().line("This console does not know " + m_host + "; nothing to do.");
    return ExitCode::Ok;
}

Help HostCodeCommand::help() const {
    return {.summary = "Ask an agent for a code by which another console pairs with it",
            .about = {"Works once, for ten minutes, and ends after five wrong tries. Tell it to "
                      "nobody but the one whom it is for, by another way than the network that "
                      "the agent listens on."},
            .examples = {{.what = "Of an agent that is not there",
                          .arguments = "host code nowhere",
                          .ends = ExitCode::UnreadableInput,
                          .needsNetwork = true}}};
}

void HostCodeCommand::declare(CommandLine& line) {
    OneHostCommand::declare(line);
    line.value(
        {.names = "--for", .help = "Name of who will pair; default: console", .value = "NAME"},
        m_client);
    line.value({.names = "--role",
                .help = "What the other may do; default: operator",
                .kind = ValueKind::Choice,
                .value = "ROLE",
                .choices = kRoles},
               m_role);
}

ExitCode HostCodeCommand::run(Session& session) {
    const auto host = this->host();
    if (!host.ok()) return session.fail(host.status());
    const auto code =
        (*host)->access().newCode(m_client, roleNamed(m_role), deadlineIn(kHostPatience));
    if (!code.ok()) return session.fail(code.status());
    if (session.wantsJson()) {
        session.print({{"code", code->code},
                       {"ends", rfc3339(code->ends)},
                       {"role", roleName(code->role)},
                       {"endpoint", code->endpoint}});
        return ExitCode::Ok;
    }
    session.out().fields({{"Code", strong(code->code)},
                          {"Until", Text(utc(code->ends))},
                          {"Role", Text(roleName(code->role))},
                          {"Agent at", Text(code->endpoint)}});
    if (code->endpoint.empty())
        session.out().line(warning("This agent listens for nobody but this machine."));
    return ExitCode::Ok;
}

Help HostClientsCommand::help() const {
    return {.summary = "List who is paired with a host, or end a pairing",
            .about = {"The last administrator cannot be revoked."},
            .examples = {{.what = "Of a network on this machine",
                          .arguments = "host clients network",
                          .needsNetwork = true}}};
}

void HostClientsCommand::declare(CommandLine& line) {
    OneHostCommand::declare(line);
    line.value({.names = "--revoke",
                .help = "End the pairing with this fingerprint; its running calls end",
                .value = "FINGERPRINT"},
               m_revoke);
}

ExitCode HostClientsCommand::run(Session& session) {
    const auto host = this->host();
    if (!host.ok()) return session.fail(host.status());
    if (m_revoke) {
        const Status revoked = (*host)->access().revoke(*m_revoke, deadlineIn(kHostPatience));
        if (!revoked.ok()) return session.fail(revoked);
    }
    const auto clients = (*host)->access().clients(deadlineIn(kHostPatience));
    if (!clients.ok()) return session.fail(clients.status());
    Json all = Json::array();
    Table table({{.title = "Name"},
                 {.title = "Role"},
                 {.title = "Since"},
                 {.title = "Last seen"},
                 {.title = "Fingerprint", .fit = Fit::Id}});
    for (const interfaces::PairedClient& client : *clients) {
        all.push_back({{"name", bytesToJson(client.name)},
                       {"role", roleName(client.role)},
                       {"fingerprint", client.fingerprint},
                       {"since", rfc3339(client.since)},
                       {"revoked", client.revoked}});
        table.row({strong(client.name), Text(client.revoked ? "revoked" : roleName(client.role)),
                   Text(utc(client.since)), Text(momentOf(client.lastSeen)),
                   Text(client.fingerprint)});
    }
    if (session.wantsJson())
        session.print(all);
    else if (table.rows() == 0)
        session.out().line("Nobody is paired with this host.");
    else
        session.out().table(table);
    return ExitCode::Ok;
}

Help HostAuditCommand::help() const {
    return {.summary = "Tell what was done at a host, and by whom",
            .about = {"The agent writes every change down before it is done, each line chained to "
                      "the one before, and verifies the chain before it tells it."},
            .examples = {{.what = "Of a network on this machine",
                          .arguments = "host audit network --limit 20",
                          .needsNetwork = true}}};
}

void HostAuditCommand::declare(CommandLine& line) {
    OneHostCommand::declare(line);
    line.value({.names = "--from",
                .help = "Number of the first entry; default: 0",
                .kind = ValueKind::Number,
                .value = "NUMBER"},
               m_from);
    line.value({.names = "--limit",
                .help = "Most entries; default: 1000",
                .kind = ValueKind::Number,
                .value = "COUNT"},
               m_limit);
}

ExitCode HostAuditCommand::run(Session& session) {
    const auto host = this->host();
    if (!host.ok()) return session.fail(host.status());
    const auto limit =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(m_limit.value_or(kAuditPage), 100'000));
    const auto entries =
        (*host)->access().audit(m_from.value_or(0), limit, deadlineIn(kHostPatience));
    if (!entries.ok()) return session.fail(entries.status(), ExitCode::Findings);
    Json all = Json::array();
    Table table({{.title = "No.", .align = Align::Right},
                 {.title = "When"},
                 {.title = "Who"},
                 {.title = "Role"},
                 {.title = "Call"},
                 {.title = "Of"},
                 {.title = "Outcome"}});
    for (const interfaces::AuditEntry& entry : *entries) {
        all.push_back({{"number", entry.number},
                       {"when", rfc3339(entry.when)},
                       {"caller", bytesToJson(entry.caller)},
                       {"role", roleName(entry.role)},
                       {"call", entry.call},
                       {"subject", bytesToJson(entry.subject)},
                       {"outcome", entry.outcome},
                       {"hash", entry.hash}});
        table.row({Text(number(entry.number)), Text(utc(entry.when)), Text(entry.caller),
                   Text(roleName(entry.role)), Text(entry.call), Text(entry.subject),
                   Text(entry.outcome.empty() ? "begun" : entry.outcome)});
    }
    if (session.wantsJson())
        session.print(all);
    else
        session.out().table(table);
    return ExitCode::Ok;
}

}  // namespace chancery::cli
