#include "ui/models/Durations.h"

#include <QCoreApplication>

namespace chancery::ui {

QString clockText(qint64 seconds) {
    const QString rest = QStringLiteral("%1:%2")
                             .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
                             .arg(seconds % 60, 2, 10, QLatin1Char('0'));
    return seconds < 3600 ? rest : QString::number(seconds / 3600) + ':' + rest;
}

QString durationText(qint64 seconds) {
    if (seconds < 60) return QCoreApplication::translate("Durations", "%1 s").arg(seconds);
    if (seconds < 3600) {
        return QCoreApplication::translate("Durations", "%1 min %2 s")
            .arg(seconds / 60)
            .arg(seconds % 60);
    }
    return QCoreApplication::translate("Durations", "%1 h %2 min")
        .arg(seconds / 3600)
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'));
}

}  // namespace chancery::ui
