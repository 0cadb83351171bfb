#include "ui/models/LedgerStream.h"

#include <QLocale>

#include "ui/models/LedgerText.h"

namespace chancery::ui {

LedgerStream LedgerStream::of(const usecase::FollowState& state) {
    using Phase = usecase::FollowState::Phase;
    LedgerStream now;
    const QString source = LedgerText::plain(state.source, 250);
    const QString lost = LedgerText::plain(state.lost, 250);
    if (state.asOf) now.lastData = LedgerText::moment(*state.asOf);
    if (state.until) now.nextTry = LedgerText::moment(*state.until);
    now.kind = Kind::Busy;
    now.level = LedgerLevel::Running;
    switch (state.phase) {
        case Phase::Stopped:
            now.kind = Kind::Paused;
            now.level = LedgerLevel::Warning;
            now.text = tr("paused");
            break;
        case Phase::Connecting:
            now.text = lost.isEmpty() ? tr("connecting to %1").arg(source)
                                      : tr("lost %1, trying %2").arg(lost, source);
            break;
        case Phase::CatchingUp:
            now.text = tr("catching up, %1 %").arg(static_cast<int>(state.fraction() * 100));
            break;
        case Phase::Live:
            now.kind = Kind::Live;
            now.level = LedgerLevel::Good;
            now.text = tr("live");
            break;
        case Phase::Waiting:
            now.kind = Kind::Lost;
            now.level = LedgerLevel::Warning;
            now.text = tr("lost %1, trying again").arg(lost);
            break;
        case Phase::Refused:
            now.kind = Kind::Lost;
            now.level = LedgerLevel::Bad;
            now.text = tr("no node gives right blocks");
            break;
        case Phase::Failed:
            now.kind = Kind::Lost;
            now.level = LedgerLevel::Bad;
            now.text = tr("cannot go on");
            break;
    }
    if (now.kind == Kind::Lost) now.why = LedgerText::error(state.why);
    if (!source.isEmpty())
        now.toolTip = tr("Blocks come from %1: %2 blocks and %3 transactions per second")
                          .arg(source, QLocale().toString(state.blocksPerSecond, 'f', 1),
                               QLocale().toString(state.transactionsPerSecond, 'f', 1));
    return now;
}

}  // namespace chancery::ui
