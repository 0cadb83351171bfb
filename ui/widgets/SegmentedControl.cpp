#include "ui/widgets/SegmentedControl.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

class Segment : public QAbstractButton {
public:
    explicit Segment(QWidget* parent) : QAbstractButton(parent) {
        setCheckable(true);
        setAttribute(Qt::WA_Hover);
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        followTheme(this);
    }

    QSize sizeHint() const override {
        const bool small = parentWidget()->property("sizing").toByteArray() == "small";
        QFont strong = Theme::instance().font(Type::TableStrong);
        const qreal wide = QFontMetricsF(strong).horizontalAdvance(text());
        return {static_cast<int>(std::ceil(wide)) + 24 + (icon().isNull() ? 0 : 22),
                small ? 24 : 28};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        const QFont font = theme.font(isChecked() ? Type::TableStrong : Type::Table);
        painter.setFont(font);
        painter.setPen(theme.color(!isEnabled()   ? Tone::Disabled
                                   : isChecked()  ? Tone::Accent
                                   : underMouse() ? Tone::Text
                                                  : Tone::Text2));
        const qreal wide = QFontMetricsF(font).horizontalAdvance(text());
        qreal x = (width() - wide - (icon().isNull() ? 0 : 22)) / 2;
        if (!icon().isNull()) {
            icon().paint(&painter, QRect(static_cast<int>(x), (height() - 16) / 2, 16, 16),
                         Qt::AlignCenter,
                         !isEnabled()  ? QIcon::Disabled
                         : isChecked() ? QIcon::Selected
                                       : QIcon::Normal);
            x += 22;
        }
        painter.drawText(QRectF(x, 0, wide + 2, height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, text());
        if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
            drawFocusRing(painter, rect());
        }
    }
    void keyPressEvent(QKeyEvent* event) override { event->ignore(); }
};

}  // namespace

SegmentedControl::SegmentedControl(QWidget* parent) : QWidget(parent) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(1);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&m_group, &QButtonGroup::idToggled, this, [this](int id, bool on) {
        update();
        for (auto* button : m_group.buttons()) {
            button->setFocusPolicy(button->isChecked() ? Qt::TabFocus : Qt::NoFocus);
        }
        if (on) Q_EMIT currentChanged(id);
    });
    followTheme(this);
}

SegmentedControl::SegmentedControl(const QStringList& texts, QWidget* parent)
    : SegmentedControl(parent) {
    for (const QString& text : texts) addSegment(text);
}

int SegmentedControl::addSegment(const QString& text, const QString& iconName) {
    auto* segment = new Segment(this);
    segment->setText(text);
    if (!iconName.isEmpty()) segment->setIcon(icon(iconName));
    const int id = count();
    m_group.addButton(segment, id);
    layout()->addWidget(segment);
    segment->setFocusPolicy(Qt::NoFocus);
    if (id == 0) {
        const QSignalBlocker quiet(this);
        segment->setChecked(true);
    }
    return id;
}

void SegmentedControl::setSegmentText(int index, const QString& text) {
    if (auto* button = m_group.button(index)) {
        button->setText(text);
        button->updateGeometry();
    }
}

int SegmentedControl::count() const {
    return static_cast<int>(m_group.buttons().size());
}

int SegmentedControl::current() const {
    return m_group.checkedId();
}

void SegmentedControl::setCurrent(int index) {
    if (auto* button = m_group.button(index)) button->setChecked(true);
}

void SegmentedControl::keyPressEvent(QKeyEvent* event) {
    int step = 0;
    if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Up) step = -1;
    if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Down) step = 1;
    if (step == 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    for (int next = current() + step; next >= 0 && next < count(); next += step) {
        auto* button = m_group.button(next);
        if (!button->isEnabled()) continue;
        button->setChecked(true);
        button->setFocus(Qt::TabFocusReason);
        return;
    }
}

void SegmentedControl::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    drawBox(painter, rect(), 4, theme.color(Tone::Surface));
    QPainterPath clip;
    clip.addRoundedRect(rect(), 4, 4);
    painter.save();
    painter.setClipPath(clip);
    for (auto* button : m_group.buttons()) {
        const QRect r = button->geometry();
        if (button->isChecked()) painter.fillRect(r, theme.color(Tone::Selected));
        if (m_group.id(button) > 0) {
            drawVerticalLine(painter, r.left() - 1, 0, height(), theme.color(Tone::Border2));
        }
    }
    painter.restore();
    drawBox(painter, rect(), 4, {}, theme.color(Tone::Border2));
}

}  // namespace chancery::ui
