#pragma once

#include <QVector>
#include <optional>

#include "src/base/Bytes.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

/// How one value of the state became another, for two cells beside each other. Absent: the key
/// does not exist.
struct ValueDiff {
    QVector<LedgerSegment> before, after;

    /// With `decode`, JSON objects of at most 64 KiB are compared member by member: what changed
    /// comes first and is marked, what stayed follows. Anything else is marked as a whole when it
    /// differs.
    static ValueDiff of(const std::optional<Bytes>& before, const std::optional<Bytes>& after,
                        bool decode);
    static QString textOf(const QVector<LedgerSegment>& segments);
};

}  // namespace chancery::ui
