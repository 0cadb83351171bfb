#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/protocol/Transaction.h"
#include "src/verify/ChainVerifier.h"

namespace chancery::verify {

/// One change of a key.
struct KeyChange {
    protocol::Version place;
    TxId txId;
    std::optional<protocol::Timestamp> timestamp;  ///< as the client stated it
    bool isDelete = false;
    Bytes value;  ///< empty for deletions

    friend bool operator==(const KeyChange&, const KeyChange&) = default;
};

/// What happened to keys, derived from the chain: the public writes of valid transactions, as a
/// peer's history has them (fact sheet B §3.6). To be fed from ChainOptions::passed. One thread at
/// a time.
class History {
public:
    /// Everything is kept unless keys are named before the first block.
    void watch(std::string_view ns, std::string_view key);
    void add(const PassedBlock& block);

    /// Newest first.
    std::vector<KeyChange> of(std::string_view ns, std::string_view key) const;
    std::size_t memoryBytes() const { return m_memoryBytes; }

private:
    using Key = std::pair<std::string, std::string>;
    bool m_everything = true;
    std::map<Key, std::vector<KeyChange>> m_changes;  // oldest first
    std::size_t m_memoryBytes = 0;
};

}  // namespace chancery::verify
