#pragma once

#include <QObject>
#include <QString>
#include <ctime>

namespace chancery::test {

/// Notes how much processor time each event on the GUI thread took, from installation on; what a
/// busy machine adds by running others does not count. Ends with its destruction.
class EventWatchdog : public QObject {
public:
    EventWatchdog();
    ~EventWatchdog() override;
    /// Of the slowest one, in milliseconds.
    double slowest() const { return m_slowest; }
    /// What it was: class, object name and type of event.
    QString culprit() const { return m_culprit; }
    void reset();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void note();

    double m_begun = -1;
    QString m_now;
    double m_slowest = 0;
    QString m_culprit;
};

}  // namespace chancery::test
