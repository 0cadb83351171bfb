// Signatures from any bytes under a key of each kind. The first byte chooses the key. Only what was
// signed verifies, in whatever way it is dressed up.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <set>

#include "src/crypto/Key.h"

namespace {

using namespace chancery;
using namespace chancery::crypto;

void require(bool condition) {
    if (!condition) std::abort();
}

constexpr BytesView kMessage = "the message";

struct KeyPair {
    PrivateKey key;
    PublicKey publicKey;
};

const std::vector<KeyPair>& signers() {
    static const std::vector<KeyPair> all = [] {
        std::vector<KeyPair> made;
        for (const auto algorithm :
             {KeyAlgorithm::EcdsaP224, KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384,
              KeyAlgorithm::EcdsaP521, KeyAlgorithm::Ed25519, KeyAlgorithm::Sm2}) {
            PrivateKey key = *PrivateKey::generate(algorithm);
            PublicKey publicKey = key.publicKey();
            made.push_back({std::move(key), std::move(publicKey)});
        }
        return made;
    }();
    return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return signers().empty() ? 1 : 0;
    const KeyPair& signer = signers()[data[0] % signers().size()];
    const BytesView bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    // Keys are new in each process, so a stored input can never be a valid signature.
    const Status status = signer.publicKey.verify(kMessage, bytes, HashAlgorithm::Sha256);
    require(!status.ok() && status.code() == StatusCode::kUnauthenticated);
    static const std::set<std::string> kReasons = {"BAD_SIGNATURE", "HIGH_S", "SIGNATURE_NOT_DER"};
    require(kReasons.contains(reasonOf(status)));
    for (const auto scheme :
         {SignatureScheme::EcdsaSha256, SignatureScheme::Ed25519, SignatureScheme::Sm2Sm3})
        require(!signer.publicKey.verifyScheme(scheme, kMessage, bytes).ok());
    // What can be brought to low S is canonical, and then stays as it is.
    const auto low = toLowS(bytes, signer.publicKey.algorithm());
    if (low.ok()) {
        require(isCanonicalSignature(bytes) && isCanonicalSignature(*low));
        require(*toLowS(*low, signer.publicKey.algorithm()) == *low);
    }
    return 0;
}
