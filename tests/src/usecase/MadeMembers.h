#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/channel/Bundle.h"
#include "src/channel/Genesis.h"
#include "src/crypto/Key.h"
#include "src/identity/Certificate.h"

namespace chancery::test {

/// The value, or an exception with the error's sentence.
template <class T>
T must(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(std::string(messageOf(result.status())));
    return *std::move(result);
}

/// A certificate with its key.
struct MadeCertificate {
    identity::Certificate certificate;
    crypto::PrivateKey key;
    std::string pem() const { return certificate.toPem(); }
};

/// Noon of a day in UTC.
absl::Time noon(int year, int month, int day);

/// An organisation with a CA for identities and one for TLS, valid for as long as is asked.
class MadeOrganisation {
public:
    MadeOrganisation(std::string name, absl::Time from, absl::Time until, absl::Time tlsUntil);

    const std::string& name() const { return m_name; }
    MspId mspId() const { return MspId(m_name + "MSP"); }
    const MadeCertificate& ca() const { return m_ca; }
    const MadeCertificate& tlsCa() const { return m_tlsCa; }

    MadeCertificate identity(const std::string& commonName, const std::string& unit,
                             absl::Time until) const;
    /// With the same key as `old`.
    MadeCertificate identityAgain(const MadeCertificate& old, const std::string& unit,
                                  absl::Time until) const;
    MadeCertificate tls(const std::string& host, absl::Time until) const;
    /// From the same CA's key, with the same key as `old`.
    MadeCertificate tlsAgain(const MadeCertificate& old, absl::Time until) const;
    /// The CA for TLS once more, with the same name and key.
    MadeCertificate tlsCaAgain(absl::Time until) const;
    std::string crl(const std::vector<identity::Certificate>& revoked, absl::Time now,
                    absl::Time next) const;

    Bytes mspConfig() const;  ///< msp.MSPConfig with node OUs
    channel::NewOrganisation organisation() const;

private:
    std::string m_name;
    absl::Time m_from;
    MadeCertificate m_ca;
    MadeCertificate m_tlsCa;
};

/// A channel of these organisations with a consenter for each certificate, "orderer0:7050" and so
/// on.
::common::Config madeConfig(const std::string& channel,
                            const std::vector<const MadeOrganisation*>& members,
                            const MadeOrganisation& orderers,
                            const std::vector<MadeCertificate>& consenters);
channel::BundlePtr madeChannel(const std::string& channel,
                               const std::vector<const MadeOrganisation*>& members,
                               const MadeOrganisation& orderers,
                               const std::vector<MadeCertificate>& consenters);
/// Its first block in a file.
void writeBlock(const std::string& file, const std::string& channel,
                const std::vector<const MadeOrganisation*>& members,
                const MadeOrganisation& orderers, const std::vector<MadeCertificate>& consenters);

/// The same with BFT: consenters sign blocks with `identities`.
void writeBftBlock(const std::string& file, const std::string& channel,
                   const std::vector<const MadeOrganisation*>& members,
                   const MadeOrganisation& orderers, const std::vector<MadeCertificate>& consenters,
                   const std::vector<MadeCertificate>& identities);

}  // namespace chancery::test
