#include "src/usecase/RenewNodeCertificates.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "src/base/File.h"
#include "src/crypto/Key.h"
#include "src/crypto/Secret.h"
#include "src/identity/Identity.h"
#include "src/identity/Msp.h"
#include "src/identity/SigningIdentity.h"
#include "src/usecase/CertificateEffects.h"
#include "src/usecase/FreshFiles.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;
using StepKind = RenewalStep::Kind;

constexpr std::uint64_t kMaxRenewedFile = 1U << 20;
constexpr std::uint64_t kMaxRenewalPlan = 64U << 20;

Status notNow(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kFailedPrecondition, reason, sentence);
}

bool isPemOf(const Bytes& pem, const identity::Certificate& certificate) {
    if (pem.empty()) return false;
    const auto other = identity::Certificate::fromPem(pem);
    return other.ok() && *other == certificate;
}

bool consenterUses(const channel::Consenter& consenter, const identity::Certificate& one) {
    return isPemOf(consenter.serverTlsPem, one) || isPemOf(consenter.clientTlsPem, one) ||
           isPemOf(consenter.identityPem, one);
}

bool isConsenterOf(const channel::Bundle& bundle, const identity::Certificate& certificate) {
    return std::any_of(
        bundle.consenters().begin(), bundle.consenters().end(),
        [&](const channel::Consenter& consenter) { return consenterUses(consenter, certificate); });
}

/// The node's name, when the inventory knows whose certificate a consenter shows.
std::string nameOf(const channel::Consenter& consenter, const CertificateInventory& inventory) {
    for (const InventoriedNode& node : inventory.nodes())
        for (const auto& index : {node.presented, node.tls})
            if (index && consenterUses(consenter, inventory.certificates()[*index].certificate))
                return node.name;
    return fmt::format("{}:{}", consenter.host, consenter.port);
}

/// Nothing when `node` is no consenter of the channel.
std::optional<RenewalQuorum> quorumWithout(const std::string& node, const channel::Bundle& bundle,
                                           const CertificateInventory& inventory) {
    RenewalQuorum quorum{.channel = bundle.channelId()};
    for (const channel::Consenter& consenter : bundle.consenters())
        quorum.others.push_back(nameOf(consenter, inventory));
    const std::size_t total = quorum.others.size();
    if (std::erase(quorum.others, node) == 0) return std::nullopt;
    quorum.needed = quorumOf(total, bundle.consensusType() == "BFT");
    return quorum;
}

/// Clients that reach the node by one of the old names must go on to.
Status checkNames(const identity::Certificate& old, const identity::Certificate& renewed) {
    for (const std::string& host : old.hosts())
        if (std::find(renewed.hosts().begin(), renewed.hosts().end(), host) ==
            renewed.hosts().end())
            return makeError(StatusCode::kInvalidArgument, "OTHER_NAMES",
                             fmt::format("the new certificate does not serve {}, which the old one "
                                         "did",
                                         host),
                             {{"host", host}});
    return absl::OkStatus();
}

/// Whoever takes the node for a peer today must do so tomorrow.
Status checkMembership(const RenewalPlan::Node& node, const identity::Certificate& old,
                       const identity::Certificate& renewed) {
    const auto units = [](const identity::Certificate& one) {
        return std::set<std::string>(one.organizationalUnits().begin(),
                                     one.organizationalUnits().end());
    };
    if (units(old) != units(renewed))
        return makeError(StatusCode::kInvalidArgument, "OTHER_ROLE",
                         fmt::format("the new certificate has the organizational units {}, the old "
                                     "one has {}",
                                     fmt::join(units(renewed), ", "), fmt::join(units(old), ", ")));
    ASSIGN_OR_RETURN(const auto msp, identity::Msp::fromFolder(node.folder, node.mspId,
                                                               identity::MspVersion::V1_4_3));
    ASSIGN_OR_RETURN(const auto member,
                     msp->deserialize(identity::serializeIdentity(node.mspId, renewed.toPem())));
    return msp->validate(*member);
}

Status copyKeyFile(const fs::path& from, const fs::path& to) {
    ASSIGN_OR_RETURN(Bytes bytes, readFile(from, kMaxRenewedFile));
    const Status written = writeFileAtomically(to, bytes, 0600);
    crypto::wipe(bytes);
    return written;
}

/// Where a node keeps its certificate and key, and where the old ones go.
struct RenewedFiles {
    fs::path certificate, key;
    fs::path oldCertificate, oldKey;
};

