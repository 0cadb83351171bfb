#include "src/usecase/IdentityNames.h"

#include "src/identity/Certificate.h"
#include "src/protocol/Envelope.h"

namespace chancery::usecase {

IdentityName IdentityNames::of(std::string_view mspId, BytesView idBytes) const {
    IdentityName name{.mspId = MspId(std::string(mspId))};
    const auto certificate = identity::Certificate::fromPem(idBytes);
    if (!certificate.ok()) return name;
    name.commonName = certificate->commonName();
    name.organizationalUnits = certificate->organizationalUnits();
    name.fingerprint = certificate->fingerprint();
    return name;
}

const IdentityName& IdentityNames::of(BytesView serializedIdentity) {
    // A ledger has few identities; hostile blocks with many get no more memory than this.
    constexpr std::size_t kMost = 100000;
    if (m_names.size() > kMost) m_names.clear();
    const auto [entry, isNew] = m_names.try_emplace(std::string(serializedIdentity));
    if (isNew) {
        if (const auto identity = protocol::decodeSerializedIdentity(serializedIdentity);
            identity.ok())
            entry->second = of(identity->mspId, identity->idBytes);
    }
    return entry->second;
}

}  // namespace chancery::usecase
