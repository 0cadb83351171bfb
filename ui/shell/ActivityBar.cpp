#include "ui/shell/ActivityBar.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QPainter>
#include <QTimer>
#include <QToolButton>

#include "ui/models/OperationModel.h"
#include "ui/shell/OperationStatus.h"
#include "ui/style/Paint.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/StatusLabel.h"

namespace chancery::ui {
namespace {

constexpr int kHeight = 28;

class Divider : public QWidget {
public:
    explicit Divider(QWidget* parent) : QWidget(parent) {
        setFixedSize(1, 14);
        followTheme(this);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.fillRect(rect(), Theme::instance().color(Tone::Border2));
    }
};

}  // namespace

UtcClock::UtcClock(QWidget* parent) : QWidget(parent), m_timer(new QTimer(this)) {
    m_timer->setSingleShot(true);
    m_timer->setTimerType(Qt::PreciseTimer);
    connect(m_timer, &QTimer::timeout, this, &UtcClock::tick);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    followTheme(this);
    tick();
}

void UtcClock::tick() {
    const QDateTime now = QDateTime::currentDateTimeUtc();
    m_text = now.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) + QStringLiteral(" UTC");
    setAccessibleName(m_text);
    update();
    if (isVisible()) m_timer->start(1000 - now.time().msec());
}

void UtcClock::showEvent(QShowEvent*) {
    m_timer->start(0);
}

void UtcClock::hideEvent(QHideEvent*) {
    m_timer->stop();
}

QSize UtcClock::sizeHint() const {
    const QFontMetrics metrics(Theme::instance().font(Type::LogMono));
    return {metrics.horizontalAdvance(QStringLiteral("0000-00-00 00:00:00 UTC")) + 2, kHeight};
}

void UtcClock::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(Theme::instance().font(Type::LogMono));
    painter.setPen(Theme::instance().color(Tone::Text2));
    painter.drawText(rect(), Qt::AlignRight | Qt::AlignVCenter, m_text);
}

ActivityBar::ActivityBar(OperationModel& operations, QWidget* parent)
    : QWidget(parent),
      m_operations(operations),
      m_button(new QToolButton(this)),
      m_current(new StatusLabel(this)),
      m_step(new Label(QString(), Type::Table, Tone::Text3, this)),
      m_stream(new StatusLabel(this)),
      m_height(new Label(QString(), Type::Table, Tone::Text2, this)) {
    setFixedHeight(kHeight);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 0, 12, 0);
    row->setSpacing(12);
    m_button->setIcon(icon(QStringLiteral("up")));
    m_button->setIconSize({14, 14});
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_button->setAutoRaise(true);
    m_button->setProperty("tone", "ghost");
    m_button->setProperty("size", "small");
    row->addWidget(m_button);
    row->addWidget(new Divider(this));
    row->addWidget(m_current);
    m_step->setElide(Qt::ElideRight);
    m_step->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_step, 1);
    m_stream->setObjectName(QStringLiteral("activityStream"));
    m_stream->setTone(Tone::Text2);
    m_stream->hide();
    row->addWidget(m_stream);
    row->addWidget(m_height);
    row->addWidget(new Divider(this));
    row->addWidget(new UtcClock(this));
    m_current->setTone(Tone::Text2);
    connect(m_button, &QToolButton::clicked, this, &ActivityBar::expandRequested);
    connect(&operations, &OperationModel::runningChanged, this, &ActivityBar::refresh);
    connect(&operations, &QAbstractItemModel::dataChanged, this, &ActivityBar::refresh);
    followTheme(this);
    retranslate();
}

void ActivityBar::retranslate() {
    m_button->setText(tr("Activity"));
    m_button->setToolTip(tr("Show operations, events and problems") + QStringLiteral("  ") +
                         QKeySequence(Qt::CTRL | Qt::Key_J).toString(QKeySequence::NativeText));
    setHeightText(m_heightText);
    refresh();
}

void ActivityBar::setHeightText(const QString& height) {
    m_heightText = height;
    m_height->setVisible(!height.isEmpty());
    m_height->setText(tr("Height %1").arg(height));
}

void ActivityBar::setStream(const QString& text, int status, const QString& toolTip) {
    m_stream->setVisible(!text.isEmpty());
    m_stream->setStatus(static_cast<Status>(status), text);
    m_stream->setToolTip(toolTip);
}

void ActivityBar::refresh() {
    const Operation* operation = m_operations.current();
    if (operation == nullptr) {
        m_current->setStatus(Status::None, tr("No operations yet"));
        m_step->setText(QString());
        return;
    }
    m_current->setStatus(statusOf(operation->state), operation->title);
    QString step = operation->step;
    if (operation->state == Operation::State::Running && operation->fraction >= 0)
        step = tr("%1 %  %2").arg(static_cast<int>(operation->fraction * 100)).arg(step);
    m_step->setText(step);
}

void ActivityBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    painter.fillRect(rect(), theme.color(Tone::Window));
    drawHorizontalLine(painter, 0, width(), 0, theme.color(Tone::Border));
}

}  // namespace chancery::ui
