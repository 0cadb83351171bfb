#include "ui/widgets/CopyLabel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <cmath>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/IconButton.h"

namespace chancery::ui {
namespace {

constexpr int kButton = 20, kGap = 2;
constexpr int kTickMs = 1000;

}  // namespace

CopyLabel::CopyLabel(QWidget* parent) : QWidget(parent) {
    m_button = new IconButton(QStringLiteral("copy"), tr("Copy"), this);
    m_button->setIconSize({14, 14});
    m_button->setSide(kButton);
    m_button->resize(kButton, kButton);
    connect(m_button, &QToolButton::clicked, this, &CopyLabel::copy);
    m_tick.setSingleShot(true);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this,
            [this] { m_button->setIconName(QStringLiteral("copy")); });
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    followTheme(this);
}

CopyLabel::CopyLabel(const QString& value, QWidget* parent) : CopyLabel(parent) {
    setValue(value);
}

void CopyLabel::setValue(const QString& value) {
    m_value = value;
    setToolTip(safeToolTip(value));
    setAccessibleName(safeText(value));
    m_button->setVisible(!value.isEmpty());
    updateGeometry();
    place();
    update();
}

void CopyLabel::setWhat(const QString& what) {
    m_what = what;
    const QString text = what.isEmpty() ? tr("Copy") : tr("Copy %1").arg(what);
    m_button->setToolTip(safeToolTip(text));
    m_button->setAccessibleName(text);
}

void CopyLabel::setShortened(int first, int last) {
    m_first = first;
    m_last = last;
    updateGeometry();
    place();
    update();
}

void CopyLabel::setType(Type type) {
    m_type = type;
    updateGeometry();
    place();
    update();
}

QString CopyLabel::shownText() const {
    const QString safe = safeText(m_value);
    return m_first > 0 ? shortened(safe, m_first, m_last) : safe;
}

QSize CopyLabel::sizeHint() const {
    const QFontMetricsF metrics(Theme::instance().font(m_type));
    return {
        static_cast<int>(std::ceil(metrics.horizontalAdvance(shownText()))) + 1 + kGap + kButton,
        kButton};
}

QSize CopyLabel::minimumSizeHint() const {
    return {std::min(sizeHint().width(), 96), kButton};
}

void CopyLabel::place() {
    const QFontMetricsF metrics(Theme::instance().font(m_type));
    const int text = static_cast<int>(std::ceil(metrics.horizontalAdvance(shownText()))) + 1;
    m_button->move(std::min(text + kGap, width() - kButton), (height() - kButton) / 2);
}

void CopyLabel::copy() {
    QGuiApplication::clipboard()->setText(m_value);
    m_button->setIcon(icon(QStringLiteral("check"), Tone::Ok));
    m_tick.start();
    Q_EMIT copied(m_value);
}

void CopyLabel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const QFont font = theme.font(m_type);
    painter.setFont(font);
    if (m_value.isEmpty()) {
        painter.setPen(theme.color(Tone::Text3));
        painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft, QStringLiteral("–"));
        return;
    }
    painter.setPen(theme.color(isEnabled() ? Tone::Text : Tone::Disabled));
    const qreal room = width() - kGap - kButton;
    // What is shortened already is shortened anew, or it would have two gaps.
    const QFontMetricsF metrics(font);
    const QString shown = shownText();
    const bool fits = metrics.horizontalAdvance(shown) <= room;
    painter.drawText(QRectF(0, 0, room, height()),
                     Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip,
                     fits ? shown : metrics.elidedText(safeText(m_value), Qt::ElideMiddle, room));
}

void CopyLabel::resizeEvent(QResizeEvent*) {
    place();
}

void CopyLabel::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else {
        QWidget::keyPressEvent(event);
    }
}

}  // namespace chancery::ui
