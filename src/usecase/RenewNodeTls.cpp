#include "src/usecase/RenewNodeTls.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/base/File.h"
#include "src/crypto/Key.h"
#include "src/crypto/Secret.h"
#include "src/usecase/CertificateEffects.h"
#include "src/usecase/FreshFiles.h"
#include "src/usecase/Json.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;
using StepKind = RenewalStep::Kind;

constexpr std::uint64_t kMaxTlsFile = 1U << 20;
constexpr StepKind kKinds[] = {StepKind::Enrol, StepKind::UpdateChannel, StepKind::Install,
                               StepKind::Restart};

Status notNow(std::string_view reason, std::string_view sentence) {
    return makeError(StatusCode::kFailedPrecondition, reason, sentence);
}

bool isConsenterOf(const channel::Bundle& bundle, const identity::Certificate& certificate) {
    return std::any_of(
        bundle.consenters().begin(), bundle.consenters().end(),
        [&](const channel::Consenter& consenter) {
            for (const Bytes* pem : {&consenter.serverTlsPem, &consenter.clientTlsPem}) {
                const auto other = identity::Certificate::fromPem(*pem);
                if (other.ok() && *other == certificate) return true;
            }
            return false;
        });
}

/// A channel goes on while one is away when the others are a quorum.
bool restartPauses(const channel::Bundle& bundle) {
    const std::size_t total = bundle.consenters().size();
    return total == 0 || total - 1 < quorumOf(total, bundle.consensusType() == "BFT");
}

Json planJson(const RenewalPlan& plan) {
    Json nodes = Json::array();
    for (const RenewalPlan::Node& node : plan.nodes)
        nodes.push_back({{"name", node.name},
                         {"msp_id", node.mspId.str()},
                         {"orderer", node.isOrderer},
                         {"tls_folder", node.tlsFolder.string()},
                         {"old", node.oldPem},
                         {"new", node.newPem}});
    Json steps = Json::array();
    for (const RenewalStep& step : plan.steps) {
        Json pausing = Json::array();
        for (const ChannelId& channel : step.pauses) pausing.push_back(channel.str());
        steps.push_back({{"kind", nameOf(step.kind)},
                         {"node", step.node},
                         {"channel", step.channel.str()},
                         {"done", step.done},
                         {"pauses", std::move(pausing)}});
    }
    return {{"format", "chancery-tls-renewal"},
            {"version", 1},
            {"nodes", std::move(nodes)},
            {"steps", std::move(steps)}};
}

