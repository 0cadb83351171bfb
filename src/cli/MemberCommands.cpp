#include "src/cli/MemberCommands.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/usecase/DescribeConfig.h"
#include "src/usecase/DraftFiles.h"
#include "src/usecase/JoinChannel.h"
#include "src/usecase/MspBundle.h"
#include "src/usecase/MspBundleWords.h"
#include "src/usecase/NewestConfig.h"

namespace chancery::cli {
namespace {

constexpr std::string_view kGenesis = "tests/data/vectors/config/genesis_cfglab.block";

/// The channels for which drafts are made, each with the file of its draft.
Result<std::vector<std::pair<ChannelId, std::filesystem::path>>> draftsOf(
    const NetworkAccess& access, const DraftOptions& options, bool everyChannel) {
    std::vector<std::pair<ChannelId, std::filesystem::path>> drafts;
    if (!everyChannel) {
        drafts.emplace_back(access.channel(), options.out);
        return drafts;
    }
    if (options.config)
        return makeError(StatusCode::kInvalidArgument, "USAGE",
                         "--config is the configuration of one channel; leave out --every-channel");
    if (access.ownPeers().empty())
        return makeError(StatusCode::kInvalidArgument, "USAGE", "the organisation has no peer");
    ASSIGN_OR_RETURN(const auto channels,
                     usecase::ReadChannel().ofPeer(access.context(), access.ownPeers().front(),
                                                   access.deadline()));
    for (const ChannelId& channel : channels) {
        std::filesystem::path out = options.out;
        out.replace_filename(options.out.stem().string() + "-" + channel.str() +
                             options.out.extension().string());
        drafts.emplace_back(channel, std::move(out));
    }
    return drafts;
}

ExitCode draftForAll(Session& session, NetworkAccess& access, const DraftOptions& options,
                     bool everyChannel, const usecase::ConfigEdits& edits) {
    const auto drafts = draftsOf(access, options, everyChannel);
    if (!drafts.ok()) return session.fail(drafts.status());
    for (const auto& [channel, out] : *drafts) {
        const ExitCode code = draftEdits(session, access, options, edits, channel, out);
        if (code != ExitCode::Ok) return code;
        if (session.wantsJson()) continue;
        const auto draft = usecase::readDraft(out);
        if (!draft.ok()) return session.fail(draft.status());
        const auto majority = usecase::majorityOf(*draft);
        if (majority.ok())
            session.out().item(
                accent("→"),
                fmt::format("Administrators of {} of {} members must agree to changes now; "
                            "afterwards of {} of {}.",
                            majority->before.needed, majority->before.members,
                            majority->after.needed, majority->after.members));
    }
    return ExitCode::Ok;
}

void declareEvery(CommandLine& line, bool& every) {
    line.flag("--every-channel",
              "A draft for each channel of the organisation's first peer; their names are added "
              "to that of --out",
              every);
}

}  // namespace

Help MemberListCommand::help() const {
    return {.summary = "List the organisations of a channel",
            .about = {"As the newest config block says."},
            .examples = {{.what = "Who belongs to the channel?",
                          .arguments = "member list",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

Result<std::vector<usecase::FabricCommand>> MemberListCommand::fabric() {
    return usecase::FabricCommands(m_access.place()).channelInfo();
}

ExitCode MemberListCommand::act(Session& session) {
    const auto newest =
        usecase::newestConfig(m_access.context(), m_access.channel(), m_access.orderers(),
                              m_access.ownPeers(), m_access.deadline());
    if (!newest.ok()) return session.fail(newest.status());
    const auto config = usecase::describeConfig(*newest->file.config);
    if (session.wantsJson()) {
        Json all = Json::array();
        for (const auto& member : config.organisations)
            all.push_back({{"name", bytesToJson(member.name)},
                           {"mspid", bytesToJson(member.mspId.str())},
                           {"application", member.application},
                           {"orderer", member.orderer},
                           {"anchor_peers", member.anchorPeers},
                           {"endpoints", member.endpoints},
                           {"problem", bytesToJson(member.problem)}});
        session.print({{"channel", m_access.channel().str()},
                       {"config_sequence", config.sequence},
                       {"members", std::move(all)}});
        return ExitCode::Ok;
    }
    Table table({{"Member", Align::Left, Fit::CutEnd},
                 {"MSP", Align::Left, Fit::CutEnd},
                 {"Part"},
                 {"Anchor peers, orderers", Align::Left, Fit::Wrap}});
    for (const auto& member : config.organisations) {
        std::vector<std::string> addresses = member.anchorPeers;
        addresses.insert(addresses.end(), member.endpoints.begin(), member.endpoints.end());
        table.row({strong(member.name), member.mspId.str(),
                   member.application && member.orderer ? "both"
                   : member.orderer                     ? "orderer"
                                                        : "application",
                   member.problem.empty() ? Text(list(addresses)) : bad(member.problem)});
    }
    session.out().table(table);
    return ExitCode::Ok;
}

Help MemberAddCommand::help() const {
    return {.summary = "Draft the change that makes an organisation a member of a channel",
            .about = {"The organisation sends its MSP bundle (\"member bundle\", \"msp export\") "
                      "and reads the words of the fingerprint to you; --fingerprint checks them. "
                      "The draft is signed and sent like any other: see \"channel update\".",
                      "Its policies are the usual ones unless --policy says otherwise. With "
                      "--endpoint it runs orderers, too."},
            .examples = {{.what = "A member that comes in a bundle",
                          .arguments = "member add tests/data/bundles/gamma.bundle --anchor "
                                       "peer0.gamma.pub.test:7051 --config " +
                                       std::string(kGenesis) + " --out gamma.draft"}}};
}

void MemberAddCommand::options(CommandLine& line) {
    line.value({.names = "BUNDLE",
                .help = "MSP bundle of the organisation",
                .kind = ValueKind::File,
                .required = true},
               m_bundle);
    line.value({.names = "--fingerprint",
                .help = "The words that the organisation has read out; others are refused",
                .value = "WORDS"},
               m_fingerprint);
    line.values({.names = "--anchor", .help = "Its anchor peer", .value = "HOST:PORT"}, m_anchors);
    line.values({.names = "--endpoint", .help = "An orderer of it", .value = "HOST:PORT"},
                m_endpoints);
    line.values({.names = "--policy",
                 .help = "A policy of its own in place of the usual one",
                 .value = "NAME=RULE",
                 .whole = true},
                m_policies);
    declareEvery(line, m_everyChannel);
    m_draft.declare(line);
}

Status MemberAddCommand::open() {
    return m_draft.config ? absl::OkStatus() : m_access.open();
}

Result<std::vector<usecase::FabricCommand>> MemberAddCommand::fabric() {
    return usecase::FabricCommands(m_access.place())
        .draft(
            "put the organisation (configtxgen -printOrg) below "
            "channel_group.groups.Application.groups of modified_config.json after the next "
            "line",
            m_draft.out.string());
}

ExitCode MemberAddCommand::act(Session& session) {
    const auto bundle = usecase::ReadMspBundle().run(m_bundle);
    if (!bundle.ok()) return session.fail(bundle.status());
    if (m_fingerprint && !usecase::sameWords(*m_fingerprint, bundle->words))
        return session.fail(makeError(StatusCode::kPermissionDenied, "FINGERPRINT_DIFFERS",
                                      "the words are not those of the bundle"));
    usecase::MemberEdit member{.name = bundle->name,
                               .mspId = bundle->mspId,
                               .mspConfig = bundle->config,
                               .anchors = m_anchors,
                               .endpoints = m_endpoints,
                               .policies = {}};
    for (const std::string& policy : m_policies) {
        const std::size_t equals = policy.find('=');
        if (equals == std::string::npos || equals == 0)
            return session.usage("--policy is NAME=RULE");
        member.policies.push_back({policy.substr(0, equals), policy.substr(equals + 1)});
    }
    if (!session.wantsJson() && !m_fingerprint)
        session.out().item(warning("!"),
                           "Compare the words by phone before anybody signs: " + bundle->words);
    usecase::ConfigEdits edits;
    edits.addMembers.push_back(std::move(member));
    return draftForAll(session, m_access, m_draft, m_everyChannel, edits);
}

Help MemberRemoveCommand::help() const {
    return {.summary = "Draft the change that takes a member out of a channel",
            .about = {"Its peers get no further blocks, its identities count no more. What it has "
                      "written stays in the ledger."},
            .examples = {{.what = "Somebody goes",
                          .arguments = "member remove Beta --config " + std::string(kGenesis) +
                                       " --out gone.draft"}}};
}

void MemberRemoveCommand::options(CommandLine& line) {
    line.value(
        {.names = "MEMBER", .help = "Name of the organisation or its MSP id", .required = true},
        m_who);
    declareEvery(line, m_everyChannel);
    m_draft.declare(line);
}

Status MemberRemoveCommand::open() {
    return m_draft.config ? absl::OkStatus() : m_access.open();
}

Result<std::vector<usecase::FabricCommand>> MemberRemoveCommand::fabric() {
    return usecase::FabricCommands(m_access.place())
        .draft("remove " + m_who +
                   " below channel_group.groups.Application.groups of modified_config.json after "
                   "the next line",
               m_draft.out.string());
}

ExitCode MemberRemoveCommand::act(Session& session) {
    usecase::ConfigEdits edits;
    edits.removeMembers.push_back(m_who);
    return draftForAll(session, m_access, m_draft, m_everyChannel, edits);
}

Help MemberBundleCommand::help() const {
    return {.summary = "Put an organisation of a network's folder into a bundle for others",
            .about = {"What \"msp export\" does for any MSP folder. Send the file, and read the "
                      "words of its fingerprint to whoever adds you."},
            .examples = {{.what = "Org1's bundle",
                          .arguments = "member bundle Org1 --out org1.bundle",
                          .ends = ExitCode::Ok,
                          .needsNetwork = true}}};
}

void MemberBundleCommand::declare(CommandLine& line) {
    line.value({.names = "ORG", .help = "Name of the organisation", .required = true},
               m_organisation);
    line.value({.names = "--network",
                .help = "Folder of the network; default: network",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_folder);
    line.value({.names = "--out",
                .help = "File to create",
                .kind = ValueKind::Path,
                .value = "FILE",
                .required = true},
               m_out);
}

ExitCode MemberBundleCommand::run(Session& session) {
    const auto network = usecase::NetworkFolder::open(m_folder);
    if (!network.ok()) return session.fail(network.status());
    const auto* organisation = network->organisation(m_organisation);
    if (organisation == nullptr)
        return session.fail(makeError(StatusCode::kNotFound, "NO_SUCH_ORGANISATION",
                                      "the network has no organisation " + m_organisation,
                                      {{"organisation", m_organisation}}));
    const auto bundle = usecase::ExportMspBundle().run(organisation->msp(),
                                                       organisation->plan().mspId, m_organisation);
    if (!bundle.ok()) return session.fail(bundle.status());
    if (const Status written = writeNewFile(m_out, bundle->bytes, 0644); !written.ok())
        return session.fail(written, ExitCode::CannotWrite);
    if (session.wantsJson())
        session.print({{"file", bytesToJson(m_out.string())},
                       {"mspid", bundle->mspId.str()},
                       {"sha256", bundle->digest},
                       {"words", bundle->words}});
    else
        session.out().fields({{"File", Text(m_out.string())},
                              {"MSP", Text(bundle->mspId.str())},
                              {"Words", Text(bundle->words)}});
    return ExitCode::Ok;
}

}  // namespace chancery::cli
