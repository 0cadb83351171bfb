// Files of a workspace, identities of applications' wallets and encrypted key files, from any
// bytes.
#include <cstdint>
#include <cstdlib>

#include "src/crypto/EncryptedKey.h"
#include "src/wallet/AuditLog.h"
#include "src/wallet/Header.h"
#include "src/wallet/Import.h"
#include "src/wallet/Records.h"
#include "src/wallet/WalletFile.h"

namespace {

using namespace chancery;

void require(bool condition) {
    if (!condition) std::abort();
}

template <class T>
bool read(const Result<T>& result) {
    require(result.ok() || !reasonOf(result.status()).empty());
    return result.ok();
}

void readRecords(BytesView text) {
    using namespace chancery::wallet;
    if (const auto header = parseHeader(text); read(header))
        require(read(parseHeader(writeHeader(*header))));
    // The names that files with these contents would have.
    const auto json = std::string(text);
    for (const std::string& name : {keyFile(std::string(64, '0')), identityFile("a")}) {
        read(parseKeyRecord(json, name));
        read(parseIdentityRecord(json, name));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery::wallet;
    const BytesView bytes(reinterpret_cast<const char*>(data), size);
    for (const std::string_view kind :
         {"workspace", "key", "identity", "modules", "audit", "lock"}) {
        const auto file = parseWalletFile(bytes, kind, "fuzzed");
        if (!read(file)) continue;
        require(writeWalletFile(*file) == bytes);
        readRecords(file->metadata);
    }
    readRecords(bytes);
    if (const auto chain = parseAuditLog(bytes, nullptr); read(chain))
        require(chain->goodBytes <= size);
    if (const auto identity = parseWalletIdentity(bytes); read(identity))
        require(!identity->mspId.empty() && !identity->certificatePem.empty());
    const crypto::DerivationLimit little{.iterations = 1000, .memory = 1 << 20};
    read(crypto::readEncryptedKey(bytes, "passphrase", little));
    return 0;
}
