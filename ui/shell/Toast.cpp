#include "ui/shell/Toast.h"

#include <QEvent>
#include <QPushButton>
#include <algorithm>

#include "ui/models/NotificationModel.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Notice.h"

namespace chancery::ui {
namespace {

constexpr int kLeast = 320, kMost = 500, kShownFor = 8000, kToastMargin = 16;

Notice::Kind kindOf(Notification::Kind kind) {
    switch (kind) {
        case Notification::Kind::Info:
            return Notice::Kind::Info;
        case Notification::Kind::Good:
            return Notice::Kind::Finished;
        case Notification::Kind::Warning:
            return Notice::Kind::Warn;
        case Notification::Kind::Error:
            return Notice::Kind::Error;
    }
    return Notice::Kind::Info;
}

}  // namespace

Toast::Toast(QWidget& parent) : QObject(&parent), m_parent(parent) {
    parent.installEventFilter(this);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kShownFor);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_notice == nullptr) return;
        if (m_notice->underMouse() || m_notice->isAncestorOf(m_notice->window()->focusWidget())) {
            m_timer.start();
        } else {
            m_notice->deleteLater();
        }
    });
}

void Toast::show(const Notification& notification) {
    delete m_notice;
    m_notice = new Notice(kindOf(notification.kind), safeText(notification.title, 300),
                          safeText(notification.text, 300), &m_parent);
    m_notice->setProperty("overlay", true);
    m_notice->setObjectName(QStringLiteral("toast"));
    if (!notification.revealPath.isEmpty()) {
        connect(m_notice->addLink(tr("Reveal")), &QPushButton::clicked, this,
                [this, path = notification.revealPath] { Q_EMIT revealRequested(path); });
    } else if (!notification.link.isEmpty()) {
        connect(m_notice->addLink(tr("Show")), &QPushButton::clicked, this,
                [this, link = notification.link] { Q_EMIT linkActivated(link); });
    }
    m_notice->setClosable(true);
    connect(m_notice, &Notice::closed, m_notice, &QObject::deleteLater);
    place();
    m_notice->show();
    m_notice->raise();
    m_timer.start();
}

void Toast::setBottom(int pixels) {
    m_bottom = pixels;
    place();
}

void Toast::place() {
    if (m_notice == nullptr) return;
    const int width = std::min(std::clamp(m_notice->naturalWidth(), kLeast, kMost),
                               m_parent.width() - 2 * kToastMargin);
    const int height = m_notice->heightForWidth(width);
    m_notice->setGeometry(m_parent.width() - width - kToastMargin,
                          m_parent.height() - m_bottom - height, width, height);
}

bool Toast::eventFilter(QObject*, QEvent* event) {
    if (event->type() == QEvent::Resize) place();
    return false;
}

}  // namespace chancery::ui
