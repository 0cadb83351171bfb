#include "src/cli/MspCheckCommand.h"

#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/CheckMsp.h"

namespace chancery::cli {
namespace {

using Outcome = usecase::MspCheck::Outcome;

std::string_view wordOf(Outcome outcome) {
    switch (outcome) {
        case Outcome::Passed:
            return "passed";
        case Outcome::Failed:
            return "failed";
        case Outcome::Warning:
            return "warning";
    }
    return "";
}

void show(Printer& out, const usecase::MspReport& report) {
    out.line(strong("MSP " + report.mspId.str()));
    for (const usecase::MspCheck& check : report.checks) {
        const Text mark = check.outcome == Outcome::Passed   ? good("✓")
                          : check.outcome == Outcome::Failed ? bad("✗")
                                                             : warning("!");
        out.item(mark,
                 Text(check.what) + quiet(": ") +
                     Text(check.detail, check.outcome == Outcome::Failed ? Tone::Bad : Tone::Plain),
                 2);
    }
    if (!report.roleRules.empty()) {
        out.heading("Who is what here");
        for (const std::string& rule : report.roleRules) out.item("•", rule, 2);
    }
    if (!report.members.empty()) {
        out.heading("Identities");
        for (const usecase::MspMember& member : report.members) {
            Text text = strong(member.name);
            if (member.valid)
                text.add("  " + list(member.roles));
            else
                text.add("  refused: " + member.why, Tone::Bad);
            out.item(member.valid ? good("✓") : bad("✗"), text, 2);
        }
    }
    out.blank();
    out.line(report.good() ? good("All is well.") : bad("Not all is well."));
}

Json toJson(const usecase::MspReport& report) {
    Json checks = Json::array();
    for (const usecase::MspCheck& check : report.checks) {
        checks.push_back(
            {{"what", check.what}, {"outcome", wordOf(check.outcome)}, {"detail", check.detail}});
        if (!check.reason.empty()) checks.back()["reason"] = check.reason;
    }
    Json members = Json::array();
    for (const usecase::MspMember& member : report.members) {
        members.push_back({{"file", bytesToJson(member.file.string())},
                           {"name", member.name},
                           {"valid", member.valid},
                           {"roles", member.roles}});
        if (!member.valid) members.back()["why"] = member.why;
    }
    return {{"mspid", report.mspId.str()},
            {"good", report.good()},
            {"checks", std::move(checks)},
            {"role_rules", report.roleRules},
            {"identities", std::move(members)}};
}

}  // namespace

Help MspCheckCommand::help() const {
    const std::string msp = "tests/data/vectors/msp/";
    const std::string alpha = msp + "peerOrganizations/alpha.pub.test/";
    return {
        .summary =
            "Check an organisation's membership folder as a node would, and say what is wrong",
        .about =
            {"An MSP folder says who belongs to an organisation: its certificate authorities, its "
             "revocation "
             "lists and the rules for roles. Each part is checked by itself, then the whole as a "
             "peer or orderer "
             "sets it up. With --identity you learn what the organisation makes of a certificate.",
             "The clock is used only for warnings about expiry: in a ledger, what was valid when "
             "it was issued "
             "stays valid."},
        .examples = {{"An organisation's folder", "msp check --msp-id AlphaMSP " + alpha + "msp"},
                     {"What is this user to the organisation?",
                      "msp check --msp-id AlphaMSP " + alpha + "msp --identity " + alpha +
                          "users/User1@alpha.pub.test/msp/signcerts/User1@alpha.pub.test-cert.pem"},
                     {"A folder that no node would take",
                      "msp check --msp-id AlphaMSP " + msp + "badmsp/root_without_ski",
                      ExitCode::Findings}}};
}

void MspCheckCommand::declare(CommandLine& line) {
    line.value({.names = "DIR",
                .help = "The MSP folder (cacerts, config.yaml …)",
                .kind = ValueKind::Folder,
                .required = true},
               m_folder);
    line.value({.names = "--msp-id",
                .help = "Identifier of the MSP; the folder does not carry it",
                .value = "ID",
                .required = true},
               m_mspId);
    line.values({.names = "--identity",
                 .help = "A certificate to judge; may be given several times",
                 .kind = ValueKind::File,
                 .value = "FILE"},
                m_identities);
    line.value({.names = "--channel-level",
                .help = "Rules of channels with this capability (Ed25519 counts from V3_0 on)",
                .kind = ValueKind::Choice,
                .value = "LEVEL",
                .choices = {"V2_0", "V3_0"}},
               m_level);
}

ExitCode MspCheckCommand::run(Session& session) {
    const auto report = usecase::CheckMsp().run({.folder = m_folder,
                                                 .mspId = MspId(m_mspId),
                                                 .channelV3 = m_level == "V3_0",
                                                 .identities = m_identities,
                                                 .now = session.clock().now()});
    if (!report.ok()) return session.fail(report.status());
    if (session.wantsJson())
        session.print(toJson(*report));
    else
        show(session.out(), *report);
    return report->good() ? ExitCode::Ok : ExitCode::Findings;
}

}  // namespace chancery::cli
