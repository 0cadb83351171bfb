#pragma once

#include <QApplication>
#include <QString>
#include <vector>

namespace chancery::test {

/// The application of widget tests: notes how much processor time of the GUI thread each event
/// took that was handled, so that no test passes while something waits or works there. What a busy
/// machine adds by running others does not count.
class WatchedApplication : public QApplication {
public:
    using QApplication::QApplication;

    /// No handler may take longer, in milliseconds; more where a sanitizer slows everything down.
    static double limit();

    /// One event that took longer than the limit.
    struct Slow {
        double milliseconds = 0;
        QString what;  ///< test function; class, object name and type of event
    };
    std::vector<Slow> takeSlow() { return std::exchange(m_slow, {}); }
    /// How many events were handled at all.
    std::size_t handled() const { return m_handled; }

    bool notify(QObject* receiver, QEvent* event) override;

private:
    int m_depth = 0;
    std::size_t m_handled = 0;
    std::vector<Slow> m_slow;
};

}  // namespace chancery::test