std::string planText(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool planFlag(const Json& json, const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_boolean() && found->get<bool>();
}

Result<RenewalPlan> planOf(const Json& json) {
    const Status bad =
        makeError(StatusCode::kInvalidArgument, "BAD_PLAN", "the plan of a renewal is damaged");
    if (json.is_discarded() || !json.is_object() ||
        planText(json, "format") != "chancery-tls-renewal" || !json.contains("nodes") ||
        !json["nodes"].is_array() || !json.contains("steps") || !json["steps"].is_array())
        return bad;
    RenewalPlan plan;
    for (const Json& node : json["nodes"]) {
        if (!node.is_object()) return bad;
        plan.nodes.push_back({.name = planText(node, "name"),
                              .mspId = MspId(planText(node, "msp_id")),
                              .isOrderer = planFlag(node, "orderer"),
                              .tlsFolder = planText(node, "tls_folder"),
                              .oldPem = planText(node, "old"),
                              .newPem = planText(node, "new")});
    }
    for (const Json& step : json["steps"]) {
        if (!step.is_object()) return bad;
        const std::string kind = planText(step, "kind");
        const auto known = std::find_if(std::begin(kKinds), std::end(kKinds),
                                        [&](StepKind one) { return nameOf(one) == kind; });
        RenewalStep one{.node = planText(step, "node"),
                        .channel = ChannelId(planText(step, "channel")),
                        .done = planFlag(step, "done")};
        if (known == std::end(kKinds) || plan.node(one.node) == nullptr) return bad;
        one.kind = *known;
        if (step.contains("pauses") && step["pauses"].is_array())
            for (const Json& channel : step["pauses"])
                if (channel.is_string()) one.pauses.emplace_back(channel.get<std::string>());
        plan.steps.push_back(std::move(one));
    }
    return plan;
}

RenewalPlan::Node* nodeOf(RenewalPlan& plan, const std::string& name) {
    for (RenewalPlan::Node& node : plan.nodes)
        if (node.name == name) return &node;
    return nullptr;
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

Status keepOld(const fs::path& file) {
    ASSIGN_OR_RETURN(Bytes bytes, readFile(file, kMaxTlsFile));
    const Status written = writeFileAtomically(file.string() + ".old", bytes, 0600);
    crypto::wipe(bytes);
    return written;
}

}  // namespace

std::string_view nameOf(StepKind kind) {
    switch (kind) {
        case StepKind::Enrol:
            return "enrol";
        case StepKind::UpdateChannel:
            return "update_channel";
        case StepKind::Install:
            return "install";
        case StepKind::Restart:
            return "restart";
    }
    return "";
}

const RenewalStep* RenewalPlan::next() const {
    for (const RenewalStep& step : steps)
        if (!step.done) return &step;
    return nullptr;
}

const RenewalPlan::Node* RenewalPlan::node(const std::string& name) const {
    for (const Node& node : nodes)
        if (node.name == name) return &node;
    return nullptr;
}

Status RenewNodeTls::save(const RenewalPlan& plan) const {
    return writeFileAtomically(planFile(), toText(planJson(plan)), 0600);
}

Result<RenewalPlan> RenewNodeTls::begin(const CertificateInventory& inventory,
                                        const std::map<std::string, fs::path>& tlsFolders) const {
    std::error_code error;
    if (fs::exists(planFile(), error))
        return makeError(StatusCode::kAlreadyExists, "PLAN_EXISTS",
                         fmt::format("{} holds a plan already; go on with it, or take another "
                                     "folder",
                                     m_folder.string()),
                         {{"path", m_folder.string()}});
    RenewalPlan plan;
    for (const auto& [name, folder] : tlsFolders) {
        const auto known =
            std::find_if(inventory.nodes().begin(), inventory.nodes().end(),
                         [name = name](const InventoriedNode& node) { return node.name == name; });
        if (known == inventory.nodes().end() || !known->tls)
            return makeError(StatusCode::kNotFound, "NO_SUCH_NODE",
                             fmt::format("no TLS certificate of {} is known", name),
                             {{"node", name}});
        plan.nodes.push_back({.name = name,
                              .mspId = known->mspId,
                              .isOrderer = known->isOrderer,
                              .tlsFolder = folder,
                              .oldPem = inventory.certificates()[*known->tls].certificate.toPem(),
                              .newPem = {}});
    }
    std::stable_sort(plan.nodes.begin(), plan.nodes.end(),
                     [](const RenewalPlan::Node& a, const RenewalPlan::Node& b) {
                         return a.isOrderer < b.isOrderer;
                     });
    for (const RenewalPlan::Node& node : plan.nodes) {
        ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
        plan.steps.push_back({.kind = StepKind::Enrol, .node = node.name});
        RenewalStep restart{.kind = StepKind::Restart, .node = node.name};
        for (const channel::BundlePtr& bundle : inventory.channels()) {
            if (!isConsenterOf(*bundle, old)) continue;
            plan.steps.push_back({.kind = StepKind::UpdateChannel,
                                  .node = node.name,
                                  .channel = bundle->channelId()});
            if (restartPauses(*bundle)) restart.pauses.push_back(bundle->channelId());
        }
        plan.steps.push_back({.kind = StepKind::Install, .node = node.name});
        plan.steps.push_back(std::move(restart));
    }
    RETURN_IF_ERROR(makeFolder(m_folder));
    RETURN_IF_ERROR(save(plan));
    return plan;
}

Result<RenewalPlan> RenewNodeTls::resume() const {
    std::error_code error;
    if (!fs::exists(planFile(), error))
        return makeError(StatusCode::kNotFound, "NO_PLAN",
                         fmt::format("{} holds no plan of a renewal", m_folder.string()),
                         {{"path", m_folder.string()}});
    ASSIGN_OR_RETURN(const Bytes bytes, readFile(planFile(), 64U << 20));
    return planOf(Json::parse(bytes, nullptr, false));
}

Result<RenewalStep*> RenewNodeTls::expect(RenewalPlan& plan, const std::string& node,
                                          StepKind kind) const {
    for (RenewalStep& step : plan.steps) {
        if (step.done) continue;
        if (step.node == node && step.kind == kind) return &step;
        return notNow("STEP_NOT_NEXT",
                      fmt::format("first {} of {} has to be done", nameOf(step.kind), step.node));
    }
    return notNow("STEP_NOT_NEXT", "everything is done");
}

Status RenewNodeTls::enrol(RenewalPlan& plan, const std::string& name,
                           interfaces::CaConnector& connector, const interfaces::CaAddress& ca,
                           bool newKey, Deadline deadline) const {
    RETURN_IF_ERROR(expect(plan, name, StepKind::Enrol).status());
    const RenewalPlan::Node& node = *nodeOf(plan, name);
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
    ASSIGN_OR_RETURN(Bytes keyPem, readFile(node.tlsFolder / "server.key", kMaxTlsFile));
    const auto present = identity::makeSigningIdentity(node.mspId, node.oldPem, keyPem);
    auto key = crypto::PrivateKey::fromPem(keyPem);
    crypto::wipe(keyPem);
    RETURN_IF_ERROR(present.status());
    RETURN_IF_ERROR(key.status());
    if (newKey) {
        key = crypto::PrivateKey::generate(old.publicKey().algorithm());
        RETURN_IF_ERROR(key.status());
    }
    ASSIGN_OR_RETURN(const auto enrolment,
                     ReenrolIdentity(connector, deadline)
                         .run(ca, *present, {.profile = "tls", .hosts = old.hosts()}, *key));
    Bytes newKeyPem = newKey ? key->toPem() : Bytes();
    const Status taken = take(plan, name, enrolment.certificatePem, newKeyPem);
    crypto::wipe(newKeyPem);
    return taken;
}

Status RenewNodeTls::take(RenewalPlan& plan, const std::string& name,
                          const std::string& certificatePem, const std::string& keyPem) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::Enrol));
    RenewalPlan::Node& node = *nodeOf(plan, name);
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
    ASSIGN_OR_RETURN(const auto renewed, identity::Certificate::fromPem(certificatePem));
    RETURN_IF_ERROR(checkNames(old, renewed));
    if (keyPem.empty() && !(renewed.publicKey() == old.publicKey()))
        return makeError(StatusCode::kInvalidArgument, "KEY_MISMATCH",
                         "the new certificate is for another key, which is not given");
    if (!keyPem.empty()) {
        RETURN_IF_ERROR(identity::makeSigningIdentity(node.mspId, certificatePem, keyPem).status());
        RETURN_IF_ERROR(writeFileAtomically(
            m_folder / (std::to_string(&node - plan.nodes.data()) + ".key"), keyPem, 0600));
    }
    node.newPem = certificatePem;
    step->done = true;
    return save(plan);
}

