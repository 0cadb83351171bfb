#include "ui/pages/StreamStatus.h"

#include <QWidget>
#include <algorithm>

#include "ui/pages/LedgerCells.h"
#include "ui/widgets/Badge.h"
#include "ui/widgets/Notice.h"

namespace chancery::ui {

StreamStatus::StreamStatus(QWidget* page)
    : QObject(page), m_badge(new Badge(page)), m_banner(new StaleBanner(page)) {
    m_badge->setObjectName(QStringLiteral("stream"));
    m_badge->setLarge(true);
    m_badge->hide();
    m_banner->setObjectName(QStringLiteral("stale"));
    m_banner->hide();
}

void StreamStatus::show(const LedgerStream& stream) {
    using Kind = LedgerStream::Kind;
    m_badge->setVisible(stream.kind != Kind::None);
    m_banner->setVisible(stream.kind == Kind::Lost);
    if (stream.kind == Kind::None) return;
    m_badge->setStatus(statusOf(stream.level), stream.text);
    m_badge->setToolTip(stream.toolTip);
    if (stream.kind != Kind::Lost) return;
    const qint64 left = QDateTime::currentDateTimeUtc().secsTo(stream.nextTry);
    m_banner->setStale(
        stream.text + QStringLiteral(". ") + stream.why,
        stream.lastData.isValid()
            ? stream.lastData.toString(QStringLiteral("HH:mm:ss")) + QStringLiteral(" UTC")
            : QString(),
        stream.nextTry.isValid() ? tr("%n s", "", static_cast<int>(std::max<qint64>(1, left)))
                                 : QString());
}

}  // namespace chancery::ui
