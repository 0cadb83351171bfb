#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/channel/UnknownParts.h"
#include "src/channel/ValueDifference.h"
#include "src/identity/Certificate.h"
#include "src/identity/Crl.h"
#include "src/wire/Parse.h"

namespace chancery::channel {
namespace {

using ::msp::FabricMSPConfig;
using Text = ChangeList::Text;

std::string day(absl::Time time) {
    return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
}

template <class Get>
void compareCertificates(ChangeList& changes, std::string_view subject,
                         const FabricMSPConfig* before, const FabricMSPConfig* after, Get get) {
    const auto textsOf = [&](const FabricMSPConfig* config) {
        std::vector<std::string> texts;
        if (config != nullptr)
            for (const std::string& pem : get(*config)) texts.push_back(describeCertificate(pem));
        return texts;
    };
    changes.items(subject, textsOf(before), textsOf(after));
}

/// A CRL of the configuration; without `list` when it cannot be read.
struct Crl {
    std::string name;  ///< issuer, or what the bytes are
    std::optional<identity::RevocationList> list;
};

std::vector<Crl> crlsOf(const FabricMSPConfig* config) {
    std::vector<Crl> crls;
    if (config == nullptr) return crls;
    for (const std::string& bytes : config->revocation_list()) {
        auto list = identity::RevocationList::fromBytes(bytes);
        if (list.ok())
            crls.push_back({list->issuer(), *std::move(list)});
        else
            crls.push_back({fmt::format("unreadable ({})", describeBytes(bytes)), std::nullopt});
    }
    return crls;
}

std::string entriesOf(const identity::RevocationList& list) {
    const std::size_t count = list.entries().size();
    return fmt::format("{} {}", count, count == 1 ? "entry" : "entries");
}

std::vector<std::string> serialsOf(const identity::RevocationList* list) {
    std::vector<std::string> serials;
    if (list != nullptr)
        for (const auto& entry : list->entries()) serials.push_back(toHex(entry.serial));
    return serials;
}

std::vector<Change> serialChanges(const std::string& path, const identity::RevocationList* before,
                                  const identity::RevocationList* after) {
    ChangeList details(path);
    details.items("REVOKED_SERIAL", serialsOf(before), serialsOf(after));
    return details.take();
}

void addCrl(ChangeList& changes, ChangeKind kind, const Crl& crl) {
    const std::string item =
        crl.list ? fmt::format("by {}, {}", crl.name, entriesOf(*crl.list)) : crl.name;
    Change& change = changes.item("REVOCATION_LIST", kind, {{"item", item}});
    const auto* list = crl.list ? &*crl.list : nullptr;
    change.details = kind == ChangeKind::Added ? serialChanges(changes.path(), nullptr, list)
                                               : serialChanges(changes.path(), list, nullptr);
}

void compareCrl(ChangeList& changes, const Crl& before, const Crl& after) {
    if (!before.list || !after.list || before.list->der() == after.list->der()) return;
    std::string was = entriesOf(*before.list);
    std::string is = entriesOf(*after.list);
    if (was == is) {
        was += " of " + day(before.list->thisUpdate());
        is += " of " + day(after.list->thisUpdate());
    }
    if (was == is) {
        was = describeBytes(before.list->der());
        is = describeBytes(after.list->der());
    }
    if (Change* change = changes.setting("REVOCATION_LIST", was, is, {{"issuer", after.name}}))
        change->details = serialChanges(changes.path(), &*before.list, &*after.list);
}

void compareCrls(ChangeList& changes, const FabricMSPConfig* before, const FabricMSPConfig* after) {
    std::vector<Crl> was = crlsOf(before);
    std::vector<Crl> is = crlsOf(after);
    for (const Crl& crl : was) {
        const auto now = std::find_if(is.begin(), is.end(),
                                      [&](const Crl& other) { return other.name == crl.name; });
        if (now == is.end()) {
            addCrl(changes, ChangeKind::Removed, crl);
            continue;
        }
        compareCrl(changes, crl, *now);
        is.erase(now);
    }
    for (const Crl& crl : is) addCrl(changes, ChangeKind::Added, crl);
}

std::string certifierOf(const ::msp::FabricOUIdentifier& unit) {
    return unit.certificate().empty() ? "any CA of the organisation"
                                      : describeCertificate(unit.certificate());
}

using Unit = ::msp::FabricOUIdentifier;

struct RoleUnit {
    const char* role;
    const char* roles;
    const Unit* unit;  ///< null when the MSP does not name one
};

std::array<RoleUnit, 4> unitsOf(const FabricMSPConfig* config) {
    const auto& ous =
        (config == nullptr ? FabricMSPConfig::default_instance() : *config).fabric_node_ous();
    const auto orNull = [](bool has, const Unit& unit) { return has ? &unit : nullptr; };
    return {
        {{"client", "clients", orNull(ous.has_client_ou_identifier(), ous.client_ou_identifier())},
         {"peer", "peers", orNull(ous.has_peer_ou_identifier(), ous.peer_ou_identifier())},
         {"admin", "admins", orNull(ous.has_admin_ou_identifier(), ous.admin_ou_identifier())},
         {"orderer", "orderers",
          orNull(ous.has_orderer_ou_identifier(), ous.orderer_ou_identifier())}}};
}

/// "on (client, peer, admin as \"boss\")", "off".
Text describeNodeOus(const FabricMSPConfig* config) {
    if (config == nullptr) return std::nullopt;
    std::string names;
    for (const RoleUnit& one : unitsOf(config)) {
        if (one.unit == nullptr) continue;
        if (!names.empty()) names += ", ";
        names += one.role;
        if (one.unit->organizational_unit_identifier() != one.role)
            names += fmt::format(" as \"{}\"", one.unit->organizational_unit_identifier());
    }
    const std::string state = config->fabric_node_ous().enable() ? "on" : "off";
    return names.empty() ? state : fmt::format("{} ({})", state, names);
}

void compareNodeOus(ChangeList& changes, const FabricMSPConfig* before,
                    const FabricMSPConfig* after) {
    changes.setting("NODE_OUS", describeNodeOus(before), describeNodeOus(after));
    // Usually all roles have the same CA; then one sentence says it.
    std::vector<std::pair<std::pair<Text, Text>, std::string>> byCertifier;
    const auto was = unitsOf(before);
    const auto is = unitsOf(after);
    const auto certifier = [](const Unit* unit) {
        return unit == nullptr ? Text() : Text(certifierOf(*unit));
    };
    for (std::size_t i = 0; i < was.size(); ++i) {
        const std::pair<Text, Text> both{certifier(was[i].unit), certifier(is[i].unit)};
        const auto known = std::find_if(byCertifier.begin(), byCertifier.end(),
                                        [&](const auto& entry) { return entry.first == both; });
        if (known == byCertifier.end())
            byCertifier.emplace_back(both, was[i].roles);
        else
            known->second += std::string(", ") + was[i].roles;
    }
    for (const auto& [both, roles] : byCertifier)
        changes.setting("NODE_OU_CERTIFIER", both.first, both.second, {{"role", roles}});
}

void compareFabricMsp(ChangeList& changes, const FabricMSPConfig* before,
                      const FabricMSPConfig* after) {
    const auto setting = [&](std::string_view subject, auto get, ChangeArguments arguments = {}) {
        changes.setting(subject, before ? Text(get(*before)) : Text(),
                        after ? Text(get(*after)) : Text(), std::move(arguments));
    };
    setting("MSP_ID", [](const FabricMSPConfig& c) { return c.name(); });
    compareCertificates(
        changes, "ROOT_CA", before, after,
        [](const auto& c) -> const auto& { return c.root_certs(); });
    compareCertificates(
        changes, "INTERMEDIATE_CA", before, after,
        [](const auto& c) -> const auto& { return c.intermediate_certs(); });
    compareCertificates(
        changes, "ADMIN_CERTIFICATE", before, after,
        [](const auto& c) -> const auto& { return c.admins(); });
    compareCrls(changes, before, after);
    compareCertificates(
        changes, "TLS_ROOT_CA", before, after,
        [](const auto& c) -> const auto& { return c.tls_root_certs(); });
    compareCertificates(
        changes, "TLS_INTERMEDIATE_CA", before, after,
        [](const auto& c) -> const auto& { return c.tls_intermediate_certs(); });
    compareNodeOus(changes, before, after);
    const auto requiredUnitsOf = [](const FabricMSPConfig* config) {
        std::vector<std::string> units;
        if (config != nullptr)
            for (const auto& unit : config->organizational_unit_identifiers())
                units.push_back(fmt::format(
                    "\"{}\" below {}", unit.organizational_unit_identifier(), certifierOf(unit)));
        return units;
    };
    changes.items("OU_IDENTIFIER", requiredUnitsOf(before), requiredUnitsOf(after));
    setting("MSP_HASH", [](const FabricMSPConfig& c) {
        const auto& crypto = c.crypto_config();
        const auto orDefault = [](const std::string& name, const char* fallback) {
            return name.empty() ? fallback : name.c_str();
        };
        return fmt::format("{} under signatures, {} of identities",
                           orDefault(crypto.signature_hash_family(), "SHA2"),
                           orDefault(crypto.identity_identifier_hash_function(), "SHA256"));
    });
    const auto signersOf = [](const FabricMSPConfig* config) {
        std::vector<std::string> signers;
        if (config != nullptr && config->has_signing_identity())
            signers.push_back(describeBytes(config->signing_identity().SerializeAsString()));
        return signers;
    };
    changes.items("MSP_SIGNING_IDENTITY", signersOf(before), signersOf(after));
}

void compareIdemixMsp(ChangeList& changes, const ::msp::IdemixMSPConfig* before,
                      const ::msp::IdemixMSPConfig* after) {
    using Config = ::msp::IdemixMSPConfig;
    const auto setting = [&](std::string_view subject, auto get, ChangeArguments arguments = {}) {
        changes.setting(subject, before ? Text(get(*before)) : Text(),
                        after ? Text(get(*after)) : Text(), std::move(arguments));
    };
    setting("MSP_ID", [](const Config& c) { return c.name(); });
    setting("MSP_IDEMIX", [](const Config& c) { return describeBytes(c.ipk()); },
            {{"part", "issuer key"}});
    setting("MSP_IDEMIX", [](const Config& c) { return describeBytes(c.revocation_pk()); },
            {{"part", "revocation key"}});
    setting("MSP_IDEMIX", [](const Config& c) { return std::to_string(c.epoch()); },
            {{"part", "epoch"}});
    const auto signersOf = [](const Config* config) {
        std::vector<std::string> signers;
        if (config != nullptr && config->has_signer())
            signers.push_back(describeBytes(config->signer().SerializeAsString()));
        return signers;
    };
    changes.items("MSP_SIGNING_IDENTITY", signersOf(before), signersOf(after));
}

template <class M>
std::optional<M> configOf(const ::msp::MSPConfig* msp, int type, bool& readable) {
    if (msp == nullptr || msp->type() != type) return std::nullopt;
    auto config = wire::parse<M>(msp->config(), "config");
    if (config.ok()) return *std::move(config);
    readable = false;
    return std::nullopt;
}

bool hasKnownType(const ::msp::MSPConfig* msp) {
    return msp == nullptr || msp->type() == 0 || msp->type() == 1;
}

}  // namespace

std::string describeCertificate(BytesView pem) {
    const auto certificate = identity::Certificate::fromPem(pem);
    if (!certificate.ok()) return fmt::format("unreadable certificate ({})", describeBytes(pem));
    return fmt::format("{}, until {}, SHA-256 {}", certificate->subject(),
                       day(certificate->notAfter()), certificate->fingerprint());
}

void compareMsp(ChangeList& changes, const ::msp::MSPConfig* before, const ::msp::MSPConfig* after,
                UnknownBytes& unknown) {
    const auto kindOf = [](const ::msp::MSPConfig* msp) -> Text {
        if (msp == nullptr) return std::nullopt;
        if (msp->type() == 0) return "X.509";
        if (msp->type() == 1) return "Idemix";
        return fmt::format("unknown type {}", msp->type());
    };
    if (before != nullptr && after != nullptr)
        changes.setting("MSP_KIND", kindOf(before), kindOf(after));
    bool readable = hasKnownType(before) && hasKnownType(after);
    const auto was = configOf<FabricMSPConfig>(before, 0, readable);
    const auto is = configOf<FabricMSPConfig>(after, 0, readable);
    const auto wasIdemix = configOf<::msp::IdemixMSPConfig>(before, 1, readable);
    const auto isIdemix = configOf<::msp::IdemixMSPConfig>(after, 1, readable);
    if (!readable) {
        const auto bytesOf = [](const ::msp::MSPConfig* msp) {
            return msp == nullptr ? Text() : Text(describeBytes(msp->config()));
        };
        changes.setting("MSP_CONFIG", bytesOf(before), bytesOf(after));
        return;
    }
    if (was) unknown.before += unknownParts(*was);
    if (is) unknown.after += unknownParts(*is);
    if (wasIdemix) unknown.before += unknownParts(*wasIdemix);
    if (isIdemix) unknown.after += unknownParts(*isIdemix);
    compareFabricMsp(changes, was ? &*was : nullptr, is ? &*is : nullptr);
    compareIdemixMsp(changes, wasIdemix ? &*wasIdemix : nullptr, isIdemix ? &*isIdemix : nullptr);
}

}  // namespace chancery::channel
