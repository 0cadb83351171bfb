#include "src/http/NoPipeSignal.h"

#include <sys/socket.h>
#include <unistd.h>

#include <QTest>
#include <cerrno>

#include "tests/support/TestMain.h"

using namespace chancery::http;

class NoPipeSignalTest : public QObject {
    Q_OBJECT
private slots:
    /// Without it this test would end its program, also by a signal that came late.
    void aClosedConnectionIsAnError() {
        QVERIFY(::signal(SIGPIPE, SIG_DFL) != SIG_ERR);
        sigset_t before{}, after{};
        ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
        {
            const NoPipeSignal outer;
            const NoPipeSignal inner;
            int ends[2] = {-1, -1};
            QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
            ::close(ends[1]);
            QCOMPARE(::write(ends[0], "x", 1), ssize_t(-1));
            QCOMPARE(errno, EPIPE);
            ::close(ends[0]);
        }
        ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
        QCOMPARE(::sigismember(&after, SIGPIPE), ::sigismember(&before, SIGPIPE));
    }
};

CHANCERY_TEST(NoPipeSignalTest)
#include "NoPipeSignalTest.moc"
