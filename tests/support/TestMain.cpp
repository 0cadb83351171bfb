#include "tests/support/TestMain.h"

#include <QCoreApplication>
#ifdef CHANCERY_WIDGET_TESTS
#include <QTemporaryDir>

#include "tests/support/EventWatchdog.h"
#endif
#include <memory>
#include <utility>
#include <vector>

namespace chancery::test {
namespace {

struct Entry {
    const char* name;
    std::function<QObject*()> make;
};

std::vector<Entry>& entries() {
    static std::vector<Entry> all;
    return all;
}

}  // namespace

Registration::Registration(const char* name, std::function<QObject*()> make) {
    entries().push_back({name, std::move(make)});
}

}  // namespace chancery::test

int main(int argc, char** argv) {
#ifdef CHANCERY_WIDGET_TESTS
    // No display is needed, and nothing is read or written of the person who runs the tests, of
    // earlier runs, or of those that run beside this one.
    const QTemporaryDir home;
    for (const char* place : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
        qputenv(place, home.filePath(QString::fromLatin1(place)).toUtf8());
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    chancery::test::WatchedApplication application(argc, argv);
#else
    QCoreApplication application(argc, argv);
#endif
    QStringList arguments = application.arguments();
    QString wanted;
    if (arguments.size() > 1 && !arguments.at(1).startsWith('-')) wanted = arguments.takeAt(1);
    int failures = 0;
    int ran = 0;
    for (const auto& entry : chancery::test::entries()) {
        if (!wanted.isEmpty() && wanted != entry.name) continue;
        const std::unique_ptr<QObject> object(entry.make());
        // Qt reports an exception as a failure and throws it again; ending here is quicker than its
        // crash handler.
        try {
            failures += QTest::qExec(object.get(), arguments);
        } catch (...) {
            return 1;
        }
#ifdef CHANCERY_WIDGET_TESTS
        for (const auto& slow : application.takeSlow()) {
            qCritical("FAIL!  : %s::%s kept the GUI thread for %.0f ms, more than %.0f", entry.name,
                      qPrintable(slow.what), slow.milliseconds, application.limit());
            ++failures;
        }
#endif
        ++ran;
    }
    if (ran == 0) {
        qCritical("no test class named '%s' in this program", qPrintable(wanted));
        return 2;
    }
    return failures == 0 ? 0 : 1;
}
