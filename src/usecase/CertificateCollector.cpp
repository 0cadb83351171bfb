#include "src/usecase/CertificateCollector.h"

#include <fmt/format.h>

#include <algorithm>

#include "fabric/msp/msp_config.pb.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Pem.h"
#include "src/identity/Msp.h"
#include "src/usecase/ConfigFile.h"
#include "src/usecase/DeployContract.h"
#include "src/usecase/NetworkFolder.h"
#include "src/wire/Parse.h"

namespace chancery::usecase {
namespace {

namespace fs = std::filesystem;
using UseKind = CertificateUseKind;

constexpr std::uint64_t kMaxSourceFile = 16U << 20;
constexpr std::size_t kMostInFile = 10'000;

CertificateUse as(CertificateUse use, UseKind kind) {
    use.kind = kind;
    return use;
}

bool isTls(const InventoriedCertificate& one) {
    return one.hasUse(UseKind::NodeTlsServer) || one.hasUse(UseKind::PresentedTls) ||
           one.hasUse(UseKind::ConsenterServerTls) || one.hasUse(UseKind::ConsenterClientTls);
}

std::string soleRole(const InventoriedCertificate& one) {
    if (one.certificate.isCa()) return "ca";
    if (isTls(one)) return "tls";
    std::string role;
    for (const std::string& unit : one.certificate.organizationalUnits())
        for (const std::string_view known : {"client", "peer", "admin", "orderer"})
            if (unit == known) {
                // Several roles are as good as none.
                if (!role.empty() && role != unit) return {};
                role = unit;
            }
    if (role.empty() && one.hasUse(UseKind::MspAdmin)) return "admin";
    return role;
}

/// The organisation by the most telling use.
MspId organisationOf(const InventoriedCertificate& one) {
    for (const CertificateUse& use : one.uses)
        if (!use.mspId.empty() && use.kind != UseKind::IssuedByCa) return use.mspId;
    for (const CertificateUse& use : one.uses)
        if (!use.mspId.empty()) return use.mspId;
    return {};
}

}  // namespace

void CertificateCollector::problem(std::string place, Status status) {
    m_problems.push_back({std::move(place), std::move(status)});
}

std::size_t CertificateCollector::add(identity::Certificate certificate, CertificateUse use) {
    auto& all = m_inventory.m_certificates;
    const auto [known, isNew] = m_byDer.try_emplace(certificate.der(), all.size());
    if (isNew) {
        InventoriedCertificate one{.certificate = certificate};
        one.fingerprint = certificate.fingerprint();
        one.name =
            certificate.commonName().empty() ? certificate.subject() : certificate.commonName();
        one.suite = crypto::nameOf(certificate.publicKey().algorithm());
        all.push_back(std::move(one));
    }
    all[known->second].uses.push_back(std::move(use));
    return known->second;
}

std::optional<std::size_t> CertificateCollector::add(BytesView pem, CertificateUse use) {
    auto certificate = identity::Certificate::fromPem(pem);
    if (!certificate.ok()) {
        problem(use.place.empty() ? use.owner : use.place, certificate.status());
        return std::nullopt;
    }
    return add(*std::move(certificate), std::move(use));
}

InventoriedNode& CertificateCollector::node(const std::string& name, const MspId& mspId,
                                            bool isOrderer) {
    for (InventoriedNode& known : m_inventory.m_nodes)
        if (known.name == name) return known;
    m_inventory.m_nodes.push_back({.name = name, .mspId = mspId, .isOrderer = isOrderer});
    return m_inventory.m_nodes.back();
}

void CertificateCollector::addWallet(const WalletCertificate& identity) {
    const auto index =
        add(identity.certificatePem,
            {.kind = UseKind::WalletIdentity, .mspId = identity.mspId, .owner = identity.label});
    if (index) m_inventory.m_certificates[*index].keyPlace = identity.keyPlace;
}

void CertificateCollector::addCa(const std::string& name, const MspId& mspId, BytesView chainPem) {
    bool first = true;
    for (const auto& block : crypto::readAllPem(chainPem, kMostInFile)) {
        auto certificate = identity::Certificate::fromDer(block.der);
        if (!certificate.ok()) {
            problem("CA " + name, certificate.status());
            continue;
        }
        // Those behind the first vouch for it.
        add(*std::move(certificate), {.kind = first ? UseKind::CaSigning : UseKind::IssuedByCa,
                                      .mspId = mspId,
                                      .owner = name});
        first = false;
    }
}

void CertificateCollector::addIssued(const std::string& ca, const MspId& mspId,
                                     BytesView certificatePem) {
    add(certificatePem, {.kind = UseKind::IssuedByCa, .mspId = mspId, .owner = ca});
}

void CertificateCollector::addAuthority(const std::string& name, const MspId& mspId,
                                        interfaces::CertificateAuthority& authority,
                                        Deadline deadline, bool hasCaller) {
    const std::string place = "CA " + name;
    const auto info = authority.info(deadline);
    if (!info.ok()) {
        // Who does not tell its own certificates does not answer the rest either.
        problem(place, info.status());
        return;
    }
    addCa(name, mspId, info->chainPem);
    if (!hasCaller) return;
    const Status listed = authority.certificates(
        {},
        [&](BytesView pem) {
            addIssued(name, mspId, pem);
            return absl::OkStatus();
        },
        deadline);
    if (!listed.ok()) problem(place, listed);
    if (const auto crl = authority.crl({}, deadline); crl.ok())
        addRevocationList(mspId, place, *crl);
    else
        problem(place, crl.status());
}

void CertificateCollector::addNode(const NodeCertificateFolders& folders) {
    InventoriedNode& known = node(folders.name, folders.mspId, folders.isOrderer);
    if (!folders.msp.empty()) {
        const fs::path own = folders.msp / "signcerts";
        std::error_code error;
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(own, error))
            if (entry.is_regular_file(error)) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
        if (files.empty()) {
            problem(own.string(), makeError(StatusCode::kNotFound, "NO_SIGNING_CERTIFICATE",
                                            "there is no certificate of the node"));
        } else if (const auto pem = readFile(files.front(), kMaxSourceFile); pem.ok()) {
            known.identity = add(*pem, {.kind = UseKind::NodeIdentity,
                                        .mspId = folders.mspId,
                                        .owner = folders.name,
                                        .place = files.front().string()});
        } else {
            problem(files.front().string(), pem.status());
        }
    }
    if (folders.tls.empty()) return;
    const fs::path server = folders.tls / "server.crt";
    if (const auto pem = readFile(server, kMaxSourceFile); pem.ok())
        known.tls = add(*pem, {.kind = UseKind::NodeTlsServer,
                               .mspId = folders.mspId,
                               .owner = folders.name,
                               .place = server.string()});
    else
        problem(server.string(), pem.status());
}

