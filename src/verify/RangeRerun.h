#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/base/Status.h"
#include "src/verify/PendingUpdates.h"
#include "src/verify/State.h"

namespace chancery::verify {

/// The results that a range query would have now: the state with the changes of the block laid over
/// it, in key order. With `includeEnd` the end key itself comes last, if it exists (queries that
/// were left early end *at* the last key that was read). One thread at a time.
class RangeRerun {
public:
    static Result<RangeRerun> start(std::string_view ns, std::string_view start,
                                    std::string_view end, bool includeEnd,
                                    const PendingUpdates& pending, const StateReader& state);

    struct Item {
        std::string key;
        Version version;
    };
    /// Nothing at the end. The error is the store's.
    Result<std::optional<Item>> next();

private:
    using Updates = PendingUpdates::Keys::const_iterator;

    RangeRerun(std::string_view ns, std::string_view end, const PendingUpdates& pending,
               const StateReader& state)
        : m_ns(ns), m_end(end), m_pending(&pending), m_state(&state) {}
    Status advanceState();
    Result<std::optional<Item>> endKey();

    std::string m_ns, m_end;
    const PendingUpdates* m_pending;
    const StateReader* m_state;
    std::unique_ptr<StateCursor> m_cursor;
    std::optional<Item> m_stateItem;
    Updates m_update, m_updatesEnd;
    bool m_hasUpdates = false;
    bool m_endDue = false;
};

}  // namespace chancery::verify
