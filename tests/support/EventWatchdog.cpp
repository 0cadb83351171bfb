#include "tests/support/EventWatchdog.h"

#include <QEvent>
#include <QTest>
#include <QThread>
#include <ctime>

namespace chancery::test {
namespace {

double processorMilliseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Before the event is handled, for its receiver may be gone afterwards.
QString nameOf(const QObject* receiver, const QEvent* event) {
    const char* function = QTest::currentTestFunction();
    return QStringLiteral("%1: %2 \"%3\", event %4")
        .arg(QString::fromLatin1(function ? function : ""),
             QString::fromLatin1(receiver->metaObject()->className()), receiver->objectName())
        .arg(static_cast<int>(event->type()));
}

}  // namespace

double WatchedApplication::limit() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 500;
#else
    return 50;
#endif
}

bool WatchedApplication::notify(QObject* receiver, QEvent* event) {
    // Objects of other threads are told of events on those. Events within events are part of the
    // outer one's time.
    if (QThread::currentThread() != thread() || m_depth > 0)
        return QApplication::notify(receiver, event);
    const QString what = nameOf(receiver, event);
    ++m_depth;
    ++m_handled;
    const double begun = processorMilliseconds();
    const bool result = QApplication::notify(receiver, event);
    const double took = processorMilliseconds() - begun;
    --m_depth;
    if (took > limit()) m_slow.push_back({took, what});
    return result;
}

}  // namespace chancery::test