Result<std::optional<CertificateDraft>> RenewNodeTls::draft(RenewalPlan& plan,
                                                            const std::string& name,
                                                            ConfigFile config) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::UpdateChannel));
    if (config.channel != step->channel)
        return makeError(StatusCode::kInvalidArgument, "WRONG_CHANNEL",
                         fmt::format("the configuration of {} is wanted, this is that of {}",
                                     step->channel.str(), config.channel.str()),
                         {{"channel", step->channel.str()}});
    const RenewalPlan::Node& node = *nodeOf(plan, name);
    ASSIGN_OR_RETURN(const auto renewed, identity::Certificate::fromPem(node.newPem));
    ASSIGN_OR_RETURN(const auto old, identity::Certificate::fromPem(node.oldPem));
    ASSIGN_OR_RETURN(const auto bundle,
                     channel::Bundle::fromConfig(config.channel, *config.config));
    if (isConsenterOf(*bundle, renewed) && !isConsenterOf(*bundle, old)) {
        step->done = true;
        RETURN_IF_ERROR(save(plan));
        return std::nullopt;
    }
    ASSIGN_OR_RETURN(const auto drafts, CertificateDrafts::of(std::move(config)));
    ASSIGN_OR_RETURN(CertificateDraft made, drafts.consenter(node.oldPem, node.newPem));
    return std::optional(std::move(made));
}

Status RenewNodeTls::install(RenewalPlan& plan, const std::string& name) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::Install));
    const RenewalPlan::Node& node = *nodeOf(plan, name);
    const fs::path certificate = node.tlsFolder / "server.crt";
    const fs::path key = node.tlsFolder / "server.key";
    const fs::path newKey = m_folder / (std::to_string(&node - plan.nodes.data()) + ".key");
    ASSIGN_OR_RETURN(const Bytes present, readFile(certificate, kMaxTlsFile));
    // A second attempt must not take the new ones for the old.
    if (present == node.oldPem || !fs::exists(certificate.string() + ".old")) {
        RETURN_IF_ERROR(keepOld(certificate));
        RETURN_IF_ERROR(keepOld(key));
    }
    std::error_code error;
    if (fs::exists(newKey, error)) {
        ASSIGN_OR_RETURN(Bytes pem, readFile(newKey, kMaxTlsFile));
        const Status written = writeFileAtomically(key, pem, 0600);
        crypto::wipe(pem);
        RETURN_IF_ERROR(written);
    }
    RETURN_IF_ERROR(writeFileAtomically(certificate, node.newPem, 0600));
    step->done = true;
    RETURN_IF_ERROR(save(plan));
    fs::remove(newKey, error);
    return absl::OkStatus();
}

Status RenewNodeTls::seen(RenewalPlan& plan, const std::string& name,
                          BytesView presentedDer) const {
    ASSIGN_OR_RETURN(RenewalStep * step, expect(plan, name, StepKind::Restart));
    const RenewalPlan::Node& node = *nodeOf(plan, name);
    ASSIGN_OR_RETURN(const auto renewed, identity::Certificate::fromPem(node.newPem));
    if (renewed.der() != presentedDer)
        return notNow("STILL_OLD",
                      fmt::format("{} still shows another certificate; restart it", name));
    step->done = true;
    return save(plan);
}

}  // namespace chancery::usecase