void CertificateCollector::addMspFolder(const fs::path& folder, const MspId& mspId,
                                        const std::string& organisation) {
    const auto read = identity::readMspFolder(folder, mspId);
    if (!read.ok()) return problem(folder.string(), read.status());
    const auto config = wire::parse<::msp::FabricMSPConfig>(read->config(), "msp");
    if (!config.ok()) return problem(folder.string(), config.status());
    addMsp(*config, {.mspId = mspId, .owner = organisation, .place = folder.string()});
}

void CertificateCollector::addMsp(const ::msp::FabricMSPConfig& config, const CertificateUse& use) {
    for (const std::string& pem : config.root_certs()) add(pem, as(use, UseKind::MspRoot));
    for (const std::string& pem : config.intermediate_certs())
        add(pem, as(use, UseKind::MspIntermediate));
    for (const std::string& pem : config.tls_root_certs()) add(pem, as(use, UseKind::MspTlsRoot));
    for (const std::string& pem : config.tls_intermediate_certs())
        add(pem, as(use, UseKind::MspTlsIntermediate));
    for (const std::string& pem : config.admins()) add(pem, as(use, UseKind::MspAdmin));
    for (const std::string& bytes : config.revocation_list()) {
        auto list = identity::RevocationList::fromBytes(bytes);
        if (list.ok())
            addList(*std::move(list), use);
        else
            problem(use.place, list.status());
    }
}

