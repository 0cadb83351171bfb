#include "src/verify/TransactionIndex.h"

#include <absl/hash/hash.h>

#include "src/base/Encoding.h"

namespace chancery::verify {
namespace {

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

/// Nothing unless the text is exactly what a computed id looks like.
std::optional<std::array<char, 32>> packed(std::string_view txId) {
    if (txId.size() != 64) return std::nullopt;
    std::array<char, 32> id;
    for (std::size_t i = 0; i < id.size(); ++i) {
        const int high = nibble(txId[2 * i]);
        const int low = nibble(txId[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id[i] = static_cast<char>(high << 4 | low);
    }
    return id;
}

}  // namespace

void TransactionIndex::addBlock(BlockNumber block, const std::vector<std::string>& txIds) {
    if (!m_firstBlock) m_firstBlock = block;
    m_blockStarts.push_back(m_ids.size());
    for (const auto& txId : txIds) add(txId);
}

void TransactionIndex::addWithoutPlace(std::string_view txId) {
    add(txId);
}

TxId TransactionIndex::at(const protocol::Version& place) const {
    if (!m_firstBlock || place.block < *m_firstBlock) return {};
    const std::uint64_t row = place.block - *m_firstBlock;
    if (row >= m_blockStarts.size()) return {};
    const std::uint64_t end =
        row + 1 < m_blockStarts.size() ? m_blockStarts[row + 1] : m_ids.size();
    if (place.transaction >= end - m_blockStarts[row]) return {};
    const std::uint64_t position = m_blockStarts[row] + place.transaction;
    if (const auto odd = m_oddText.find(position); odd != m_oddText.end()) return TxId(odd->second);
    return TxId(toHex({m_ids[position].data(), m_ids[position].size()}));
}

std::size_t TransactionIndex::memoryBytes() const {
    return m_ids.capacity() * sizeof(Id) +
           (m_table.capacity() + m_blockStarts.capacity()) * sizeof(std::uint64_t) + m_oddBytes;
}

std::uint64_t TransactionIndex::add(std::string_view txId) {
    const std::uint64_t position = m_ids.size();
    const auto id = packed(txId);
    if (!id) {
        m_ids.push_back({});
        m_oddText.emplace(position, txId);
        m_oddBytes += 2 * txId.size() + 160;
        if (!txId.empty()) m_odd.try_emplace(std::string(txId), position);
        return position;
    }
    if ((m_used + 1) * 3 >= m_table.size() * 2) grow();
    m_ids.push_back(*id);
    std::uint64_t& slot = m_table[slotOf(*id)];
    if (slot == kNowhere) {
        slot = position;
        ++m_used;
    }
    return position;
}

std::uint64_t TransactionIndex::find(std::string_view txId) const {
    const auto id = packed(txId);
    if (!id) {
        const auto odd = m_odd.find(std::string(txId));
        return odd == m_odd.end() ? kNowhere : odd->second;
    }
    return m_table.empty() ? kNowhere : m_table[slotOf(*id)];
}

/// The slot that holds the id, or the free one where it belongs. The hash is seeded per process,
/// for ids in hand-made blocks may be chosen to collide.
std::size_t TransactionIndex::slotOf(const Id& id) const {
    const std::size_t mask = m_table.size() - 1;
    std::size_t slot = absl::Hash<Id>()(id) & mask;
    while (m_table[slot] != kNowhere && m_ids[m_table[slot]] != id) slot = (slot + 1) & mask;
    return slot;
}

void TransactionIndex::grow() {
    const std::vector<std::uint64_t> old = std::move(m_table);
    m_table.assign(old.empty() ? 64 : old.size() * 2, kNowhere);
    for (const std::uint64_t position : old)
        if (position != kNowhere) m_table[slotOf(m_ids[position])] = position;
}

}  // namespace chancery::verify
