#include "src/usecase/CertificateInventory.h"

#include <algorithm>
#include <set>

#include "src/identity/ChainBuilder.h"

namespace chancery::usecase {
namespace {

constexpr std::size_t kLongestChain = 10;

char lowerCase(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lowerCase);
    return out;
}

std::vector<std::string> searchWords(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    for (const char c : lowered(text) + " ") {
        if (c != ' ') {
            word += c;
        } else if (!word.empty()) {
            words.push_back(std::move(word));
            word.clear();
        }
    }
    return words;
}

bool isOfChannel(const InventoriedCertificate& one, const ChannelId& channel) {
    return std::any_of(one.uses.begin(), one.uses.end(),
                       [&](const CertificateUse& use) { return use.channel == channel; });
}

bool suits(const InventoriedCertificate& one, const InventoryQuery& query) {
    if (query.mspId && one.mspId != *query.mspId) return false;
    if (!query.role.empty() && one.role != query.role) return false;
    if (query.onlyRevoked && !one.revocation) return false;
    if (query.onlyInUse && !one.isInUse()) return false;
    if (query.endsBefore && one.certificate.notAfter() >= *query.endsBefore) return false;
    if (query.endsFrom && one.certificate.notAfter() < *query.endsFrom) return false;
    return !query.channel || isOfChannel(one, *query.channel);
}

/// Texts whose order is that of the certificates; ties by fingerprint.
std::string sortKey(const InventoriedCertificate& one, InventoryQuery::Order by) {
    std::string key;
    switch (by) {
        case InventoryQuery::Order::End: {
            // Far before every certificate, so that the numbers are positive and sort as bytes.
            const auto seconds = static_cast<std::uint64_t>(
                absl::ToUnixSeconds(one.certificate.notAfter()) + (std::int64_t{1} << 40));
            for (int shift = 56; shift >= 0; shift -= 8)
                key += static_cast<char>(seconds >> shift & 0xFFU);
            break;
        }
        case InventoryQuery::Order::Name:
            key = one.name;
            break;
        case InventoryQuery::Order::Organisation:
            key = one.mspId.str();
            break;
        case InventoryQuery::Order::Issuer:
            key = one.certificate.issuer();
            break;
        case InventoryQuery::Order::Serial:
            key = one.certificate.serialHex();
            break;
    }
    return key + '\0' + one.fingerprint;
}

std::vector<std::uint32_t> sortedBy(const std::vector<InventoriedCertificate>& all,
                                    InventoryQuery::Order by) {
    std::vector<std::pair<std::string, std::uint32_t>> keys;
    keys.reserve(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        keys.emplace_back(sortKey(all[i], by), static_cast<std::uint32_t>(i));
    std::sort(keys.begin(), keys.end());
    std::vector<std::uint32_t> order;
    order.reserve(keys.size());
    for (const auto& [key, index] : keys) order.push_back(index);
    return order;
}

}  // namespace

std::string_view nameOf(CertificateUseKind kind) {
    switch (kind) {
        case CertificateUseKind::WalletIdentity:
            return "wallet_identity";
        case CertificateUseKind::IssuedByCa:
            return "issued_by_ca";
        case CertificateUseKind::CaSigning:
            return "ca";
        case CertificateUseKind::NodeIdentity:
            return "node_identity";
        case CertificateUseKind::NodeTlsServer:
            return "node_tls";
        case CertificateUseKind::PresentedTls:
            return "presented_tls";
        case CertificateUseKind::MspRoot:
            return "msp_root";
        case CertificateUseKind::MspIntermediate:
            return "msp_intermediate";
        case CertificateUseKind::MspTlsRoot:
            return "msp_tls_root";
        case CertificateUseKind::MspTlsIntermediate:
            return "msp_tls_intermediate";
        case CertificateUseKind::MspAdmin:
            return "msp_admin";
        case CertificateUseKind::ConsenterServerTls:
            return "consenter_server_tls";
        case CertificateUseKind::ConsenterClientTls:
            return "consenter_client_tls";
        case CertificateUseKind::ConsenterIdentity:
            return "consenter_identity";
    }
    return "";
}

bool InventoriedCertificate::hasUse(CertificateUseKind kind) const {
    return std::any_of(uses.begin(), uses.end(),
                       [kind](const CertificateUse& use) { return use.kind == kind; });
}

bool InventoriedCertificate::isInUse() const {
    return std::any_of(uses.begin(), uses.end(), [](const CertificateUse& use) {
        return use.kind != CertificateUseKind::IssuedByCa;
    });
}

void CertificateInventory::index() {
    for (std::size_t by = 0; by < m_orders.size(); ++by)
        m_orders[by] = sortedBy(m_certificates, static_cast<InventoryQuery::Order>(by));
    m_haystacks.clear();
    m_haystacks.reserve(m_certificates.size());
    for (std::size_t i = 0; i < m_certificates.size(); ++i) {
        const InventoriedCertificate& one = m_certificates[i];
        m_byFingerprint[one.fingerprint] = i;
        if (one.certificate.isCa()) m_authorities[one.certificate.rawSubject()].push_back(i);
        std::string text = one.certificate.subject() + '\n' + one.certificate.issuer() + '\n' +
                           one.certificate.serialHex() + '\n' + one.fingerprint + '\n' +
                           one.mspId.str() + '\n' + one.role;
        for (const std::string& host : one.certificate.hosts()) text += '\n' + host;
        // Sources that name a certificate repeat each other.
        std::set<std::string_view> told;
        for (const CertificateUse& use : one.uses)
            for (const std::string* part : {&use.owner, &use.channel.str(), &use.place})
                if (!part->empty() && told.insert(*part).second) text += '\n' + *part;
        m_haystacks.push_back(lowered(text));
    }
}

std::vector<std::size_t> CertificateInventory::find(const InventoryQuery& query) const {
    const std::vector<std::string> words = searchWords(query.text);
    std::vector<std::size_t> found;
    const auto& order = m_orders[static_cast<std::size_t>(query.order)];
    for (const std::uint32_t i : order) {
        if (!suits(m_certificates[i], query)) continue;
        const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
            return m_haystacks[i].find(word) != std::string::npos;
        });
        if (all) found.push_back(i);
    }
    if (query.descending) std::reverse(found.begin(), found.end());
    return found;
}

