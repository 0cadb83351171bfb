#include "ui/widgets/SearchField.h"

#include <QAction>
#include <QKeyEvent>
#include <QPainter>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/widgets/KeyCap.h"

namespace chancery::ui {

SearchField::SearchField(const QString& placeholder, QWidget* parent) : QLineEdit(parent) {
    setPlaceholderText(placeholder);
    setAccessibleName(placeholder);
    m_clear = addAction(icon(QStringLiteral("x")), QLineEdit::TrailingPosition);
    m_clear->setToolTip(tr("Clear"));
    m_clear->setVisible(false);
    connect(m_clear, &QAction::triggered, this, &QLineEdit::clear);
    connect(this, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_clear->setVisible(!text.isEmpty());
        updateMargins();
    });
    followTheme(this);
    updateMargins();
}

void SearchField::setKeyCap(const QString& text) {
    m_keyCap = text;
    updateMargins();
}

void SearchField::setCount(const QString& text) {
    m_count = text;
    updateMargins();
}

void SearchField::updateMargins() {
    int right = 0;
    if (!m_count.isEmpty()) {
        right += fontMetrics().horizontalAdvance(m_count) + 6;
    } else if (text().isEmpty() && !m_keyCap.isEmpty()) {
        right += static_cast<int>(KeyCap::sizeOf(m_keyCap).width());
    }
    setTextMargins(21, 0, right, 0);
    update();
}

void SearchField::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    icon(QStringLiteral("search")).paint(&painter, QRect(9, (height() - 16) / 2, 16, 16));
    if (text().isEmpty() && !m_keyCap.isEmpty()) {
        const QSizeF cap = KeyCap::sizeOf(m_keyCap);
        KeyCap::paint(
            painter, QRectF(QPointF(width() - cap.width() - 6, (height() - cap.height()) / 2), cap),
            m_keyCap);
    }
    if (!m_count.isEmpty()) {
        painter.setFont(Theme::instance().font(Type::Table));
        painter.setPen(Theme::instance().color(Tone::Text3));
        painter.drawText(rect().adjusted(0, 0, m_clear->isVisible() ? -30 : -9, 0),
                         Qt::AlignRight | Qt::AlignVCenter, m_count);
    }
}

void SearchField::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

}  // namespace chancery::ui
