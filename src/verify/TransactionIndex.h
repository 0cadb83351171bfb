#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/base/Ids.h"
#include "src/protocol/Version.h"

namespace chancery::verify {

/// Remembers every transaction id of a chain and where it stands: some 50 bytes for each. Ids
/// without a place (from a snapshot) are known but cannot be asked for by place. Copies are
/// independent. One thread at a time.
class TransactionIndex {
public:
    /// Ids of the next block in their order, empty ones included. Blocks must follow each other.
    void addBlock(BlockNumber block, const std::vector<std::string>& txIds);
    /// An id whose place is not known.
    void addWithoutPlace(std::string_view txId);

    bool contains(std::string_view txId) const { return find(txId) != kNowhere; }
    /// Empty when unknown.
    TxId at(const protocol::Version& place) const;
    /// Number of ids, repeated ones counted again.
    std::size_t size() const { return m_ids.size(); }
    std::size_t memoryBytes() const;

private:
    using Id = std::array<char, 32>;
    static constexpr std::uint64_t kNowhere = ~0ULL;

    std::uint64_t add(std::string_view txId);
    std::uint64_t find(std::string_view txId) const;
    std::size_t slotOf(const Id& id) const;
    void grow();

    // Well-formed ids are SHA-256 in hex and are kept as 32 bytes; the table holds positions in
    // m_ids. Others (hand-made transactions) are kept as text.
    std::vector<Id> m_ids;
    std::vector<std::uint64_t> m_table;
    std::size_t m_used = 0;
    std::unordered_map<std::string, std::uint64_t> m_odd;
    std::unordered_map<std::uint64_t, std::string> m_oddText;
    std::size_t m_oddBytes = 0;

    std::optional<BlockNumber> m_firstBlock;
    std::vector<std::uint64_t> m_blockStarts;
};

}  // namespace chancery::verify
