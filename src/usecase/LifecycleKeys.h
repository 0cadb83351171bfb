#pragma once

#include <map>
#include <string>
#include <string_view>

#include "src/base/Bytes.h"
#include "src/base/Sentence.h"
#include "src/protocol/Transaction.h"

namespace chancery::channel {
class Bundle;
}

namespace chancery::usecase {

/// Tells what the keys and values of contract definitions mean (namespace _lifecycle). Private keys
/// (an organisation's approvals) are known by their hashes as far as the transaction names contract
/// and definition number.
class LifecycleKeys {
public:
    explicit LifecycleKeys(const protocol::Transaction& transaction);

    /// "definition of assets: policy"; empty for unknown keys.
    Sentence meaningOf(std::string_view contract, std::string_view collection, BytesView key) const;
    /// Empty when there is nothing better than the bytes.
    Sentence meaningOfValue(std::string_view contract, std::string_view collection, BytesView key,
                            BytesView value, const channel::Bundle* bundle) const;

private:
    std::map<Bytes, Sentence, std::less<>> m_private;  ///< hash of the key → meaning
};

}  // namespace chancery::usecase
