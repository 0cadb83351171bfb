#include "src/verify/Expiry.h"

#include <limits>

namespace chancery::verify {

Status Expiry::pass(BlockNumber block, PendingUpdates& updates, const StateReader& state,
                    const Definitions& definitions) {
    for (const auto& [ns, collections] : updates.hashedUpdates())
        for (const auto& [collection, keys] : collections)
            for (const auto& [hash, entry] : keys)
                if (!entry.isDelete)
                    RETURN_IF_ERROR(schedule(ns, collection, hash, block, definitions));

    const auto due = m_due.find(block);
    if (due == m_due.end()) return {};
    for (const Key& key : due->second) {
        if (updates.findHashed(key.ns, key.collection, key.hash) != nullptr) continue;
        ASSIGN_OR_RETURN(const auto version,
                         state.version(hashedNamespace(key.ns, key.collection), key.hash));
        if (version && version->block == key.writtenIn)
            updates.expire(key.ns, key.collection, key.hash,
                           {block, std::numeric_limits<std::uint64_t>::max()});
    }
    m_due.erase(due);
    return {};
}

Status Expiry::schedule(std::string_view ns, std::string_view collection, std::string_view keyHash,
                        BlockNumber writtenIn, const Definitions& definitions) {
    ASSIGN_OR_RETURN(const Contract* contract, definitions(ns));
    const auto defined = contract->collection(collection);
    if (!defined || defined->blockToLive == 0) return {};
    const BlockNumber due = writtenIn + defined->blockToLive + 1;
    if (due <= writtenIn) return {};  // beyond the last block there can be
    Due entry{due, std::string(ns), std::string(collection), std::string(keyHash), writtenIn};
    if (m_scheduled) m_scheduled(entry);
    restore(std::move(entry));
    return {};
}

void Expiry::restore(Due due) {
    m_due[due.block].push_back(
        {std::move(due.ns), std::move(due.collection), std::move(due.keyHash), due.writtenIn});
}

void Expiry::each(const std::function<void(const Due&)>& visit) const {
    for (const auto& [block, keys] : m_due)
        for (const Key& key : keys) visit({block, key.ns, key.collection, key.hash, key.writtenIn});
}

std::size_t Expiry::pending() const {
    std::size_t count = 0;
    for (const auto& [block, keys] : m_due) count += keys.size();
    return count;
}

}  // namespace chancery::verify