/// Whether the file holds the key of the certificate.
bool isKeyOf(const fs::path& file, const crypto::PublicKey& wanted) {
    auto pem = readFile(file, kMaxRenewedFile);
    if (!pem.ok()) return false;
    const auto key = crypto::PrivateKey::fromPem(*pem);
    crypto::wipe(*pem);
    return key.ok() && key->publicKey() == wanted;
}

/// The file of the key that belongs to the certificate. Empty when it is in none, as when a token
/// holds it.
fs::path keyFileOf(const fs::path& keystore, const crypto::PublicKey& wanted) {
    std::error_code error;
    for (fs::directory_iterator it(keystore, error), end; !error && it != end; it.increment(error))
        if (isKeyOf(it->path(), wanted)) return it->path();
    return {};
}

Result<RenewedFiles> renewedFilesOf(NodeCertificate what, const RenewalPlan::Node& node) {
    if (what == NodeCertificate::Tls) {
        const fs::path certificate = node.folder / "server.crt";
        const fs::path key = node.folder / "server.key";
        return RenewedFiles{certificate, key, certificate.string() + ".old", key.string() + ".old"};
    }
    // Fabric takes the first by name.
    std::set<fs::path> all;
    std::error_code error;
    for (fs::directory_iterator it(node.folder / "signcerts", error), end; !error && it != end;
         it.increment(error))
        all.insert(it->path());
    if (all.empty())
        return makeError(StatusCode::kNotFound, "NO_SIGNING_CERTIFICATE",
                         fmt::format("{} has no certificate in signcerts", node.folder.string()),
                         {{"folder", node.folder.string()}});
    const fs::path old = node.folder.parent_path() / (node.folder.filename().string() + ".old");
    RenewedFiles files{.certificate = *all.begin(),
                       .key = {},
                       .oldCertificate = old / "signcerts" / all.begin()->filename(),
                       .oldKey = {}};
    // What an earlier attempt has installed already has the new key.
    for (const std::string& pem : {node.oldPem, node.newPem}) {
        const auto certificate = identity::Certificate::fromPem(pem);
        if (!files.key.empty() || !certificate.ok()) continue;
        files.key = keyFileOf(node.folder / "keystore", certificate->publicKey());
    }
    if (!files.key.empty()) files.oldKey = old / "keystore" / files.key.filename();
    return files;
}

/// The key only while it is the old one: an attempt may have ended between key and certificate.
Status keepOldFiles(const RenewedFiles& files, const crypto::PublicKey& oldKey) {
    for (const fs::path& old : {files.oldCertificate, files.oldKey})
        if (!old.empty() && old.extension() != ".old")
            RETURN_IF_ERROR(makeFolder(old.parent_path()));
    RETURN_IF_ERROR(copyKeyFile(files.certificate, files.oldCertificate));
    return isKeyOf(files.key, oldKey) ? copyKeyFile(files.key, files.oldKey) : absl::OkStatus();
}

std::optional<std::size_t> renewedCertificateOf(const InventoriedNode& node, NodeCertificate what) {
    return what == NodeCertificate::Tls ? node.tls : node.identity;
}

/// The steps of one node.
void addRenewalSteps(RenewalPlan& plan, const std::string& name, const identity::Certificate& old,
                     const CertificateInventory& inventory) {
    plan.steps.push_back({.kind = StepKind::Enrol, .node = name});
    RenewalStep restart{.kind = StepKind::Restart, .node = name};
    for (const channel::BundlePtr& bundle : inventory.channels()) {
        const auto quorum = quorumWithout(name, *bundle, inventory);
        const bool isNamed = isConsenterOf(*bundle, old);
        if (!quorum && !isNamed) continue;
        const bool isPausing = !quorum || quorum->others.size() < quorum->needed;
        if (isNamed) {
            plan.steps.push_back(
                {.kind = StepKind::UpdateChannel, .node = name, .channel = bundle->channelId()});
            if (!isPausing) plan.steps.back().quorums.push_back(*quorum);
        }
        if (isPausing)
            restart.pauses.push_back(bundle->channelId());
        else
            restart.quorums.push_back(*quorum);
    }
    plan.steps.push_back({.kind = StepKind::Install, .node = name});
    plan.steps.push_back(std::move(restart));
}

}  // namespace

Status RenewNodeCertificates::save(const RenewalPlan& plan) const {
    return writeFileAtomically(planFile(), toText(plan), 0600);
}

Status RenewNodeCertificates::finish(RenewalPlan& plan, RenewalStep& step) const {
    step.done = true;
    return save(plan);
}

