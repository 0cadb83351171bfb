#include "src/cli/UpdateCommands.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/ConfigChangeText.h"
#include "src/cli/DraftText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/DraftFiles.h"
#include "src/usecase/NewestConfig.h"
#include "src/usecase/RebaseDraft.h"
#include "src/usecase/SubmitDraft.h"

namespace chancery::cli {
namespace {

using usecase::ConfigDraft;

constexpr std::string_view kGenesis = "tests/data/vectors/config/genesis_cfglab.block";

usecase::FabricCommands fabricOf(const NetworkAccess& access) {
    return usecase::FabricCommands(access.place());
}

Result<std::vector<usecase::AddressEdit>> addressEdits(const std::vector<std::string>& given,
                                                       const char* option) {
    std::vector<usecase::AddressEdit> edits;
    for (const std::string& text : given) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return makeError(StatusCode::kInvalidArgument, "USAGE",
                             fmt::format("{} is ORG=HOST:PORT", option));
        edits.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    return edits;
}

Result<std::vector<usecase::TextEdit>> textEdits(const std::vector<std::string>& given,
                                                 const char* option, const char* form) {
    std::vector<usecase::TextEdit> edits;
    for (const std::string& text : given) {
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos || equals == 0)
            return makeError(StatusCode::kInvalidArgument, "USAGE",
                             fmt::format("{} is {}", option, form));
        edits.push_back({text.substr(0, equals), text.substr(equals + 1)});
    }
    return edits;
}

std::set<std::string> setOf(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

/// Configuration and channel that a new draft starts from.
Result<usecase::ConfigFile> baseOf(NetworkAccess& access, const DraftOptions& options,
                                   const ChannelId& channel) {
    if (options.config) {
        ASSIGN_OR_RETURN(auto file, usecase::readWholeConfig(*options.config));
        if (file.channel.empty()) file.channel = channel;
        return file;
    }
    ASSIGN_OR_RETURN(auto newest,
                     usecase::newestConfig(access.context(), channel, access.orderers(),
                                           access.ownPeers(), access.deadline()));
    newest.file.channel = channel;
    return std::move(newest.file);
}

ExitCode writeNew(Session& session, const DraftOptions& options, ConfigDraft draft,
                  const std::filesystem::path& out) {
    draft.note = options.note;
    if (options.days)
        draft.expires =
            session.clock().now() + absl::Hours(24) * std::min<std::uint64_t>(*options.days, 3650);
    const auto base = draft.base();
    if (!base.ok()) return session.fail(base.status());
    const auto standing = usecase::JudgeDraft().run(draft, **base, session.clock().now());
    if (!standing.ok()) return session.fail(standing.status());
    if (const Status safe = usecase::checkDangers(standing->dangers, setOf(options.allowed));
        !safe.ok())
        return session.fail(safe, ExitCode::Findings);
    if (const Status written = writeNewFile(out, usecase::draftFile(draft), 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    printStanding(session, draft, *standing, out);
    return ExitCode::Ok;
}

ExitCode failDraft(Session& session, const Status& status) {
    const std::string reason = reasonOf(status);
    const bool finding = reason == "NO_DIFFERENCE" || reason == "DRAFT_DANGEROUS" ||
                         reason == "MEMBER_EXISTS" || reason == "CHANGE_IN_FORCE";
    return session.fail(status, finding ? ExitCode::Findings : ExitCode::UnreadableInput);
}

}  // namespace

void DraftOptions::declareAllowed(CommandLine& line, std::vector<std::string>& allowed) {
    line.values({.names = "--allow",
                 .help = "Let a danger pass that was told; may be given several times",
                 .kind = ValueKind::Choice,
                 .value = "DANGER",
                 .choices = usecase::dangerOverrides()},
                allowed);
}

void DraftOptions::declare(CommandLine& line) {
    line.value({.names = "--out",
                .help = "File to create: the draft",
                .kind = ValueKind::Path,
                .value = "FILE",
                .required = true},
               out);
    line.value({.names = "--config",
                .help = "Newest config block of the channel in a file; else the orderers are asked",
                .kind = ValueKind::File,
                .value = "FILE"},
               config);
    line.value({.names = "--note", .help = "Why, for those who sign", .value = "TEXT"}, note);
    line.value({.names = "--expires",
                .help = "Nobody signs or sends it after so many days",
                .kind = ValueKind::Number,
                .value = "DAYS"},
               days);
    declareAllowed(line, allowed);
}

ExitCode draftEdits(Session& session, NetworkAccess& access, const DraftOptions& options,
                    const usecase::ConfigEdits& edits, const ChannelId& channel,
                    const std::filesystem::path& out) {
    const auto base = baseOf(access, options, channel);
    if (!base.ok()) return session.fail(base.status());
    const auto draft = usecase::draftOfEdits(*base, edits);
    if (!draft.ok()) return failDraft(session, draft.status());
    return writeNew(session, options, *draft, out);
}

Help UpdateDraftCommand::help() const {
    const std::string genesis = " --config " + std::string(kGenesis) + " --out change.draft";
    return {
        .summary = "Draft a change of a channel's configuration",
        .about = {"A draft is one file with the change, the configuration that it starts from, and "
                  "the signatures that it has. It goes from administrator to administrator "
                  "(\"channel update sign\"), or copies of it go to all at once and come together "
                  "with \"channel update merge\"; \"channel update submit\" sends it.",
                  "The result is checked as orderers check it. A change after which nobody could "
                  "change anything any more, an unbounded batch size and a smaller quorum are "
                  "refused unless --allow names them.",
                  "What has no option is edited in JSON: \"config show --output json "
                  "--config-only\" gives the configuration, --edit takes it back. --edit also "
                  "takes an update that other tools have made."},
        .examples = {{"Blocks after half a second, with at most 100 transactions",
                      "channel update draft --batch-timeout 500ms --batch-messages 100" + genesis},
                     {"The whole configuration, edited",
                      "channel update draft --edit "
                      "tests/data/vectors/config/cfglab/01_batch_size/modified.pb" +
                          genesis},
                     {.what = "A batch that no node could move is refused",
                      .arguments = "channel update draft --absolute-bytes 4000000000" + genesis,
                      .ends = ExitCode::Findings}}};
}

void UpdateDraftCommand::options(CommandLine& line) {
    line.value({.names = "--batch-timeout", .help = "\"2s\", \"500ms\"", .value = "DURATION"},
               m_batchTimeout);
    line.value({.names = "--batch-messages",
                .help = "Transactions in a block at most",
                .kind = ValueKind::Number,
                .value = "N"},
               m_messages);
    line.value({.names = "--batch-bytes",
                .help = "Bytes of a block that are aimed at",
                .kind = ValueKind::Number,
                .value = "N"},
               m_bytes);
    line.value({.names = "--absolute-bytes",
                .help = "Bytes of one transaction at most",
                .kind = ValueKind::Number,
                .value = "N"},
               m_absoluteBytes);
    const auto addresses = [&](const char* names, const char* help,
                               std::vector<std::string>& target) {
        line.values({.names = names, .help = help, .value = "ORG=HOST:PORT"}, target);
    };
    addresses("--anchor", "A further anchor peer", m_addAnchors);
    addresses("--remove-anchor", "An anchor peer that goes", m_removeAnchors);
    addresses("--endpoint", "A further address of an organisation's orderers", m_addEndpoints);
    addresses("--remove-endpoint", "An address of orderers that goes", m_removeEndpoints);
    line.values({.names = "--acl",
                 .help = "Which policy guards a resource; empty: the default again",
                 .value = "RESOURCE=POLICY"},
                m_acls);
    line.values({.names = "--policy",
                 .help = "A policy by its path: /Channel/Application/Writers=ANY Writers; empty: "
                         "it goes",
                 .value = "PATH=RULE",
                 .whole = true},
                m_policies);
    line.values({.names = "--capability",
                 .help = "channel, orderer or application: application=V2_5",
                 .value = "LEVEL=NAME"},
                m_capabilities);
    line.values({.names = "--remove-consenter",
                 .help = "A member of the ordering cluster that goes",
                 .value = "HOST:PORT"},
                m_removeConsenters);
    line.value({.names = "--edit",
                .help = "The whole configuration as it shall be, or an update of other tools",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_edited);
    m_draft.declare(line);
}

Status UpdateDraftCommand::open() {
    return m_draft.config ? absl::OkStatus() : m_access.open();
}

Result<usecase::ConfigEdits> UpdateDraftCommand::edits() const {
    usecase::ConfigEdits edits;
    edits.batchTimeout = m_batchTimeout;
    edits.maxMessages = m_messages;
    edits.preferredMaxBytes = m_bytes;
    edits.absoluteMaxBytes = m_absoluteBytes;
    ASSIGN_OR_RETURN(edits.addAnchors, addressEdits(m_addAnchors, "--anchor"));
    ASSIGN_OR_RETURN(edits.removeAnchors, addressEdits(m_removeAnchors, "--remove-anchor"));
    ASSIGN_OR_RETURN(edits.addEndpoints, addressEdits(m_addEndpoints, "--endpoint"));
    ASSIGN_OR_RETURN(edits.removeEndpoints, addressEdits(m_removeEndpoints, "--remove-endpoint"));
    ASSIGN_OR_RETURN(edits.acls, textEdits(m_acls, "--acl", "RESOURCE=POLICY"));
    ASSIGN_OR_RETURN(edits.policies, textEdits(m_policies, "--policy", "PATH=RULE"));
    ASSIGN_OR_RETURN(edits.capabilities, textEdits(m_capabilities, "--capability", "LEVEL=NAME"));
    edits.removeConsenters = m_removeConsenters;
    return edits;
}

Result<std::vector<usecase::FabricCommand>> UpdateDraftCommand::fabric() {
    return fabricOf(m_access).draft("edit modified_config.json after the next line (then go on)",
                                    m_draft.out.string());
}

ExitCode UpdateDraftCommand::draftOfFile(Session& session) {
    const auto base = baseOf(m_access, m_draft, m_access.channel());
    if (!base.ok()) return session.fail(base.status());
    const auto draft = usecase::draftOfFile(*base, *m_edited);
    if (!draft.ok()) return failDraft(session, draft.status());
    return writeNew(session, m_draft, *draft, m_draft.out);
}

ExitCode UpdateDraftCommand::act(Session& session) {
    const auto wanted = edits();
    if (!wanted.ok()) return session.fail(wanted.status());
    if (wanted->empty() != m_edited.has_value())
        return session.usage(m_edited ? "--edit has the whole change: no other edit beside it."
                                      : "Nothing is to be changed.",
                             "See \"chanceryctl channel update draft --help\".");
    return m_edited
               ? draftOfFile(session)
               : draftEdits(session, m_access, m_draft, *wanted, m_access.channel(), m_draft.out);
}

void DraftCommand::options(CommandLine& line) {
    line.value({.names = "DRAFT",
                .help = "File that \"channel update draft\" has made",
                .kind = ValueKind::File,
                .required = true},
               m_file);
}

Status DraftCommand::write(const ConfigDraft& draft) const {
    return writeFileAtomically(m_file, usecase::draftFile(draft), 0644);
}

ExitCode DraftCommand::act(Session& session) {
    auto draft = usecase::readDraft(m_file);
    if (!draft.ok()) return session.fail(draft.status());
    return actOn(session, *std::move(draft));
}

Help UpdateShowCommand::help() const {
    return {.summary = "Show a draft: what it changes, who must agree, who has signed",
            .about = {"Judged by the configuration that the draft starts from; no network is "
                      "asked. Exit code 1 while signatures are missing or somebody has rejected "
                      "it."},
            .examples = {{.what = "A draft without signatures",
                          .arguments = "channel update show tests/data/drafts/timeout.draft",
                          .ends = ExitCode::Findings}}};
}

Result<std::vector<usecase::FabricCommand>> UpdateShowCommand::fabric() {
    return fabricOf(m_access).showUpdate(m_file.string());
}

ExitCode UpdateShowCommand::actOn(Session& session, ConfigDraft draft) {
    const auto base = draft.base();
    if (!base.ok()) return session.fail(base.status());
    const auto standing = usecase::JudgeDraft().run(draft, **base, session.clock().now());
    if (!standing.ok()) return session.fail(standing.status());
    printStanding(session, draft, *standing, m_file);
    const bool sendable =
        usecase::checkSendable(*standing, {.dangers = setOf(usecase::dangerOverrides())}).ok();
    return sendable ? ExitCode::Ok : ExitCode::Findings;
}

Help UpdateDiffCommand::help() const {
    return {.summary = "Tell what a draft changes, with all details",
            .about = {"No network is asked."},
            .examples = {{"What would be different?",
                          "channel update diff tests/data/drafts/timeout.draft"}}};
}

Result<std::vector<usecase::FabricCommand>> UpdateDiffCommand::fabric() {
    return fabricOf(m_access).showUpdate(m_file.string());
}

ExitCode UpdateDiffCommand::actOn(Session& session, ConfigDraft draft) {
    const auto changes = usecase::changesOf(draft);
    if (!changes.ok()) return session.fail(changes.status());
    if (session.wantsJson())
        session.print({{"changes", changesJson(*changes)}});
    else
        printChanges(session.out(), *changes, 0, true);
    return ExitCode::Ok;
}

Help UpdateSignCommand::help() const {
    return {.summary = "Sign a draft as an administrator",
            .about = {"The signature is Fabric's own and goes into the file. Who signs is named "
                      "by --network and --org, by --msp and --msp-id, or by an identity of a "
                      "workspace; the network need not run.",
                      "Exit code 1 as long as more signatures are needed."},
            .examples = {{.what = "By an administrator of Alpha, one of three who must agree",
                          .arguments = "channel update sign timeout.draft --msp "
                                       "network/crypto/peerOrganizations/org1.example.com/users/"
                                       "Admin@org1.example.com/msp --msp-id Org1MSP",
                          .ends = ExitCode::Findings,
                          .needsNetwork = true}}};
}

void UpdateSignCommand::options(CommandLine& line) {
    DraftCommand::options(line);
    DraftOptions::declareAllowed(line, m_allowed);
}

Result<std::vector<usecase::FabricCommand>> UpdateSignCommand::fabric() {
    return fabricOf(m_access).signUpdate(m_file.string());
}

ExitCode UpdateSignCommand::actOn(Session& session, ConfigDraft draft) {
    const auto base = draft.base();
    if (!base.ok()) return session.fail(base.status());
    const absl::Time now = session.clock().now();
    const auto before = usecase::JudgeDraft().run(draft, **base, now);
    if (!before.ok()) return session.fail(before.status());
    if (const Status safe = usecase::checkDangers(before->dangers, setOf(m_allowed)); !safe.ok())
        return session.fail(safe, ExitCode::Findings);
    const Status done = usecase::signDraft(draft, *m_access.identity(), now);
    const bool already = reasonOf(done) == "ALREADY_SIGNED";
    if (!done.ok() && !already) return session.fail(done);
    if (!already)
        if (const Status written = write(draft); !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    const auto standing = usecase::JudgeDraft().run(draft, **base, now);
    if (!standing.ok()) return session.fail(standing.status());
    if (!session.wantsJson())
        session.out().item(already ? quiet("=") : good("✓"),
                           Text(already ? "Signed before by " : "Signed by ") +
                               strong(m_access.identity()->certificate().commonName()) +
                               Text(" (" + m_access.identity()->mspId().str() + ")"));
    printStanding(session, draft, *standing, m_file);
    return standing->authorised ? ExitCode::Ok : ExitCode::Findings;
}

Help UpdateMergeCommand::help() const {
    return {.summary = "Bring the signatures of several copies of a draft together",
            .about = {"Takes copies of the same draft, and updates that were signed with \"config "
                      "sign\" or \"peer channel signconfigtx\". Copies of another draft are "
                      "refused; signatures that are not good are told and left out."},
            .examples = {{.what = "A copy that has nothing new",
                          .arguments = "channel update merge timeout.draft timeout.draft",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void UpdateMergeCommand::options(CommandLine& line) {
    DraftCommand::options(line);
    line.values({.names = "OTHER",
                 .help = "Copies of it, or signed updates",
                 .kind = ValueKind::File,
                 .required = true},
                m_others);
}

Result<std::vector<usecase::FabricCommand>> UpdateMergeCommand::fabric() {
    return fabricOf(m_access).signUpdate(m_file.string());
}

ExitCode UpdateMergeCommand::actOn(Session& session, ConfigDraft draft) {
    Json merged = Json::array();
    std::size_t added = 0;
    for (const auto& path : m_others) {
        const auto bytes = readFile(path);
        if (!bytes.ok()) return session.fail(bytes.status());
        const auto merge = usecase::mergeDraft(draft, *bytes, path.filename().string());
        if (!merge.ok()) return session.fail(merge.status());
        added += merge->added;
        merged.push_back({{"file", bytesToJson(path.string())},
                          {"added", merge->added},
                          {"known", merge->known},
                          {"left_out", merge->leftOut}});
        if (session.wantsJson()) continue;
        session.out().item(merge->added > 0 ? good("✓") : quiet("="),
                           Text(path.string()) + Text(fmt::format(": {} added, {} known",
                                                                  merge->added, merge->known)));
        for (const std::string& one : merge->leftOut)
            session.out().item(bad("✗"), "left out: " + one, 2);
    }
    if (added > 0)
        if (const Status written = write(draft); !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    const auto base = draft.base();
    if (!base.ok()) return session.fail(base.status());
    const auto standing = usecase::JudgeDraft().run(draft, **base, session.clock().now());
    if (!standing.ok()) return session.fail(standing.status());
    if (session.wantsJson())
        session.print({{"merged", merged}, {"authorised", standing->authorised}});
    else
        printStanding(session, draft, *standing, m_file);
    return ExitCode::Ok;
}

Help UpdateRejectCommand::help() const {
    return {.summary = "Say no to a draft, with a reason and a signature",
            .about = {"The rejection travels in the file. \"channel update submit\" then refuses "
                      "to send it unless it is told otherwise. Nodes know nothing of it."},
            .examples = {{.what = "No, thank you",
                          .arguments = "channel update reject rejected.draft --reason 'Not before "
                                       "the audit' --org Org2",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void UpdateRejectCommand::options(CommandLine& line) {
    DraftCommand::options(line);
    line.value({.names = "--reason", .help = "Why", .value = "TEXT", .required = true}, m_reason);
}

Result<std::vector<usecase::FabricCommand>> UpdateRejectCommand::fabric() {
    return std::vector<usecase::FabricCommand>{
        {.program = {},
         .arguments = {},
         .environment = {},
         .note = "Fabric has no rejection: whoever does not agree does not sign"}};
}

ExitCode UpdateRejectCommand::actOn(Session& session, ConfigDraft draft) {
    const Status done = usecase::rejectDraft(draft, *m_access.identity(), m_reason);
    const bool already = reasonOf(done) == "ALREADY_REJECTED";
    if (!done.ok() && !already) return session.fail(done);
    if (!already)
        if (const Status written = write(draft); !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print({{"rejected", true}, {"changed", !already}});
    else
        session.out().item(already ? quiet("=") : good("✓"),
                           Text(already ? "Rejected before by " : "Rejected by ") +
                               strong(m_access.identity()->certificate().commonName()) +
                               Text(" (" + m_access.identity()->mspId().str() + ")"));
    return ExitCode::Ok;
}

Help UpdateSubmitCommand::help() const {
    return {.summary = "Send a draft whose signatures suffice, and wait for its block",
            .about = {"The configuration in force is asked first. When signatures are missing or "
                      "do not count, when the draft is stale, rejected or dangerous, nothing is "
                      "sent and the reason is told. A draft that is in force already is no error."},
            .examples = {{.what = "Too few signatures",
                          .arguments = "channel update submit unsigned.draft",
                          .ends = ExitCode::Findings,
                          .needsNetwork = true}}};
}

void UpdateSubmitCommand::options(CommandLine& line) {
    DraftCommand::options(line);
    DraftOptions::declareAllowed(line, m_allowed);
    line.flag("--despite-rejections", "Send it although somebody has rejected it",
              m_despiteRejections);
}

Result<std::vector<usecase::FabricCommand>> UpdateSubmitCommand::fabric() {
    return fabricOf(m_access).sendUpdate(m_file.string());
}

ExitCode UpdateSubmitCommand::actOn(Session& session, ConfigDraft draft) {
    const auto sent = usecase::SubmitDraft().run(
        m_access.context(),
        {.draft = std::move(draft),
         .orderers = m_access.orderers(),
         .permissions = {.dangers = setOf(m_allowed), .despiteRejections = m_despiteRejections},
         .deadline = m_access.deadline()});
    if (!sent.ok()) return session.fail(sent.status(), ExitCode::Findings);
    if (session.wantsJson())
        session.print(
            {{"block", sent->block}, {"sequence", sent->sequence}, {"already", sent->already}});
    else
        session.out().item(sent->already ? quiet("=") : good("✓"),
                           Text(fmt::format("{} since block {}; the configuration has sequence {}",
                                            sent->already ? "in force already," : "in force",
                                            sent->block, sent->sequence)));
    return ExitCode::Ok;
}

Help UpdateRebaseCommand::help() const {
    return {.summary = "Carry a stale draft onto the newest configuration",
            .about = {"A draft is stale when somebody else's change came first. What it changes is "
                      "applied to the configuration in force; where that has changed the same "
                      "value, both changes are told and nothing is written. The bytes are new "
                      "ones: everybody signs again."},
            .examples = {{.what = "Is anything newer?",
                          .arguments = "channel update rebase timeout.draft",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void UpdateRebaseCommand::options(CommandLine& line) {
    DraftCommand::options(line);
    line.value({.names = "--config",
                .help = "Newest config block in a file; else the orderers are asked",
                .kind = ValueKind::File,
                .value = "FILE"},
               m_config);
}

Result<std::vector<usecase::FabricCommand>> UpdateRebaseCommand::fabric() {
    return fabricOf(m_access).draft("edit modified_config.json again after the next line",
                                    m_file.string());
}

ExitCode UpdateRebaseCommand::actOn(Session& session, ConfigDraft draft) {
    DraftOptions options;
    options.config = m_config;
    const auto base = baseOf(m_access, options, draft.channel);
    if (!base.ok()) return session.fail(base.status());
    const auto rebased = usecase::RebaseDraft().run(draft, usecase::configBytesOf(*base));
    if (!rebased.ok()) return failDraft(session, rebased.status());
    if (!rebased->conflicts.empty()) {
        std::string all;
        Json conflicts = Json::array();
        for (const auto& conflict : rebased->conflicts) {
            all +=
                fmt::format("{}{}: {}", all.empty() ? "" : "; ", conflict.path, conflict.sentence);
            conflicts.push_back({{"path", conflict.path}, {"sentence", conflict.sentence}});
        }
        return session.fail(
            makeError(StatusCode::kAborted, "DRAFT_CONFLICT", "both changed the same: " + all,
                      {{"conflicts", conflicts.dump()}}),
            ExitCode::Findings);
    }
    if (!rebased->nothingToDo)
        if (const Status written = write(rebased->draft); !written.ok())
            return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson()) {
        session.print(
            {{"changed", !rebased->nothingToDo}, {"base_sequence", rebased->draft.baseSequence}});
        return ExitCode::Ok;
    }
    session.out().item(
        rebased->nothingToDo ? quiet("=") : good("✓"),
        Text(rebased->nothingToDo
                 ? "The draft starts from the newest configuration already."
                 : fmt::format("The draft starts from sequence {} now. It needs new signatures.",
                               rebased->draft.baseSequence)));
    return ExitCode::Ok;
}

}  // namespace chancery::cli
