#include "src/cli/MspDraftCommands.h"

#include <fmt/format.h>

#include "src/base/File.h"
#include "src/cli/DraftText.h"
#include "src/cli/Session.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t kMaxDraftInput = 64U << 20;

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
    return {
        .summary = "Draft the update that brings a revocation list into a channel",
        .about = {"Peers and orderers refuse a revoked identity only when the channel's "
                  "configuration has the list: once for each channel of the organisation. Older "
                  "lists of the same CA are replaced.",
                  "Exit code 1 when the channel has this list already."},
        .examples = {
            {"A list of an organisation's CA",
             "msp draft-crl tests/data/vectors/config/cfglab/12_crl/result_block.pb --msp-id "
             "AlphaMSP --crl "
             "tests/data/vectors/msp/badmsp/client_as_admin/crls/crl.pem --out update.pb"}}};
}

void MspDraftCrlCommand::declare(CommandLine& line) {
    declareDraft(line, m_config, m_mspId, m_out);
    line.value({.names = "--crl",
                .help = "Revocation list of one of its CAs, PEM or DER",
                .kind = ValueKind::File,
                .value = "FILE",
                .required = true},
               m_crl);
}

ExitCode MspDraftCrlCommand::run(Session& session) {
    const auto crl = readFile(m_crl, kMaxDraftInput);
    if (!crl.ok()) return session.fail(crl.status());
    const auto drafts = draftsOf(m_config);
    if (!drafts.ok()) return session.fail(drafts.status());
    return endWith(session, drafts->revocation(MspId(m_mspId), *crl), m_out);
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
