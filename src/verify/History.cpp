#include "src/verify/History.h"

namespace chancery::verify {

void History::watch(std::string_view ns, std::string_view key) {
    m_everything = false;
    m_changes.try_emplace(Key(ns, key));
}

void History::add(const PassedBlock& block) {
    for (std::size_t i = 0; i < block.transactions.size(); ++i) {
        const PreparedTransaction& tx = block.transactions[i];
        const auto* set = tx.readWriteSet();
        if (set == nullptr || !block.verdict.transactions[i].valid()) continue;
        for (const auto& ns : set->namespaces)
            for (const auto& write : ns.writes) {
                Key key(ns.name, write.key);
                const auto watched = m_changes.find(key);
                if (watched == m_changes.end() && !m_everything) continue;
                KeyChange change;
                change.place = {block.sourced.block.number(), i};
                change.txId = TxId(tx.txId);
                change.timestamp = tx.transaction.channelHeader.timestamp;
                change.isDelete = write.isDelete();
                if (!change.isDelete) change.value = write.value;
                m_memoryBytes += sizeof(KeyChange) + 96 + change.value.size();
                auto& changes =
                    watched != m_changes.end() ? watched->second : m_changes[std::move(key)];
                changes.push_back(std::move(change));
            }
    }
}

std::vector<KeyChange> History::of(std::string_view ns, std::string_view key) const {
    const auto found = m_changes.find(Key(ns, key));
    if (found == m_changes.end()) return {};
    return {found->second.rbegin(), found->second.rend()};
}

}  // namespace chancery::verify
