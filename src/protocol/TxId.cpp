#include "src/protocol/TxId.h"

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::protocol {

TxId computeTxId(BytesView nonce, BytesView creator) {
    return TxId(toHex(crypto::sha256({nonce, creator})));
}

}  // namespace chancery::protocol
