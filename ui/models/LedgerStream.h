#pragma once

#include <QCoreApplication>
#include <QDateTime>
#include <QString>

#include "src/usecase/FollowState.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

/// How the stream of a followed channel stands, in words.
struct LedgerStream {
    Q_DECLARE_TR_FUNCTIONS(LedgerStream)
public:
    enum class Kind { None, Live, Busy, Lost, Paused };
    Kind kind = Kind::None;
    LedgerLevel level = LedgerLevel::Unknown;
    QString text;     ///< "live", "catching up, 45 %", "lost peer0: trying again"
    QString toolTip;  ///< where from, how fast
    QString why;      ///< Lost: a sentence
    QDateTime lastData, nextTry;

    static LedgerStream of(const usecase::FollowState& state);
};

}  // namespace chancery::ui