void CertificateCollector::addPresented(const PresentedCertificates& presented) {
    InventoriedNode& known = node(presented.node, presented.mspId, presented.isOrderer);
    if (presented.chain.empty()) {
        known.unreachable = presented.problem.empty() ? "no answer" : presented.problem;
        return;
    }
    bool own = true;
    for (const Bytes& der : presented.chain) {
        auto certificate = identity::Certificate::fromDer(der);
        if (!certificate.ok()) {
            problem(presented.endpoint, certificate.status());
        } else {
            const std::size_t index = add(
                *std::move(certificate), {.kind = own ? UseKind::PresentedTls : UseKind::IssuedByCa,
                                          .mspId = presented.mspId,
                                          .owner = presented.node,
                                          .place = presented.endpoint});
            if (own) known.presented = index;
        }
        own = false;
    }
}

void CertificateCollector::addConsenters(const channel::Bundle& bundle) {
    for (const channel::Consenter& consenter : bundle.consenters()) {
        CertificateUse use{.mspId = consenter.mspId,
                           .channel = bundle.channelId(),
                           .owner = fmt::format("{}:{}", consenter.host, consenter.port),
                           .place = "/Channel/Orderer"};
        // Without an MSP id in the list, an only orderer organisation is the one.
        if (use.mspId.empty() && bundle.ordererOrganisations().size() == 1)
            use.mspId = bundle.ordererOrganisations().begin()->second.mspId;
        add(consenter.serverTlsPem, as(use, UseKind::ConsenterServerTls));
        add(consenter.clientTlsPem, as(use, UseKind::ConsenterClientTls));
        if (!consenter.identityPem.empty())
            add(consenter.identityPem, as(use, UseKind::ConsenterIdentity));
    }
}

void CertificateCollector::addChannel(const channel::BundlePtr& bundle) {
    for (const auto* section :
         {&bundle->applicationOrganisations(), &bundle->ordererOrganisations()}) {
        const bool orderers = section == &bundle->ordererOrganisations();
        for (const auto& [name, organisation] : *section)
            addMsp(organisation.msp->config(),
                   {.mspId = organisation.mspId,
                    .channel = bundle->channelId(),
                    .owner = name,
                    .place =
                        fmt::format("/Channel/{}/{}", orderers ? "Orderer" : "Application", name)});
    }
    addConsenters(*bundle);
    m_inventory.m_channels.push_back(bundle);
}

void CertificateCollector::addContract(InventoriedContract contract) {
    std::erase_if(m_inventory.m_contracts, [&](const InventoriedContract& one) {
        return one.channel == contract.channel && one.name == contract.name;
    });
    m_inventory.m_contracts.push_back(std::move(contract));
}

void CertificateCollector::addChannelFile(const fs::path& file) {
    const auto config = readWholeConfig(file);
    if (!config.ok()) return problem(file.string(), config.status());
    const ChannelId channel =
        config->channel.empty() ? ChannelId(file.stem().string()) : config->channel;
    const auto bundle = channel::Bundle::fromConfig(channel, *config->config);
    if (!bundle.ok()) return problem(file.string(), bundle.status());
    addChannel(*bundle);
}

void CertificateCollector::addList(identity::RevocationList list, CertificateUse use) {
    auto& lists = m_inventory.m_lists;
    const auto [known, isNew] = m_listsByDer.try_emplace(list.der(), lists.size());
    if (isNew)
        lists.push_back(
            {.list = std::move(list), .mspId = use.mspId, .places = {}, .signer = std::nullopt});
    lists[known->second].places.push_back(std::move(use));
}

void CertificateCollector::addRevocationList(const MspId& mspId, const std::string& place,
                                             BytesView pemOrDer) {
    auto list = identity::RevocationList::fromBytes(pemOrDer);
    if (!list.ok()) return problem(place, list.status());
    addList(*std::move(list), {.mspId = mspId, .place = place});
}

