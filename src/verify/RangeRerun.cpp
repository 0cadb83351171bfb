#include "src/verify/RangeRerun.h"

namespace chancery::verify {

Result<RangeRerun> RangeRerun::start(std::string_view ns, std::string_view start,
                                     std::string_view end, bool includeEnd,
                                     const PendingUpdates& pending, const StateReader& state) {
    RangeRerun rerun(ns, end, pending, state);
    rerun.m_endDue = includeEnd;
    ASSIGN_OR_RETURN(rerun.m_cursor, state.range(ns, start, end));
    RETURN_IF_ERROR(rerun.advanceState());
    const auto* updates = pending.publicKeys(ns);
    if (updates != nullptr && (end.empty() || start < end)) {
        rerun.m_hasUpdates = true;
        rerun.m_update = updates->lower_bound(start);
        rerun.m_updatesEnd = end.empty() ? updates->end() : updates->lower_bound(end);
    }
    return rerun;
}

Result<std::optional<RangeRerun::Item>> RangeRerun::next() {
    for (;;) {
        const bool update = m_hasUpdates && m_update != m_updatesEnd;
        if (!update && !m_stateItem) return endKey();
        if (!update || (m_stateItem && m_stateItem->key < m_update->first)) {
            std::optional<Item> item = std::move(m_stateItem);
            RETURN_IF_ERROR(advanceState());
            return item;
        }
        if (m_stateItem && m_stateItem->key == m_update->first) RETURN_IF_ERROR(advanceState());
        const auto& [key, entry] = *m_update++;
        if (!entry.isDelete) return std::optional<Item>(Item{key, entry.version});
    }
}

Status RangeRerun::advanceState() {
    ASSIGN_OR_RETURN(const auto item, m_cursor->next());
    m_stateItem.reset();
    if (item) m_stateItem = Item{std::string(item->key), item->version};
    return {};
}

Result<std::optional<RangeRerun::Item>> RangeRerun::endKey() {
    if (!m_endDue) return std::optional<Item>();
    m_endDue = false;
    if (const auto* entry = m_pending->findPublic(m_ns, m_end); entry != nullptr)
        return entry->isDelete ? std::optional<Item>() : Item{m_end, entry->version};
    ASSIGN_OR_RETURN(const auto version, m_state->version(m_ns, m_end));
    return version ? std::optional<Item>(Item{m_end, *version}) : std::optional<Item>();
}

}  // namespace chancery::verify