fs::path RenewNodeCertificates::keyFile(const RenewalPlan& plan,
                                        const RenewalPlan::Node& node) const {
    return m_folder / (std::to_string(&node - plan.nodes.data()) + ".key");
}

Result<RenewalPlan> RenewNodeCertificates::begin(const CertificateInventory& inventory,
                                                 const std::map<std::string, fs::path>& folders,
                                                 NodeCertificate what) const {
    std::error_code error;
    if (fs::exists(planFile(), error))
        return makeError(StatusCode::kAlreadyExists, "PLAN_EXISTS",
                         fmt::format("{} holds a plan already; go on with it, or take another "
                                     "folder",
                                     m_folder.string()),
                         {{"path", m_folder.string()}});
    RenewalPlan plan{.what = what, .nodes = {}, .steps = {}};
    for (const auto& [name, folder] : folders) {
        const auto known =
            std::find_if(inventory.nodes().begin(), inventory.nodes().end(),
                         [name = name](const InventoriedNode& node) { return node.name == name; });
        const auto certificate =
            known == inventory.nodes().end() ? std::nullopt : renewedCertificateOf(*known, what);
        if (!certificate)
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                             fmt::format("no {} certificate of {} is known", nameOf(what), name),
                             {{"node", name}});
        plan.nodes.push_back({.name = name,
                              .mspId = known->mspId,
                              .isOrderer = known->isOrderer,
                              .folder = folder,
                              .oldPem = inventory.certificates()[*certificate].certificate.toPem(),
                              .newPem = {},
                              .instance = {}});
    }
    std::stable_sort(plan.nodes.begin(), plan.nodes.end(),
                     [](const RenewalPlan::Node& a, const RenewalPlan::Node& b) {
                         return a.isOrderer < b.isOrderer;
                     });
    for (const RenewalPlan::Node& node : plan.nodes) {
        ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
        addRenewalSteps(plan, node.name, old, inventory);
    }
    RETURN_IF_ERROR(makeFolder(m_folder));
    RETURN_IF_ERROR(save(plan));
    return plan;
}

Result<RenewalPlan> RenewNodeCertificates::resume() const {
    std::error_code error;
    if (!fs::exists(planFile(), error))
        return makeError(StatusCode::kNotFound, "NO_PLAN",
                         fmt::format("{} holds no plan of a renewal", m_folder.string()),
                         {{"path", m_folder.string()}});
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(planFile(), kMaxRenewalPlan));
    return readRenewalPlan(bytes);
}

Result<RenewalStep*> RenewNodeCertificates::expect(RenewalPlan& plan, const std::string& node,
                                                   StepKind kind) const {
    for (RenewalStep& step : plan.steps) {
        if (step.done) continue;
        if (step.node == node && step.kind == kind) return &step;
        return notNow("STEP_NOT_NEXT", fmt::format("first {} of {} has to be done",
                                                   usecase::nameOf(step.kind), step.node));
    }
    return notNow("STEP_NOT_NEXT", "everything is done");
}

Status RenewNodeCertificates::enrol(RenewalPlan& plan, const std::string& name,
                                    interfaces::CaConnector& connector,
                                    const interfaces::CaAddress& ca, bool newKey,
                                    Deadline deadline) const {
    RETURN_IF_ERROR(expect(plan, name, StepKind::Enrol).status());
    const RenewalPlan::Node& node = *plan.node(name);
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
    ASSIGN_OR_RETURN(const RenewedFiles files, renewedFilesOf(plan.what, node));
    if (files.key.empty())
        return makeError(StatusCode::kNotFound, "NO_PRIVATE_KEY",
                         fmt::format("the key of {} is not in its folder: renew where it is held, "
                                     "and give the certificate to the plan",
                                     name),
                         {{"node", name}});
    ASSIGN_OR_RETURN(Bytes keyPem, readFile(files.key, kMaxRenewedFile));
    const auto present = identity::makeSigningIdentity(node.mspId, node.oldPem, keyPem);
    auto key = crypto::PrivateKey::fromPem(keyPem);
    crypto::wipe(keyPem);
    RETURN_IF_ERROR(present.status());
    RETURN_IF_ERROR(key.status());
    if (newKey) {
        key = crypto::PrivateKey::generate(old.publicKey().algorithm());
        RETURN_IF_ERROR(key.status());
    }
    CertificateWishes wishes;
    if (plan.what == NodeCertificate::Tls) {
        wishes.profile = "tls";
        wishes.hosts = old.hosts();
    }
    ASSIGN_OR_RETURN(const auto enrolment,
                     ReenrolIdentity(connector, deadline).run(ca, *present, wishes, *key));
    Bytes newKeyPem = newKey ? key->toPem() : Bytes();
    const Status taken = take(plan, name, enrolment.certificatePem, newKeyPem);
    crypto::wipe(newKeyPem);
    return taken;
}

