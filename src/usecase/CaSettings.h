#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "src/base/Status.h"
#include "src/crypto/Suite.h"
#include "src/interfaces/CertificateAuthority.h"

namespace chancery::usecase {

/// Who registers others at a CA that was made here.
inline constexpr const char* kRegistrar = "admin";

/// The two CAs of an organisation, which one process serves.
struct CaSettings {
    std::string name;          ///< "ca.org1.example.com", certifies identities
    std::string tlsName;       ///< "tlsca.org1.example.com", certifies keys for TLS; always ECDSA
    std::string organisation;  ///< "org1.example.com", in the CAs' own subjects
    const crypto::Suite* suite = &crypto::ecdsaP256();
    std::vector<std::string> hosts{"localhost", "127.0.0.1"};  ///< at which it is reached
    std::string listen = "127.0.0.1:0";  ///< port 0 until the first start chooses one
    std::string operations = {};         ///< the same for its operations interface; empty: none
    std::string logSpec = "info";
    /// Addresses of machines where several nodes are; all of them may have these in certificates.
    std::vector<std::string> sharedHosts = {};
    /// Of the CA for TLS, when it exists already: its certificate and key, from the folder on.
    std::string tlsCertificate = {};
    std::string tlsKey = {};
};

/// What stands in the folder of such a process:
///   ca.yaml            what `chancery-node ca` is started with
///   ca.json            the same, for clients on this machine
///   registrar.secret   of the identity "admin" that registers others at both CAs; 0600
///   data/NAME/         each CA: key, certificates, tables; made at the first start
/// The CA for TLS stands first in ca.yaml, because it issues the certificate by which the process
/// itself is recognised; so requests must name the CA that they mean.
class CaFolder {
public:
    explicit CaFolder(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    const std::filesystem::path& folder() const { return m_folder; }
    std::filesystem::path config() const { return m_folder / "ca.yaml"; }
    std::filesystem::path secretFile() const { return m_folder / "registrar.secret"; }
    std::filesystem::path data() const { return m_folder / "data"; }
    /// Of the CA for TLS: what vouches for the process. There after the first start.
    std::filesystem::path tlsRoot(const CaSettings& settings) const;

    /// The settings and a registrar's secret, a random one of 192 bits when none is given.
    /// ALREADY_EXISTS (CA_EXISTS); INVALID_ARGUMENT (BAD_CA_NAME); FILE_ERROR.
    Status create(const CaSettings& settings, std::string secret = {}) const;
    /// Only what clients on this machine need of a CA that runs elsewhere: ca.json, the secret, and
    /// what vouches for the process. The same errors.
    Status createForClients(const CaSettings& settings, const std::string& secret,
                            const std::string& tlsRootPem) const;
    /// What `chancery-node ca` is started with.
    static std::string configOf(const CaSettings& settings);
    /// The settings anew.
    Status write(const CaSettings& settings) const;
    /// NOT_FOUND (NO_CA); INVALID_ARGUMENT (BAD_CA_FOLDER).
    Result<CaSettings> read() const;

    Result<std::string> secret() const;
    /// How clients reach one of the two. NOT_FOUND (NOT_STARTED) before the first start.
    Result<interfaces::CaAddress> address(const CaSettings& settings,
                                          const std::string& caName) const;

private:
    std::filesystem::path m_folder;
};

}  // namespace chancery::usecase
