#pragma once

#include <optional>

#include "src/base/Bytes.h"
#include "src/base/Status.h"
#include "src/crypto/Key.h"

namespace chancery::identity {

/// From the content of an AlgorithmIdentifier; nothing for an algorithm that is not known here.
std::optional<crypto::SignatureScheme> readSignatureAlgorithm(BytesView identifierContent);

/// The AlgorithmIdentifier (whole element) that certificates signed by a key of this kind carry.
Bytes writeSignatureAlgorithm(crypto::SignatureScheme scheme);

/// How a key of this kind signs certificates: its suite's certificate hash.
crypto::SignatureScheme schemeFor(crypto::KeyAlgorithm key);

/// What X.509 calls a signed object (certificate, request, list): SEQUENCE of `content`, algorithm
/// and signature by `key`. Where `content` names the algorithm too, it is that of schemeFor.
Result<Bytes> signObject(BytesView content, const crypto::Signer& key);

}  // namespace chancery::identity
