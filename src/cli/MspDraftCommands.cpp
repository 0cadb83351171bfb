#include "src/cli/MspDraftCommands.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/DraftText.h"
#include "src/cli/Session.h"
#include "src/cli/Values.h"
#include "src/client/GrpcConnector.h"
#include "src/usecase/CreateNetwork.h"
#include "src/usecase/NewestConfig.h"
#include "src/usecase/RevocationDrafts.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kMaxDraftInput = 64U << 20;
constexpr std::chrono::seconds kFetchPatience{30};

void declareDraft(CommandLine& line, std::filesystem::path& config, std::string& mspId,
                  std::filesystem::path& out) {
    line.value({.names = "CONFIG",
                .help = "Newest config block of the channel",
                .kind = ValueKind::File,
                .required = true},
               config);
    line.value({.names = "--msp-id",
                .help = "MSP id of the organisation",
                .value = "ID",
                .required = true},
               mspId);
    line.value({.names = "--out",
                .help = "File to create: the update, unsigned",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               out);
}

Result<usecase::CertificateDrafts> draftsOf(const std::filesystem::path& file) {
    ASSIGN_OR_RETURN(auto config, usecase::readWholeConfig(file));
    return usecase::CertificateDrafts::of(std::move(config));
}

ExitCode endWith(Session& session, const Result<usecase::CertificateDraft>& draft,
                 const std::filesystem::path& out) {
    if (draft.ok()) return writeDraft(session, *draft, out);
    const bool same = reasonOf(draft.status()) == "NO_DIFFERENCE";
    return session.fail(draft.status(), same ? ExitCode::Findings : ExitCode::UnreadableInput);
}

}  // namespace

Help MspDraftCrlCommand::help() const {
    const std::string crl =
        " --crl tests/data/vectors/msp/badmsp/client_as_admin/crls/crl.pem --msp-id AlphaMSP "
        "--out ";
    return {
        .summary = "Draft the updates that bring a revocation list into channels",
        .about = {"Peers and orderers refuse a revoked identity only where the channel's "
                  "configuration has the list: once for each channel of the organisation. Older "
                  "lists of the same CA are replaced.",
                  "With one CONFIG, --out is the file of the draft. With several, or with "
                  "--network, it is a folder that gets CHANNEL.update.pb for every channel in "
                  "which the organisation is and which does not have the list yet; --network asks "
                  "the orderers for the newest configuration of each channel.",
                  "Exit code 1 when every channel has this list already; 7 when a configuration "
                  "could not be used and the others could."},
        .examples = {{"A list of an organisation's CA",
                      "msp draft-crl tests/data/vectors/config/cfglab/12_crl/result_block.pb" +
                          crl + "update.pb"},
                     {"For several channels at once",
                      "msp draft-crl tests/data/vectors/config/cfglab/12_crl/result_block.pb "
                      "tests/data/vectors/config/genesis_tradechannel.block" +
                          crl + "updates"}}};
}

