#include "src/cli/CertText.h"

#include <fmt/format.h>

#include "src/cli/Values.h"

namespace chancery::cli {
namespace {

using usecase::CertificateEffect;
using usecase::CertificateUse;
using usecase::CertificateUseKind;
using usecase::EffectKind;

constexpr std::string_view kReasons[] = {
    "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded",    "cessationOfOperation", "certificateHold", "",
    "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};

std::string quorumText(const CertificateEffect& effect) {
    return fmt::format("{} of {} consenters {}, {} needed", effect.remaining, effect.total,
                       effect.remaining == 1 ? "remains" : "remain",
                       effect.needed == 1 ? "1 is" : fmt::format("{} are", effect.needed));
}

std::string nobodyActs(const CertificateEffect& effect) {
    if (effect.role == "peer")
        return fmt::format("No known peer of {} can be reached, so nobody endorses for it",
                           effect.mspId.str());
    return fmt::format("{} has no known {} left whose requests nodes accept", effect.mspId.str(),
                       effect.role == "admin" ? "administrator" : effect.role);
}

}  // namespace

std::string effectText(const CertificateEffect& effect) {
    switch (effect.kind) {
        case EffectKind::QuorumLost:
            return fmt::format("Channel {} loses its quorum and takes no transactions: {}",
                               effect.channel.str(), quorumText(effect));
        case EffectKind::ConsenterLost:
            return fmt::format("Consenter {} drops out of channel {}: {}", effect.name,
                               effect.channel.str(), quorumText(effect));
        case EffectKind::NodeUnreachable:
            return fmt::format("{} can no longer be reached over TLS, by clients and other nodes",
                               effect.name);
        case EffectKind::NodeCannotStart:
            return fmt::format(
                "{} does not come back from its next restart, and others refuse what it sends",
                effect.name);
        case EffectKind::IdentityRefused:
            return fmt::format(
                "{} ({}) can do nothing any more: peers and orderers refuse its requests",
                effect.name, effect.mspId.str());
        case EffectKind::NobodyActs:
            return nobodyActs(effect);
        case EffectKind::PolicyStops:
            return fmt::format("Policy {} of channel {} can no longer be satisfied without {}",
                               effect.name, effect.channel.str(), list(effect.names));
        case EffectKind::ContractStops:
            return fmt::format(
                "Contract {} of channel {} can no longer be endorsed without {}, as its policy "
                "stands",
                effect.name, effect.channel.str(), list(effect.names));
        case EffectKind::CaIssuesNothing:
            return fmt::format(
                "CA {} of {} can issue and renew nothing; what it issued stays valid in the ledger",
                effect.name, effect.mspId.str());
        case EffectKind::TlsRootEnds:
            if (effect.names.empty())
                return fmt::format("TLS below {} of {} ends; no node that is known depends on it",
                                   effect.name, effect.mspId.str());
            return fmt::format("TLS below {} of {} ends, which {} {} on: {}", effect.name,
                               effect.mspId.str(), counted(effect.names.size(), "node"),
                               effect.names.size() == 1 ? "depends" : "depend", list(effect.names));
        case EffectKind::CrlOutdated:
            return fmt::format(
                "The revocation list of {} is out of date: later revocations are "
                "missing in it",
                effect.name);
    }
    return {};
}

Json effectJson(const CertificateEffect& effect) {
    Json json{{"effect", nameOf(effect.kind)}, {"sentence", effectText(effect)}};
    if (!effect.name.empty()) json["name"] = bytesToJson(effect.name);
    if (!effect.mspId.empty()) json["mspid"] = effect.mspId.str();
    if (!effect.channel.empty()) json["channel"] = effect.channel.str();
    if (!effect.role.empty()) json["role"] = effect.role;
    if (effect.total != 0) json["total"] = effect.total;
    if (effect.needed != 0) {
        json["remaining"] = effect.remaining;
        json["needed"] = effect.needed;
    }
    if (!effect.names.empty()) json["names"] = effect.names;
    return json;
}

std::string useText(const CertificateUse& use) {
    const std::string in =
        use.channel.empty() ? std::string() : fmt::format(" in channel {}", use.channel.str());
    switch (use.kind) {
        case CertificateUseKind::WalletIdentity:
            return "identity " + use.owner;
        case CertificateUseKind::IssuedByCa:
            return use.owner.empty() ? "file " + use.place : "known to " + use.owner;
        case CertificateUseKind::CaSigning:
            return "signs for CA " + use.owner;
        case CertificateUseKind::NodeIdentity:
            return "identity of node " + use.owner;
        case CertificateUseKind::NodeTlsServer:
            return "TLS of node " + use.owner;
        case CertificateUseKind::PresentedTls:
            return fmt::format("shown by {} at {}", use.owner, use.place);
        case CertificateUseKind::MspRoot:
            return "root of " + use.owner + in;
        case CertificateUseKind::MspIntermediate:
            return "intermediate CA of " + use.owner + in;
        case CertificateUseKind::MspTlsRoot:
            return "TLS root of " + use.owner + in;
        case CertificateUseKind::MspTlsIntermediate:
            return "TLS intermediate CA of " + use.owner + in;
        case CertificateUseKind::MspAdmin:
            return "administrator of " + use.owner + in;
        case CertificateUseKind::ConsenterServerTls:
            return "server TLS of consenter " + use.owner + in;
        case CertificateUseKind::ConsenterClientTls:
            return "client TLS of consenter " + use.owner + in;
        case CertificateUseKind::ConsenterIdentity:
            return "identity of consenter " + use.owner + in;
    }
    return {};
}

std::string_view revocationReason(std::optional<int> reason) {
    const int value = reason.value_or(0);
    return value >= 0 && value < static_cast<int>(std::size(kReasons))
               ? kReasons[static_cast<std::size_t>(value)]
               : std::string_view("unspecified");
}

Json certificateJson(const usecase::CertificateInventory& inventory, std::size_t index,
                     absl::Time now) {
    const usecase::InventoriedCertificate& one = inventory.certificates()[index];
    Json uses = Json::array();
    for (const CertificateUse& use : one.uses) {
        uses.push_back({{"use", nameOf(use.kind)}, {"owner", bytesToJson(use.owner)}});
        if (!use.mspId.empty()) uses.back()["mspid"] = use.mspId.str();
        if (!use.channel.empty()) uses.back()["channel"] = use.channel.str();
        if (!use.place.empty()) uses.back()["place"] = bytesToJson(use.place);
    }
    Json json{{"name", bytesToJson(one.name)},
              {"subject", bytesToJson(one.certificate.subject())},
              {"issuer", bytesToJson(one.certificate.issuer())},
              {"serial_hex", one.certificate.serialHex()},
              {"not_before", rfc3339(one.certificate.notBefore())},
              {"not_after", rfc3339(one.certificate.notAfter())},
              {"ended", one.certificate.notAfter() < now},
              {"suite", one.suite},
              {"role", one.role.empty() ? Json() : Json(one.role)},
              {"mspid", one.mspId.empty() ? Json() : Json(one.mspId.str())},
              {"key", one.keyPlace.empty() ? Json() : Json(one.keyPlace)},
              {"uses", std::move(uses)},
              {"cert_sha256", one.fingerprint},
              {"revoked", Json()}};
    if (one.revocation)
        json["revoked"] = {
            {"at", rfc3339(one.revocation->at)},
            {"reason", revocationReason(one.revocation->reason)},
            {"crl_issuer",
             bytesToJson(inventory.revocationLists()[one.revocation->list].list.issuer())}};
    return json;
}

std::string distance(absl::Time time, absl::Time now) {
    const bool past = time < now;
    const std::int64_t hours = absl::ToInt64Hours(past ? now - time : time - now);
    const std::string much = hours < 48 ? counted(static_cast<std::uint64_t>(hours), "hour")
                                        : counted(static_cast<std::uint64_t>(hours / 24), "day");
    return past ? "ended " + much + " ago" : "in " + much;
}

}  // namespace chancery::cli