Status RenewNodeCertificates::take(RenewalPlan& plan, const std::string& name,
                                   const std::string& certificatePem,
                                   const std::string& keyPem) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::Enrol));
    RenewalPlan::Node& node = *plan.node(name);
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
    ASSIGN_OR_RETURN(const auto renewed, identity::Certificate::fromPem(certificatePem));
    RETURN_IF_ERROR(plan.what == NodeCertificate::Tls ? checkNames(old, renewed)
                                                      : checkMembership(node, old, renewed));
    if (keyPem.empty() && !(renewed.publicKey() == old.publicKey()))
        return makeError(StatusCode::kInvalidArgument, "KEY_MISMATCH",
                         "the new certificate is for another key, which is not given");
    if (!keyPem.empty()) {
        RETURN_IF_ERROR(identity::makeSigningIdentity(node.mspId, certificatePem, keyPem).status());
        RETURN_IF_ERROR(writeFileAtomically(keyFile(plan, node), keyPem, 0600));
    }
    node.newPem = certificatePem;
    return finish(plan, *step);
}

Result<std::optional<CertificateDraft>> RenewNodeCertificates::draft(RenewalPlan& plan,
                                                                     const std::string& name,
                                                                     ConfigFile config) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::UpdateChannel));
    if (config.channel != step->channel)
        return makeError(StatusCode::kInvalidArgument, "WRONG_CHANNEL",
                         fmt::format("the configuration of {} is wanted, this is that of {}",
                                     step->channel.str(), config.channel.str()),
                         {{"channel", step->channel.str()}});
    const RenewalPlan::Node& node = *plan.node(name);
    ASSIGN_OR_RETURN(const auto renewed, identity::Certificate::fromPem(node.newPem));
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
    ASSIGN_OR_RETURN(const auto bundle,
                     channel::Bundle::fromConfig(config.channel, *config.config));
    if (isConsenterOf(*bundle, renewed) && !isConsenterOf(*bundle, old)) {
        RETURN_IF_ERROR(finish(plan, *step));
        return std::nullopt;
    }
    ASSIGN_OR_RETURN(const auto drafts, CertificateDrafts::of(std::move(config)));
    ASSIGN_OR_RETURN(CertificateDraft made, drafts.consenter(node.oldPem, node.newPem));
    return std::optional(std::move(made));
}

Status RenewNodeCertificates::install(RenewalPlan& plan, const std::string& name,
                                      const std::string& instance) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::Install));
    RenewalPlan::Node& node = *plan.node(name);
    const fs::path newKey = keyFile(plan, node);
    ASSIGN_OR_RETURN(const RenewedFiles files, renewedFilesOf(plan.what, node));
    ASSIGN_OR_RETURN(const Bytes present, readFile(files.certificate, kMaxRenewedFile));
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
    std::error_code error;
    // A second attempt must not take the new ones for the old.
    if (present != node.newPem) RETURN_IF_ERROR(keepOldFiles(files, old.publicKey()));
    if (fs::exists(newKey, error)) {
        if (files.key.empty())
            return notNow("NO_PRIVATE_KEY", fmt::format("there is no key of {} to replace", name));
        RETURN_IF_ERROR(copyKeyFile(newKey, files.key));
    }
    RETURN_IF_ERROR(writeFileAtomically(files.certificate, node.newPem, 0600));
    node.instance = instance;
    RETURN_IF_ERROR(finish(plan, *step));
    fs::remove(newKey, error);
    return absl::OkStatus();
}

Status RenewNodeCertificates::seen(RenewalPlan& plan, const std::string& name,
                                   BytesView presentedDer) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::Restart));
    ASSIGN_OR_RETURN(const auto renewed, identity::Certificate::fromPem(plan.node(name)->newPem));
    if (renewed.der() != presentedDer)
        return notNow("STILL_OLD",
                      fmt::format("{} still shows another certificate; restart it", name));
    return finish(plan, *step);
}

Status RenewNodeCertificates::restarted(RenewalPlan& plan, const std::string& name,
                                        const std::string& instance) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::Restart));
    if (instance.empty() || instance == plan.node(name)->instance)
        return notNow("STILL_OLD", fmt::format("{} still runs as before; restart it", name));
    return finish(plan, *step);
}

}  // namespace chancery::usecase