void MspDraftCrlCommand::declare(CommandLine& line) {
    line.values({.names = "CONFIG",
                 .help = "Newest config block of a channel; may be repeated",
                 .kind = ValueKind::File},
                m_configs);
    line.value({.names = "--network",
                .help = "Folder of a network that \"network create\" has made: all its channels",
                .kind = ValueKind::Folder,
                .value = "DIR"},
               m_network);
    line.value({.names = "--msp-id",
                .help = "MSP id of the organisation",
                .value = "ID",
                .required = true},
               m_mspId);
    line.value({.names = "--crl",
                .help = "Revocation list of one of its CAs, PEM or DER",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_crl);
    line.value({.names = "--out",
                .help = "File to create, or for several channels a folder: the updates, unsigned",
                .kind = ValueKind::Path,
                .value = "PATH",
                .required = true},
               m_out);
}

Status MspDraftCrlCommand::fetch() {
    ASSIGN_OR_RETURN(const auto network, usecase::NetworkFolder::open(*m_network));
    client::GrpcConnector connector;
    const Deadline deadline = deadlineIn(kFetchPatience);
    usecase::CreateNetwork access(connector, deadline);
    for (const usecase::TopologyChannel& channel : network.topology().channels) {
        // Who may read a channel: a member of it, the organisation itself if it is one.
        std::string reader = channel.members.empty() ? "" : channel.members.front();
        for (const std::string& name : channel.members)
            if (const auto* one = network.organisation(name);
                one != nullptr && one->plan().mspId == MspId(m_mspId))
                reader = name;
        ASSIGN_OR_RETURN(const auto context, access.actAs(network, reader, "Admin"));
        ASSIGN_OR_RETURN(const auto orderers, access.orderers(network, channel.name));
        ASSIGN_OR_RETURN(const auto peers, access.peersOf(network, channel.name));
        auto newest = usecase::newestConfig(context, channel.name, orderers, peers, deadline);
        m_places.push_back(newest.ok() ? newest->source : "channel " + channel.name.str());
        if (newest.ok())
            m_read.emplace_back(std::move(newest->file));
        else
            m_read.emplace_back(newest.status());
    }
    return absl::OkStatus();
}

Status MspDraftCrlCommand::collect() {
    if (m_configs.empty() && !m_network)
        return makeError(StatusCode::kInvalidArgument, "USAGE",
                         "say for which channels: CONFIG or --network");
    for (const auto& file : m_configs) {
        m_read.push_back(usecase::readWholeConfig(file));
        m_places.push_back(file.string());
    }
    return m_network ? fetch() : absl::OkStatus();
}

ExitCode MspDraftCrlCommand::draftAll(Session& session, const Bytes& crl) {
    auto rows = usecase::RevocationDrafts().run(MspId(m_mspId), crl, m_read, m_places);
    if (!rows.ok()) return session.fail(rows.status());
    Json all = Json::array();
    std::size_t drafted = 0;
    std::size_t failed = 0;
    for (const usecase::ChannelRevocation& row : *rows) {
        using Outcome = usecase::ChannelRevocation::Outcome;
        const std::string name = row.channel.empty() ? row.place : row.channel.str();
        Json json{{"outcome", nameOf(row.outcome)}, {"place", bytesToJson(row.place)}};
        if (!row.channel.empty()) json["channel"] = row.channel.str();
        if (row.outcome == Outcome::Drafted) {
            const auto file = m_out / (row.channel.str() + ".update.pb");
            if (const Status written = writeNewFile(file, row.draft->update, 0644); !written.ok())
                return session.fail(written, ExitCode::CannotWrite);
            json["draft"] = draftJson(*row.draft, file);
            ++drafted;
            if (!session.wantsJson()) printDraft(session.out(), *row.draft, file);
        } else if (row.outcome == Outcome::Failed) {
            json["problem"] = std::string(messageOf(row.problem));
            ++failed;
            if (!session.wantsJson())
                session.out().line(bad("✗ ") + strong(name) + Text(": ") +
                                   Text(messageOf(row.problem)));
        } else if (!session.wantsJson()) {
            session.out().line(quiet("= ") + strong(name) +
                               Text(row.outcome == Outcome::Present
                                        ? " has this list already"
                                        : " does not have the organisation"));
        }
        all.push_back(std::move(json));
    }
    if (session.wantsJson()) session.print(all);
    if (failed == rows->size()) return ExitCode::UnreadableInput;
    if (failed != 0) return ExitCode::Incomplete;
    return drafted == 0 ? ExitCode::Findings : ExitCode::Ok;
}

ExitCode MspDraftCrlCommand::run(Session& session) {
    const auto crl = readFile(m_crl, kMaxDraftInput);
    if (!crl.ok()) return session.fail(crl.status());
    if (m_configs.size() == 1 && !m_network) {
        const auto drafts = draftsOf(m_configs.front());
        if (!drafts.ok()) return session.fail(drafts.status());
        return endWith(session, drafts->revocation(MspId(m_mspId), *crl), m_out);
    }
    if (const Status collected = collect(); !collected.ok()) return session.fail(collected);
    std::error_code error;
    std::filesystem::create_directories(m_out, error);
    if (error)
        return session.fail(
            makeError(StatusCode::kInternal, "FILE_ERROR",
                      fmt::format("cannot make {}: {}", m_out.string(), error.message())),
            ExitCode::CannotWrite);
    return draftAll(session, *crl);
}

Help MspDraftCaCommand::help() const {
    const std::string gamma =
        "tests/data/vectors/msp/peerOrganizations/gamma.pub.test/msp/tlscacerts/"
        "tlsca.gamma.pub.test-cert.pem";
    return {.summary = "Draft the update that puts a new CA beside the old one, or takes one away",
            .about = {"A CA is renewed in three steps: its new certificate comes into every "
                      "channel beside the old one, all members get certificates from it, and then "
                      "the old one goes with --remove. In between both count.",
                      "A certificate that signed itself becomes a root, another an intermediate; "
                      "with --tls those of TLS."},
            .examples = {{"A further root for an organisation's TLS",
                          "msp draft-ca tests/data/vectors/config/genesis_cfglab.block --msp-id "
                          "AlphaMSP --tls --cert " +
                              gamma + " --out update.pb"}}};
}

void MspDraftCaCommand::declare(CommandLine& line) {
    declareDraft(line, m_config, m_mspId, m_out);
    line.value({.names = "--cert",
                .help = "Certificate of the CA, PEM",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_certificate);
    line.flag("--tls", "It issues certificates for TLS", m_tls);
    line.flag("--remove", "Take it away instead, wherever it stands", m_remove);
}

ExitCode MspDraftCaCommand::run(Session& session) {
    const auto pem = readFile(m_certificate, kMaxDraftInput);
    if (!pem.ok()) return session.fail(pem.status());
    const auto drafts = draftsOf(m_config);
    if (!drafts.ok()) return session.fail(drafts.status());
    return endWith(session,
                   m_remove ? drafts->withoutAuthority(MspId(m_mspId), *pem)
                            : drafts->authority(MspId(m_mspId), *pem, m_tls),
                   m_out);
}

}  // namespace chancery::cli
