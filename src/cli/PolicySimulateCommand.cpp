#include "src/cli/PolicySimulateCommand.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "src/cli/PolicyMeaning.h"
#include "src/cli/PolicyText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/LedgerJson.h"
#include "src/usecase/SimulatePolicy.h"

namespace chancery::cli {
namespace {

using usecase::PolicySimulation;

/// Policies of the channel one by one; those of single organisations, which stop with them by
/// nature, as a number.
void printPolicies(Printer& out, const std::vector<std::string>& paths, std::size_t indent) {
    std::map<std::string, std::size_t> own;
    for (const std::string& path : paths) {
        // "/Channel/Application/<organisation>/Admins"
        if (std::count(path.begin(), path.end(), '/') > 3) {
            ++own[path.substr(0, path.rfind('/'))];
            continue;
        }
        Text text(path);
        const std::string meaning = meaningOfPolicy(path);
        if (!meaning.empty()) text.add("  " + meaning, Tone::Quiet);
        out.item("•", text, indent);
    }
    for (const auto& [group, count] : own)
        out.item("•",
                 Text(fmt::format("{}  ", group)) +
                     quiet(fmt::format("its own {}",
                                       count == 1 ? "policy" : fmt::format("{} policies", count))),
                 indent);
}

void printOutage(Printer& out, const PolicySimulation& simulation, bool anybodyDown) {
    if (anybodyDown) {
        out.heading("What stops");
        if (simulation.stopped.empty())
            out.line(good("✓ ") + Text("Nothing: every policy can still be satisfied."), 2);
        printPolicies(out, simulation.stopped, 2);
    }
    if (!simulation.never.empty()) {
        out.heading("What nobody can ever satisfy");
        printPolicies(out, simulation.never, 2);
    }
    if (anybodyDown || simulation.indispensable.empty()) return;
    out.heading("What stops when a single organisation is down");
    for (const auto& organisation : simulation.indispensable) {
        out.line(strong(organisation.organisation), 2);
        printPolicies(out, organisation.policies, 4);
    }
}

void show(Printer& out, const PolicySimulation& simulation, bool withSigners, bool anybodyDown) {
    if (simulation.policy) {
        const std::string name =
            simulation.policy->path.empty() ? simulation.policy->text : simulation.policy->path;
        const std::string_view verdict =
            simulation.satisfied ? (withSigners ? "satisfied" : "can be satisfied")
                                 : (withSigners ? "not satisfied" : "cannot be satisfied");
        out.paragraph((simulation.satisfied ? good("✓ ") : bad("✗ ")) +
                      Text(std::string(verdict), simulation.satisfied ? Tone::Good : Tone::Bad) +
                      Text(": ") + strong(name));
        out.tree(treeOf(simulation.explanation), 2);
    }
    if (!simulation.ignoredSigners.empty())
        out.paragraph(warning("! ") +
                      Text(fmt::format("{}: not counted, because the organisation is down.",
                                       list(simulation.ignoredSigners))));
    if (!simulation.unknownOrganisations.empty())
        out.paragraph(warning("! ") +
                      Text(fmt::format("{}: named by no policy here; is the MSP id right?",
                                       list(simulation.unknownOrganisations))));
    if (simulation.policy) printSets(out, *simulation.policy);
    printOutage(out, simulation, anybodyDown);
}

Json toJson(const PolicySimulation& simulation) {
    Json json = Json::object();
    if (simulation.policy) {
        json["policy"] = cli::toJson(*simulation.policy);
        json["satisfied"] = simulation.satisfied;
        json["explanation"] = usecase::toJson(simulation.explanation);
    }
    json["ignored_signers"] = simulation.ignoredSigners;
    json["unknown_organisations"] = simulation.unknownOrganisations;
    json["stopped"] = simulation.stopped;
    json["never"] = simulation.never;
    Json indispensable = Json::array();
    for (const auto& organisation : simulation.indispensable)
        indispensable.push_back(
            {{"organisation", organisation.organisation}, {"policies", organisation.policies}});
    json["indispensable"] = std::move(indispensable);
    return json;
}

}  // namespace

Help PolicySimulateCommand::help() const {
    const std::string config = "tests/data/vectors/config/last_config_tradechannel.block";
    return {
        .summary =
            "Try a policy: is it satisfied by these signers, and what stops when organisations are "
            "down?",
        .about = {"POLICY is a policy text, or a configuration; then PATH names the policy in it, "
                  "and without PATH all of "
                  "them are looked at. Signers are written as in policies, MSPID.role, in the "
                  "order in which their "
                  "signatures stand: Fabric counts each signature once, for the first part that it "
                  "fits.",
                  "Without --signers everybody of the organisations that are up is taken to sign. "
                  "Ends with exit code 1 when "
                  "the policy is not satisfied, or something stops."},
        .examples = {
            {"Are these two enough?",
             "policy simulate \"OutOf(2, 'A.peer', 'B.peer', 'C.peer')\" --signers A.peer,C.peer"},
            {"What can no longer be agreed on without Alpha and Beta?",
             "policy simulate " + config + " --down AlphaMSP,BetaMSP", ExitCode::Findings},
            {"Can members still be added while Gamma is down?",
             "policy simulate " + config + " /Channel/Application/Admins --down GammaMSP"}}};
}

void PolicySimulateCommand::declare(CommandLine& line) {
    line.value({.names = "POLICY",
                .help = "Policy text, or a file with a configuration",
                .kind = ValueKind::Path,
                .required = true},
               m_policy);
    line.value({.names = "PATH", .help = "Path of the policy in the configuration"}, m_path);
    line.values({.names = "--signers",
                 .help = "Who signs, in order: MSPID.role, separated by commas",
                 .value = "LIST"},
                m_signers);
    line.values({.names = "--down",
                 .help = "MSP ids of organisations that cannot sign, separated by commas",
                 .value = "LIST"},
                m_down);
}

ExitCode PolicySimulateCommand::run(Session& session) {
    usecase::SimulatePolicyRequest request{.text = m_policy, .path = m_path.value_or("")};
    std::error_code ignored;
    // Whatever has a second argument, or is there as a file, is a configuration.
    if (m_path || std::filesystem::exists(m_policy, ignored)) request.config = m_policy;
    if (!m_signers.empty()) {
        request.signers.emplace();
        for (const std::string& text : m_signers) {
            const auto signer = usecase::SimulatedSigner::parse(text);
            if (!signer.ok()) return session.fail(signer.status(), ExitCode::Usage);
            request.signers->push_back(*signer);
        }
    }
    if (request.config && !m_path && request.signers)
        return session.usage("--signers needs PATH, the policy that they are to satisfy.");
    for (const std::string& organisation : m_down) request.down.emplace_back(organisation);
    const auto simulation = usecase::SimulatePolicy().run(request);
    if (!simulation.ok()) return session.fail(simulation.status());
    if (session.wantsJson())
        session.print(toJson(*simulation));
    else
        show(session.out(), *simulation, request.signers.has_value(), !request.down.empty());
    const bool fine = simulation->policy ? simulation->satisfied : simulation->stopped.empty();
    return fine ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
