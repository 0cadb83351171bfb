#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/channel/Bundle.h"
#include "src/usecase/EvidenceContent.h"

namespace chancery::usecase {

/// Collects the certificates of everybody who signed, and of the CAs above them.
class EvidenceCertificates {
public:
    /// Name of the file; empty when the identity cannot be read.
    std::string add(const std::string& role, BytesView serializedIdentity,
                    const channel::Bundle& bundle);

    std::vector<EvidenceCertificate> take() && { return std::move(m_all); }

private:
    std::size_t enter(const std::string& role, const MspId& mspId,
                      const identity::Certificate& certificate);

    std::vector<EvidenceCertificate> m_all;
    std::map<std::string, std::size_t> m_byFingerprint;
};

}  // namespace chancery::usecase
