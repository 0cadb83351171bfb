#pragma once

#include <QString>

namespace chancery::ui {

/// "02:07", "1:02:07".
QString clockText(qint64 seconds);
/// "12 s", "6 min 12 s", "2 h 05 min": for sentences.
QString durationText(qint64 seconds);

}  // namespace chancery::ui
