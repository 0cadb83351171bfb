#pragma once

#include <optional>

#include "src/base/Bytes.h"
#include "src/crypto/Key.h"

namespace chancery::identity {

/// From the content of an AlgorithmIdentifier; nothing for an algorithm that is not known here.
std::optional<crypto::SignatureScheme> readSignatureAlgorithm(BytesView identifierContent);

/// The AlgorithmIdentifier (whole element) that certificates signed by a key of this kind carry.
Bytes writeSignatureAlgorithm(crypto::SignatureScheme scheme);

/// How a key of this kind signs certificates: its suite's certificate hash.
crypto::SignatureScheme schemeFor(crypto::KeyAlgorithm key);

}  // namespace chancery::identity
