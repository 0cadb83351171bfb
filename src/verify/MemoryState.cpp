#include "src/verify/MemoryState.h"

namespace chancery::verify {
namespace {

std::size_t heapBytes(std::size_t text) {
    return text > 15 ? text + 17 : 0;
}

std::size_t costOf(std::string_view key, const StateValue& value) {
    return sizeof(std::string) + sizeof(StateValue) + heapBytes(key.size()) +
           heapBytes(value.value.size()) + heapBytes(value.metadata.size()) + 16;
}

std::size_t deletionCost(std::string_view key) {
    return sizeof(std::string) + sizeof(Version) + heapBytes(key.size()) + 16;
}

class Cursor final : public StateCursor {
public:
    Cursor(MemoryState::Keys::const_iterator at, MemoryState::Keys::const_iterator end)
        : m_at(at), m_end(end) {}

    Result<std::optional<StateItem>> next() override {
        if (m_at == m_end) return std::optional<StateItem>();
        const std::optional<StateItem> item(StateItem{m_at->first, m_at->second.version});
        ++m_at;
        return item;
    }

private:
    MemoryState::Keys::const_iterator m_at, m_end;
};

class EmptyCursor final : public StateCursor {
public:
    Result<std::optional<StateItem>> next() override { return std::optional<StateItem>(); }
};

/// The map's entry for a namespace, made when it is missing.
template <class Map>
typename Map::mapped_type& entryOf(Map& map, std::string_view ns) {
    const auto found = map.lower_bound(ns);
    if (found != map.end() && found->first == ns) return found->second;
    return map.emplace_hint(found, ns, typename Map::mapped_type())->second;
}

}  // namespace

void MemoryState::put(std::string_view ns, std::string_view key, StateValue value) {
    if (const auto gone = m_deletions.find(ns); gone != m_deletions.end()) {
        if (const auto at = gone->second.find(key); at != gone->second.end()) {
            m_memoryBytes -= deletionCost(key);
            gone->second.erase(at);
        }
    }
    Keys& keys = entryOf(m_namespaces, ns);
    const std::size_t cost = costOf(key, value);
    const auto found = keys.lower_bound(key);
    if (found != keys.end() && found->first == key) {
        m_memoryBytes -= costOf(key, found->second);
        found->second = std::move(value);
    } else {
        keys.emplace_hint(found, std::string(key), std::move(value));
        ++m_keyCount;
    }
    m_memoryBytes += cost;
}

void MemoryState::remove(std::string_view ns, std::string_view key, const Version& at) {
    const auto keys = m_namespaces.find(ns);
    if (keys == m_namespaces.end()) return;
    const auto found = keys->second.find(key);
    if (found == keys->second.end()) return;
    m_memoryBytes -= costOf(key, found->second);
    keys->second.erase(found);
    --m_keyCount;
    if (keys->second.empty()) m_namespaces.erase(keys);
    if (entryOf(m_deletions, ns).insert_or_assign(std::string(key), at).second)
        m_memoryBytes += deletionCost(key);
}

Result<std::optional<StateValue>> MemoryState::get(std::string_view ns,
                                                   std::string_view key) const {
    const StateValue* found = find(ns, key);
    return found == nullptr ? std::optional<StateValue>() : *found;
}

Result<std::optional<Version>> MemoryState::version(std::string_view ns,
                                                    std::string_view key) const {
    const StateValue* found = find(ns, key);
    return found == nullptr ? std::optional<Version>() : found->version;
}

Result<Bytes> MemoryState::metadata(std::string_view ns, std::string_view key) const {
    const StateValue* found = find(ns, key);
    return found == nullptr ? Bytes() : found->metadata;
}

Result<std::unique_ptr<StateCursor>> MemoryState::range(std::string_view ns, std::string_view start,
                                                        std::string_view end) const {
    const Keys* keys = this->keys(ns);
    if (keys == nullptr || (!end.empty() && start >= end)) return std::make_unique<EmptyCursor>();
    return std::make_unique<Cursor>(keys->lower_bound(start),
                                    end.empty() ? keys->end() : keys->lower_bound(end));
}

Result<bool> MemoryState::hasTransaction(std::string_view txId) const {
    return m_transactions.contains(txId);
}

TxId MemoryState::transactionAt(const Version& place) const {
    return m_transactions.at(place);
}

std::optional<Version> MemoryState::deletion(std::string_view ns, std::string_view key) const {
    const auto gone = m_deletions.find(ns);
    if (gone == m_deletions.end()) return std::nullopt;
    const auto at = gone->second.find(key);
    return at == gone->second.end() ? std::nullopt : std::optional(at->second);
}

const MemoryState::Keys* MemoryState::keys(std::string_view ns) const {
    const auto found = m_namespaces.find(ns);
    return found == m_namespaces.end() ? nullptr : &found->second;
}

std::vector<std::string> MemoryState::namespaces() const {
    std::vector<std::string> names;
    for (const auto& [name, keys] : m_namespaces) names.push_back(name);
    return names;
}

const StateValue* MemoryState::find(std::string_view ns, std::string_view key) const {
    const Keys* keys = this->keys(ns);
    if (keys == nullptr) return nullptr;
    const auto found = keys->find(key);
    return found == keys->end() ? nullptr : &found->second;
}

}  // namespace chancery::verify
