#include "src/wallet/IdentityStore.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"

namespace chancery::wallet {

Result<std::vector<IdentityInfo>> IdentityStore::list() const {
    ASSIGN_OR_RETURN(const auto names, m_vault->folder().list("identities", ".identity"));
    std::vector<IdentityInfo> identities;
    for (const std::string& name : names) {
        ASSIGN_OR_RETURN(const Vault::Opened opened, m_vault->peek(name, "identity"));
        ASSIGN_OR_RETURN(IdentityInfo one, parseIdentityRecord(opened.file.metadata, name));
        identities.push_back(std::move(one));
    }
    std::sort(identities.begin(), identities.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
    return identities;
}

Result<IdentityInfo> IdentityStore::find(const std::string& label) const {
    const std::string name = identityFile(label);
    if (!m_vault->folder().has(name))
        return makeError(StatusCode::kNotFound, "NO_SUCH_IDENTITY",
                         fmt::format("the workspace has no identity '{}'", printable(label, 128)),
                         {{"identity", printable(label, 128)}});
    ASSIGN_OR_RETURN(const Vault::Opened opened, m_vault->peek(name, "identity"));
    return parseIdentityRecord(opened.file.metadata, name);
}

Result<IdentityInfo> IdentityStore::add(const std::string& label, const MspId& mspId,
                                        BytesView certificatePem) {
    RETURN_IF_ERROR(checkLabel(label));
    if (!checkLabel(mspId.str()).ok())
        return makeError(StatusCode::kInvalidArgument, "BAD_MSP_ID",
                         fmt::format("'{}' is no MSP id", printable(mspId.str(), 64)));
    ASSIGN_OR_RETURN(identity::Certificate certificate,
                     identity::Certificate::fromPem(certificatePem));
    const IdentityInfo info{label, mspId, std::move(certificate), m_vault->options().clock.now()};
    AuditEntry entry{.what = "IDENTITY_ADDED", .subject = label, .note = info.keyId()};
    RETURN_IF_ERROR(m_vault->change(std::move(entry), [&]() -> Status {
        if (m_vault->folder().has(identityFile(label)))
            return makeError(StatusCode::kAlreadyExists, "IDENTITY_EXISTS",
                             fmt::format("the workspace has an identity '{}' already", label),
                             {{"identity", label}});
        return m_vault->store(identityFile(label), "identity",
                              parseObject(writeIdentityRecord(info)), {});
    }));
    return info;
}

Result<IdentityInfo> IdentityStore::replace(const std::string& label, BytesView certificatePem) {
    ASSIGN_OR_RETURN(IdentityInfo info, find(label));
    ASSIGN_OR_RETURN(info.certificate, identity::Certificate::fromPem(certificatePem));
    info.added = m_vault->options().clock.now();
    AuditEntry entry{.what = "IDENTITY_RENEWED", .subject = label, .note = info.keyId()};
    RETURN_IF_ERROR(m_vault->change(std::move(entry), [&] {
        return m_vault->store(identityFile(label), "identity",
                              parseObject(writeIdentityRecord(info)), {});
    }));
    return info;
}

Status IdentityStore::remove(const std::string& label) {
    ASSIGN_OR_RETURN(const IdentityInfo info, find(label));
    return m_vault->change({.what = "IDENTITY_REMOVED", .subject = label},
                           [&] { return m_vault->remove(identityFile(info.label)); });
}

Result<identity::SigningIdentityPtr> IdentityStore::signing(const std::string& label) const {
    ASSIGN_OR_RETURN(const IdentityInfo info, find(label));
    auto signer = m_keys.signer(info.keyId());
    if (!signer.ok() && reasonOf(signer.status()) == "NO_SUCH_KEY")
        return makeError(StatusCode::kNotFound, "NO_PRIVATE_KEY",
                         fmt::format("the workspace has the certificate '{}', but not its key {}",
                                     label, info.keyId()),
                         {{"identity", label}, {"ski", info.keyId()}});
    if (!signer.ok()) return signer.status();
    return identity::makeSigningIdentity(info.mspId, info.certificate.toPem(), *std::move(signer));
}

}  // namespace chancery::wallet
