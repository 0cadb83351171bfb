#pragma once

#include <filesystem>
#include <string>

#include "src/base/Status.h"
#include "src/crypto/Key.h"

namespace chancery::usecase {

/// What a member of an organisation shows: its certificate, and who vouches for it.
struct MemberCertificates {
    std::string certificatePem;  ///< empty for the organisation's own folder
    std::string caChainPem;      ///< of the CA that issued it, the root last or first
    std::string tlsChainPem;     ///< of the CA for TLS; may be empty
};

/// An MSP folder with node OUs, as Fabric's tools lay it out: cacerts, intermediatecerts,
/// tlscacerts, tlsintermediatecerts, config.yaml, signcerts and keystore/priv_sk. `name` is that of
/// the certificate's file; without a key there is no keystore. The key is written in clear, 0600,
/// because nodes start unattended. ALREADY_EXISTS, FILE_ERROR, BAD_CERTIFICATE.
Status writeMspFolder(const std::filesystem::path& folder, const std::string& name,
                      const MemberCertificates& member, const crypto::PrivateKey* key);

/// NAME.crt, NAME.key and ca.crt; `name` is "server" or "client". The same errors.
Status writeTlsFolder(const std::filesystem::path& folder, const std::string& name,
                      const std::string& certificatePem, const std::string& chainPem,
                      const crypto::PrivateKey& key);

}  // namespace chancery::usecase