std::optional<std::size_t> CertificateInventory::byFingerprint(
    const std::string& fingerprint) const {
    const auto found = m_byFingerprint.find(fingerprint);
    if (found == m_byFingerprint.end()) return std::nullopt;
    return found->second;
}

std::vector<std::size_t> CertificateInventory::named(const std::string& what) const {
    const std::string wanted = lowered(what);
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < m_certificates.size(); ++i) {
        const InventoriedCertificate& one = m_certificates[i];
        if (one.name == what || one.certificate.serialHex() == wanted ||
            (wanted.size() >= 8 && one.fingerprint.starts_with(wanted)))
            found.push_back(i);
    }
    return found;
}

bool CertificateInventory::isRoot(std::size_t certificate) const {
    const identity::Certificate& one = m_certificates[certificate].certificate;
    return one.isCa() && one.rawSubject() == one.rawIssuer();
}

std::vector<std::size_t> CertificateInventory::issuersOf(std::size_t certificate) const {
    const identity::Certificate& child = m_certificates[certificate].certificate;
    std::vector<std::size_t> issuers;
    if (isRoot(certificate)) return issuers;
    const auto candidates = m_authorities.find(child.rawIssuer());
    if (candidates == m_authorities.end()) return issuers;
    for (const std::size_t candidate : candidates->second) {
        const identity::Certificate& parent = m_certificates[candidate].certificate;
        const bool keyDiffers = !child.authorityKeyId().empty() && !parent.subjectKeyId().empty() &&
                                child.authorityKeyId() != parent.subjectKeyId();
        if (candidate != certificate && !keyDiffers && identity::checkSignedBy(child, parent).ok())
            issuers.push_back(candidate);
    }
    return issuers;
}

std::vector<std::size_t> CertificateInventory::chainOf(std::size_t certificate) const {
    std::vector<std::size_t> chain{certificate};
    while (chain.size() < kLongestChain) {
        std::vector<std::size_t> issuers = issuersOf(chain.back());
        // A renewed CA has the same name and key: who lives longest is the one that counts.
        std::erase_if(issuers, [&](std::size_t issuer) {
            return std::find(chain.begin(), chain.end(), issuer) != chain.end();
        });
        if (issuers.empty()) break;
        chain.push_back(
            *std::max_element(issuers.begin(), issuers.end(), [&](std::size_t a, std::size_t b) {
                return m_certificates[a].certificate.notAfter() <
                       m_certificates[b].certificate.notAfter();
            }));
    }
    return chain;
}

}  // namespace chancery::usecase
