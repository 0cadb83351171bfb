#pragma once

#include <QObject>

#include "ui/models/LedgerStream.h"

class QWidget;

namespace chancery::ui {

class Badge;
class StaleBanner;

/// How a followed channel stands: a badge for the page's header, and a banner over data that grow
/// old. Both are hidden until there is something to say.
class StreamStatus : public QObject {
    Q_OBJECT
public:
    explicit StreamStatus(QWidget* page);

    Badge* badge() const { return m_badge; }
    StaleBanner* banner() const { return m_banner; }
    void show(const LedgerStream& stream);

private:
    Badge* m_badge;
    StaleBanner* m_banner;
};

}  // namespace chancery::ui
