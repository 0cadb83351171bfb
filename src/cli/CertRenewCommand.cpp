#include "src/cli/CertRenewCommand.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/client/CaClient.h"
#include "src/http/Handshake.h"
#include "src/usecase/CertificateCollector.h"
#include "src/usecase/StartNetwork.h"

namespace chancery::cli {
namespace {

using usecase::RenewalPlan;
using usecase::RenewalStep;

constexpr std::chrono::seconds kRenewalPatience{10};
constexpr std::chrono::seconds kLookPatience{3};

std::string stepText(const RenewalStep& step) {
    switch (step.kind) {
        case RenewalStep::Kind::Enrol:
            return "get a new certificate for " + step.node;
        case RenewalStep::Kind::UpdateChannel:
            return fmt::format("tell channel {} the new certificate of {}", step.channel.str(),
                               step.node);
        case RenewalStep::Kind::Install:
            return "put it into the folder of " + step.node;
        case RenewalStep::Kind::Restart:
            return fmt::format("restart {} and see that it uses it", step.node);
    }
    return {};
}

Json renewalJson(const RenewalPlan& plan, const std::string& todo) {
    Json steps = Json::array();
    for (const RenewalStep& step : plan.steps) {
        steps.push_back({{"step", nameOf(step.kind)}, {"node", step.node}, {"done", step.done}});
        if (!step.channel.empty()) steps.back()["channel"] = step.channel.str();
        for (const ChannelId& channel : step.pauses)
            steps.back()["pauses"].push_back(channel.str());
    }
    return {{"what", nameOf(plan.what)},
            {"steps", std::move(steps)},
            {"done", plan.next() == nullptr},
            {"todo", todo.empty() ? Json() : Json(todo)}};
}

void showRenewal(Printer& out, const RenewalPlan& plan, const std::string& todo) {
    const RenewalStep* next = plan.next();
    for (const RenewalStep& step : plan.steps) {
        const Text mark = step.done ? good("✓") : &step == next ? warning("→") : quiet("·");
        out.item(mark, stepText(step), 2);
        for (const ChannelId& channel : step.pauses)
            out.item(" ",
                     quiet(fmt::format("channel {} takes no transactions meanwhile: the others are "
                                       "no quorum",
                                       channel.str())),
                     4);
    }
    out.blank();
    if (next == nullptr)
        out.line(good("Everything is renewed."));
    else
        out.paragraph(strong("Now: ") + Text(todo));
}

}  // namespace

Help CertRenewCommand::help() const {
    return {
        .summary = "Renew certificates of nodes step by step, without losing a quorum",
        .about =
            {"Begins a plan, or goes on with it as far as it can: gets a new certificate with the "
             "same names from the organisation's CA, writes the update for each channel in which "
             "the node is a consenter, waits until the channel has it, puts the certificate into "
             "the node's folder, waits until the node shows it; then the next node. What somebody "
             "has to do in between (sign and submit the update, restart the node) it says; then "
             "run it again. The plan is a folder; keep it until all is done, for new keys lie "
             "there.",
             "With --identity those by which nodes sign are renewed, else those for TLS. Before "
             "an orderer is changed or restarted its fellow consenters are asked for: when they "
             "are no quorum, nothing is done.",
             "Ends with exit code 1 while steps are left. For identities of people see \"identity "
             "reenroll\"."},
        .examples = {{.what = "A peer of a network on this machine",
                      .arguments = "cert renew --network network --node peer0.org1.example.com "
                                   "--plan renewal",
                      .ends = ExitCode::Findings,
                      .needsNetwork = true},
                     {.what = "The certificate by which it signs",
                      .arguments = "cert renew --network network --node peer0.org1.example.com "
                                   "--identity --plan renewal-identity",
                      .ends = ExitCode::Findings,
                      .needsNetwork = true}}};
}

void CertRenewCommand::declare(CommandLine& line) {
    line.value({.names = "--network",
                .help = "Folder of a network that \"network create\" has made; default: network",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_network);
    line.value({.names = "--plan",
                .help = "Folder of the plan; made when it is not there",
                .kind = ValueKind::Path,
                .value = "DIR",
                .required = true},
               m_plan);
    line.values({.names = "--node",
                 .help = "Which nodes, when the plan begins; may be repeated",
                 .value = "NAME",
                 .repeats = true},
                m_nodes);
    line.value({.names = "--config",
                .help = "Newest config block of the channel whose turn it is (\"channel fetch\")",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_config);
    line.value({.names = "--draft",
                .help = "File to create for the update of that channel",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_draft);
    line.flag("--identity", "The certificates by which they sign, when the plan begins",
              m_identity);
    line.flag("--new-key", "A new key as well", m_newKey);
    m_hosts.declare(line);
}

Result<RenewalPlan> CertRenewCommand::planOf(const usecase::RenewNodeCertificates& renewal,
                                             const usecase::NetworkFolder& network) const {
    if (m_nodes.empty()) return renewal.resume();
    usecase::CertificateCollector collector;
    collector.addNetwork(network);
    collector.addChannelFile(m_config.value_or(network.genesis()));
    std::map<std::string, std::filesystem::path> folders;
    for (const std::string& name : m_nodes) {
        const usecase::NetworkNode* node = network.node(name);
        if (node == nullptr || node->isAuthority)
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                             fmt::format("the network has no node {}", name), {{"node", name}});
        folders[name] =
            network.organisations()[node->organisation].node(name.substr(0, name.find('.'))) /
            (m_identity ? "msp" : "tls");
    }
    return renewal.begin(
        collector.finish(), folders,
        m_identity ? usecase::NodeCertificate::Identity : usecase::NodeCertificate::Tls);
}

Status CertRenewCommand::enrol(const usecase::RenewNodeCertificates& renewal,
                               const usecase::NetworkFolder& network, RenewalPlan& plan,
                               const std::string& name) const {
    const usecase::NetworkNode* node = network.node(name);
    if (node == nullptr)
        return makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                         fmt::format("the network has no node {}", name), {{"node", name}});
    ASSIGN_OR_RETURN(const auto ca, plan.what == usecase::NodeCertificate::Tls
                                        ? network.tlsCa(node->organisation)
                                        : network.identityCa(node->organisation));
    client::CaClient connector;
    return renewal.enrol(plan, name, connector, ca, m_newKey, deadlineIn(kRenewalPatience));
}

Result<std::string> CertRenewCommand::instanceOf(const usecase::NetworkFolder& network,
                                                 const std::string& node) {
    const Deadline deadline = deadlineIn(kRenewalPatience);
    ASSIGN_OR_RETURN(auto hosts,
                     m_hosts.open(network, usecase::HostSettings::Local::Never, deadline));
    const usecase::RunningNetwork running(network, std::move(hosts));
    ASSIGN_OR_RETURN(const auto state, running.state(node, deadline));
    return state.processId == 0 ? std::string("stopped")
                                : fmt::format("{} {}", state.processId,
                                              state.since ? absl::ToUnixMillis(*state.since) : 0);
}

Status CertRenewCommand::othersAreThere(const usecase::NetworkFolder& network,
                                        const RenewalStep& step) {
    return checkQuorum(step, [&](const std::string& name) {
        std::string endpoint = name;
        if (const usecase::NetworkNode* node = network.node(name); node != nullptr) {
            const auto address = network.address(*node);
            if (!address.ok()) return false;
            endpoint = address->endpoint;
        }
        const auto at = interfaces::splitEndpoint(endpoint);
        return at.ok() &&
               http::presentedCertificates(at->host, at->port, deadlineIn(kLookPatience)).ok();
    });
}

Status CertRenewCommand::install(const usecase::RenewNodeCertificates& renewal,
                                 const usecase::NetworkFolder& network, RenewalPlan& plan,
                                 const std::string& node) {
    if (plan.what == usecase::NodeCertificate::Tls) return renewal.install(plan, node);
    ASSIGN_OR_RETURN(const std::string instance, instanceOf(network, node));
    return renewal.install(plan, node, instance);
}

Status CertRenewCommand::update(const usecase::RenewNodeCertificates& renewal,
                                const usecase::NetworkFolder& network, RenewalPlan& plan,
                                const RenewalStep& next, std::string& todo) {
    if (!m_config) {
        todo = fmt::format(
            "fetch the newest config block of {} (\"channel fetch config\") and "
            "give it with --config",
            next.channel.str());
        return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(auto config, usecase::readWholeConfig(*m_config));
    ASSIGN_OR_RETURN(const auto draft, renewal.draft(plan, next.node, std::move(config)));
    if (!draft) return absl::OkStatus();
    RETURN_IF_ERROR(othersAreThere(network, next));
    if (!m_draft) {
        todo = "say with --draft where the update is to be written";
        return absl::OkStatus();
    }
    RETURN_IF_ERROR(writeNewFile(*m_draft, draft->update, 0644));
    std::vector<std::string> policies;
    for (const auto& agreement : draft->agreements) policies.push_back(agreement.policy);
    todo = fmt::format(
        "sign {} (\"config sign\"; {} must agree) and submit it; then fetch the "
        "config block again and give it with --config",
        m_draft->string(), list(policies));
    return absl::OkStatus();
}

Status CertRenewCommand::look(const usecase::RenewNodeCertificates& renewal,
                              const usecase::NetworkFolder& network, RenewalPlan& plan,
                              const RenewalStep& next, std::string& todo) {
    todo = fmt::format(
        "restart {} with its new files (\"chanceryctl node restart {} --apply\"), then run this "
        "again",
        next.node, next.node);
    if (plan.what == usecase::NodeCertificate::Identity) {
        ASSIGN_OR_RETURN(const std::string instance, instanceOf(network, next.node));
        // A stopped node reads it when it starts.
        const Status done = instance == "stopped"
                                ? makeError(StatusCode::kFailedPrecondition, "STILL_OLD", "stopped")
                                : renewal.restarted(plan, next.node, instance);
        if (reasonOf(done) == "STILL_OLD") return othersAreThere(network, next);
        todo.clear();
        return done;
    }
    const usecase::NetworkNode* node = network.node(next.node);
    const auto address = node == nullptr
                             ? Result<interfaces::NodeAddress>(absl::NotFoundError(next.node))
                             : network.address(*node);
    if (!address.ok()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto at, interfaces::splitEndpoint(address->endpoint));
    const auto shown = http::presentedCertificates(at.host, at.port, deadlineIn(kRenewalPatience));
    if (!shown.ok()) return absl::OkStatus();
    const Status seen = renewal.seen(plan, next.node, shown->front());
    if (reasonOf(seen) == "STILL_OLD") return othersAreThere(network, next);
    todo.clear();
    return seen;
}

Status CertRenewCommand::step(const usecase::RenewNodeCertificates& renewal,
                              const usecase::NetworkFolder& network, RenewalPlan& plan,
                              std::string& todo) {
    const RenewalStep next = *plan.next();
    switch (next.kind) {
        case RenewalStep::Kind::Enrol:
            return enrol(renewal, network, plan, next.node);
        case RenewalStep::Kind::UpdateChannel:
            return update(renewal, network, plan, next, todo);
        case RenewalStep::Kind::Install:
            return install(renewal, network, plan, next.node);
        case RenewalStep::Kind::Restart:
            return look(renewal, network, plan, next, todo);
    }
    return absl::OkStatus();
}

ExitCode CertRenewCommand::run(Session& session) {
    const auto network = usecase::NetworkFolder::open(m_network);
    if (!network.ok()) return session.fail(network.status());
    const usecase::RenewNodeCertificates renewal(m_plan);
    auto plan = planOf(renewal, *network);
    if (!plan.ok()) return session.fail(plan.status());
    std::string todo;
    while (plan->next() != nullptr && todo.empty())
        if (const Status done = step(renewal, *network, *plan, todo); !done.ok())
            return session.fail(done);
    if (session.wantsJson())
        session.print(renewalJson(*plan, todo));
    else
        showRenewal(session.out(), *plan, todo);
    return plan->next() == nullptr ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