void CertificateCollector::addFile(const fs::path& file) {
    const auto bytes = readFile(file, kMaxSourceFile);
    if (!bytes.ok()) return problem(file.string(), bytes.status());
    const auto blocks = crypto::readAllPem(*bytes, kMostInFile);
    std::size_t found = 0;
    for (const auto& block : blocks) {
        if (block.label.find("CERTIFICATE") == std::string::npos) continue;
        auto certificate = identity::Certificate::fromDer(block.der);
        if (!certificate.ok()) {
            problem(file.string(), certificate.status());
            continue;
        }
        add(*std::move(certificate), {.kind = UseKind::IssuedByCa, .place = file.string()});
        ++found;
    }
    if (found != 0 || !blocks.empty()) return;
    auto certificate = identity::Certificate::fromDer(*bytes);
    if (!certificate.ok()) return problem(file.string(), certificate.status());
    add(*std::move(certificate), {.kind = UseKind::IssuedByCa, .place = file.string()});
}

void CertificateCollector::addNetwork(const NetworkFolder& network) {
    for (const OrganisationFolders& organisation : network.organisations())
        addMspFolder(organisation.msp(), organisation.plan().mspId, organisation.plan().name);
    for (const NetworkNode& one : network.nodes()) {
        const OrganisationFolders& owner = network.organisations()[one.organisation];
        const std::string name = one.name.substr(0, one.name.find('.'));
        addNode({.name = one.name,
                 .mspId = owner.plan().mspId,
                 .isOrderer = !one.isPeer,
                 .msp = owner.node(name) / "msp",
                 .tls = owner.node(name) / "tls"});
    }
    for (const OrganisationFolders& organisation : network.organisations()) {
        std::vector<std::string> users = organisation.plan().users;
        users.insert(users.begin(), "Admin");
        for (const std::string& user : users) {
            const fs::path own = organisation.user(user) / "msp" / "signcerts" /
                                 (organisation.userName(user) + "-cert.pem");
            if (const auto pem = readFile(own, kMaxSourceFile); pem.ok())
                add(*pem, {.kind = UseKind::WalletIdentity,
                           .mspId = organisation.plan().mspId,
                           .owner = organisation.userName(user),
                           .place = own.string()});
        }
    }
    for (const TopologyChannel& channel : network.topology().channels)
        for (const TopologyContract& contract : channel.contracts)
            if (const auto policy = encodeEndorsementPolicy(contract.policy); policy.ok())
                addContract({channel.name, contract.name, *policy});
}

CertificateInventory CertificateCollector::finish() {
    CertificateInventory& all = m_inventory;
    for (InventoriedCertificate& one : all.m_certificates) {
        std::sort(one.uses.begin(), one.uses.end());
        one.uses.erase(std::unique(one.uses.begin(), one.uses.end()), one.uses.end());
        one.role = soleRole(one);
        one.mspId = organisationOf(one);
    }
    all.index();
    for (std::size_t i = 0; i < all.m_lists.size(); ++i) {
        InventoriedCrl& crl = all.m_lists[i];
        std::sort(crl.places.begin(), crl.places.end());
        for (std::size_t ca = 0; ca < all.m_certificates.size() && !crl.signer; ++ca)
            if (all.m_certificates[ca].certificate.isCa() &&
                all.m_certificates[ca].certificate.subject() == crl.list.issuer() &&
                crl.list.checkSignedBy(all.m_certificates[ca].certificate).ok())
                crl.signer = ca;
        if (!crl.signer) continue;
        const identity::Certificate& signer = all.m_certificates[*crl.signer].certificate;
        // By name and key, as Fabric decides: the list may be older than a renewed CA.
        for (InventoriedCertificate& one : all.m_certificates) {
            if (one.certificate.rawIssuer() != signer.rawSubject() ||
                one.certificate.authorityKeyId() != signer.subjectKeyId())
                continue;
            const auto serial = fromHex(one.certificate.serialHex());
            const auto& entries = crl.list.entries();
            if (!serial.ok() || !crl.list.lists(*serial)) continue;
            for (const auto& entry : entries)
                if (entry.serial == *serial)
                    one.revocation = CertificateRevocation{entry.revokedAt, entry.reason, i};
        }
    }
    m_byDer.clear();
    m_listsByDer.clear();
    return std::exchange(m_inventory, {});
}

}  // namespace chancery::usecase
