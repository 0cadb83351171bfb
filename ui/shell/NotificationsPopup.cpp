#include "ui/shell/NotificationsPopup.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/models/NotificationModel.h"
#include "ui/shell/NotificationView.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {
constexpr int kWidth = 400, kHeader = 44, kNotificationRow = 50, kMaxRows = 7, kMinHeight = 96;
}

NotificationsPopup::NotificationsPopup(NotificationModel& model, QWidget* parent)
    : QFrame(parent, Qt::Popup),
      m_model(model),
      m_title(new Label(QString(), Type::SectionTitle, Tone::Text, this)),
      m_all(makeButton(QString(), ButtonTone::Link, {}, ButtonSize::Small, this)),
      m_view(new NotificationView(model, NotificationView::What::All, this)) {
    setFrameShape(QFrame::StyledPanel);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    auto* header = new QHBoxLayout;
    header->setContentsMargins(16, 8, 8, 8);
    header->addWidget(m_title);
    header->addStretch(1);
    header->addWidget(m_all);
    column->addLayout(header);
    column->addWidget(m_view, 1);
    m_view->setTall(true);
    m_view->setMinimumHeight(kNotificationRow);
    connect(m_all, &QPushButton::clicked, this, [this] {
        close();
        Q_EMIT activityRequested();
    });
    connect(m_view, &NotificationView::linkActivated, this, [this](const QString& link) {
        close();
        Q_EMIT linkActivated(link);
    });
    connect(m_view, &NotificationView::revealRequested, this, [this](const QString& path) {
        close();
        Q_EMIT revealRequested(path);
    });
    retranslate();
}

void NotificationsPopup::retranslate() {
    m_title->setText(tr("Notifications"));
    m_all->setText(tr("Show all events"));
    m_view->retranslate();
}

void NotificationsPopup::openBelow(const QWidget& anchor) {
    const int rows = std::clamp(m_model.rowCount(), 1, kMaxRows);
    resize(kWidth, std::max(kMinHeight, kHeader + rows * kNotificationRow + 2));
    const QPoint corner = anchor.mapToGlobal(QPoint(anchor.width(), anchor.height() + 4));
    move(corner.x() - width(), corner.y());
    show();
    m_view->setFocus(Qt::PopupFocusReason);
    m_model.markAllRead();
}

}  // namespace chancery::ui
