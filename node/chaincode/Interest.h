#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace chancery::node {

/// Policy of each written key that has one of its own, by namespace, collection ("": the public
/// part) and key; nothing for keys without.
using WrittenKeys =
    std::map<std::string, std::map<std::string, std::map<std::string, std::optional<Bytes>>>>;

/// ChaincodeInterest bytes: whose policies a transaction with this read/write set has to satisfy,
/// as a gateway wants to know it (fact sheet B §1.3). Sorted by contract and collection; Fabric
/// gives it in any order. MALFORMED_PROTOBUF when a key's policy is not one.
Result<Bytes> interestOf(const WrittenKeys& written,
                         const std::set<std::pair<std::string, std::string>>& privateReads,
                         BytesView txReadWriteSet);

}  // namespace chancery::node
