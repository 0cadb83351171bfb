#include "ui/shell/ActivityPanel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include "ui/models/NotificationModel.h"
#include "ui/models/OperationModel.h"
#include "ui/shell/ActivityBar.h"
#include "ui/shell/NotificationView.h"
#include "ui/shell/OperationView.h"
#include "ui/style/Paint.h"
#include "ui/widgets/IconButton.h"

namespace chancery::ui {
namespace {
constexpr int kHeader = 30;

/// As high as the panel's header, lower than the tabs of pages.
class LowTabs : public QTabBar {
public:
    using QTabBar::QTabBar;
    QSize sizeHint() const override { return low(QTabBar::sizeHint()); }
    QSize minimumSizeHint() const override { return low(QTabBar::minimumSizeHint()); }

protected:
    QSize tabSizeHint(int tab) const override { return low(QTabBar::tabSizeHint(tab)); }

private:
    static QSize low(QSize size) { return {size.width(), kHeader}; }
};

}  // namespace

ActivityPanel::ActivityPanel(OperationModel& operations, NotificationModel& notifications,
                             QWidget* parent)
    : QWidget(parent),
      m_operationModel(operations),
      m_notificationModel(notifications),
      m_tabs(new LowTabs(this)),
      m_collapse(new IconButton(QStringLiteral("down"), QString(), this)),
      m_stack(new QStackedWidget(this)),
      m_operations(new OperationView(operations, this)),
      m_events(new NotificationView(notifications, NotificationView::What::All, this)),
      m_problems(new NotificationView(notifications, NotificationView::What::Problems, this)) {
    setMinimumHeight(kHeader + 52);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* header = new QWidget(this);
    header->setFixedHeight(kHeader);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(8, 0, 12, 0);
    row->setSpacing(4);
    m_collapse->setCompact(true);
    row->addWidget(m_collapse);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setProperty("size", "small");
    for (int i = 0; i < 3; ++i) m_tabs->addTab(QString());
    row->addWidget(m_tabs);
    row->addStretch(1);
    row->addWidget(new UtcClock(header));
    column->addWidget(header);
    column->addWidget(m_stack, 1);
    m_stack->addWidget(m_operations);
    m_stack->addWidget(m_events);
    m_stack->addWidget(m_problems);
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
    connect(m_collapse, &QAbstractButton::clicked, this, &ActivityPanel::collapseRequested);
    connect(&operations, &OperationModel::runningChanged, this, &ActivityPanel::refreshTabs);
    connect(&notifications, &NotificationModel::countsChanged, this, &ActivityPanel::refreshTabs);
    connect(m_operations, &OperationView::linkActivated, this, &ActivityPanel::linkActivated);
    connect(m_operations, &OperationView::revealRequested, this, &ActivityPanel::revealRequested);
    connect(m_operations, &OperationView::detailsRequested, this, &ActivityPanel::detailsRequested);
    for (NotificationView* view : {m_events, m_problems}) {
        connect(view, &NotificationView::linkActivated, this, &ActivityPanel::linkActivated);
        connect(view, &NotificationView::revealRequested, this, &ActivityPanel::revealRequested);
    }
    followTheme(this);
    retranslate();
}

void ActivityPanel::retranslate() {
    m_collapse->setText(tr("Hide activity"));
    m_collapse->setAccessibleName(tr("Hide activity"));
    m_collapse->setToolTip(tr("Hide activity") + QStringLiteral("  ") +
                           QKeySequence(Qt::CTRL | Qt::Key_J).toString(QKeySequence::NativeText));
    m_tabs->setAccessibleName(tr("Activity"));
    m_operations->retranslate();
    m_events->retranslate();
    m_problems->retranslate();
    refreshTabs();
}

void ActivityPanel::refreshTabs() {
    const int running = m_operationModel.runningCount();
    m_tabs->setTabText(
        0, running == 0 ? tr("Operations") : tr("Operations  %n running", nullptr, running));
    m_tabs->setTabText(1, tr("Events"));
    const int problems = m_notificationModel.problemCount();
    m_tabs->setTabText(2, problems == 0 ? tr("Problems") : tr("Problems  %1").arg(problems));
}

void ActivityPanel::focusList() {
    m_stack->currentWidget()->setFocus(Qt::ShortcutFocusReason);
}

void ActivityPanel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    painter.fillRect(QRect(0, 0, width(), kHeader), theme.color(Tone::Window));
    painter.fillRect(QRect(0, kHeader, width(), height() - kHeader), theme.color(Tone::Surface));
    drawHorizontalLine(painter, 0, width(), 0, theme.color(Tone::Border));
    drawHorizontalLine(painter, 0, width(), kHeader - 1, theme.color(Tone::Border));
}

}  // namespace chancery::ui
