#include "node/peer/SignatureMemory.h"

#include "src/crypto/Digest.h"

namespace chancery::node {
namespace {

Bytes digestOf(const policy::SignedData& signature) {
    const std::uint64_t size = signature.identity.size();
    return crypto::sha256({BytesView(reinterpret_cast<const char*>(&size), sizeof size),
                           signature.identity, signature.data});
}

}  // namespace

void SignatureMemory::add(const policy::SignedData& signature) {
    m_known.insert(Bytes(signature.signature), digestOf(signature));
}

bool SignatureMemory::contains(const policy::SignedData& signature) const {
    const auto found = m_known.find(signature.signature);
    return found && *found == digestOf(signature);
}

}  // namespace chancery::node
