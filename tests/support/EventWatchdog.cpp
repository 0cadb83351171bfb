#include "tests/support/EventWatchdog.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>
#include <QEvent>

namespace chancery::test {
namespace {

double processorMilliseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

}  // namespace

EventWatchdog::EventWatchdog() {
    QCoreApplication::instance()->installEventFilter(this);
    // Before it sleeps, the loop has ended the last handler.
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this,
            [this] { note(); });
}

EventWatchdog::~EventWatchdog() {
    QCoreApplication::instance()->removeEventFilter(this);
}

void EventWatchdog::reset() {
    m_begun = -1;
    m_slowest = 0;
    m_culprit.clear();
}

void EventWatchdog::note() {
    if (m_begun < 0) return;
    const double took = processorMilliseconds() - m_begun;
    m_begun = -1;
    if (took <= m_slowest) return;
    m_slowest = took;
    m_culprit = m_now;
}

bool EventWatchdog::eventFilter(QObject* watched, QEvent* event) {
    note();
    m_now = QStringLiteral("%1 \"%2\" event %3")
                .arg(QString::fromLatin1(watched->metaObject()->className()), watched->objectName())
                .arg(static_cast<int>(event->type()));
    m_begun = processorMilliseconds();
    return false;
}

}  // namespace chancery::test
