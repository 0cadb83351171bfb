// Key files and public keys from any bytes; PEM blocks behave like Go's.
#include <cstdint>
#include <cstdlib>

#include "src/crypto/Key.h"
#include "src/crypto/Pem.h"

namespace {

using namespace chancery;

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery::crypto;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    const auto blocks = readAllPem(bytes, 16);
    for (const PemBlock& block : blocks) {
        require(block.before.size() + block.rest.size() < size);
        // A label that would end its own line cannot be written back.
        const auto again = readPem(writePem(block.label, block.der));
        require(block.label.find("-----") != std::string::npos ||
                (again && again->der == block.der));
    }
    for (const auto& key :
         {PrivateKey::fromPem(bytes), PrivateKey::fromPem(writePem("PRIVATE KEY", bytes))}) {
        if (!key.ok()) {
            require(!reasonOf(key.status()).empty());
            continue;
        }
        const auto again = PrivateKey::fromPem(key->toPem());
        require(again.ok() && again->toPem() == key->toPem());
        const auto signature = key->sign("m", HashAlgorithm::Sha256);
        require(signature.ok() &&
                again->publicKey().verify("m", *signature, HashAlgorithm::Sha256).ok());
    }
    if (const auto key = PublicKey::fromDer(bytes); key.ok()) {
        require(key->toDer() == bytes);
        require(key->ski().size() == 32);
    }
    return 0;
}
