#include "ui/widgets/PageHeader.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/style/Paint.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {

PageHeader::PageHeader(const QString& title, QWidget* parent) : QWidget(parent) {
    m_title = new Label(title, Type::PageTitle);
    m_summary = new Label({}, Type::Body, Tone::Text2);
    m_summary->setElide(Qt::ElideRight);
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(16, 0, 16, 1);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_title);
    m_layout->addSpacing(4);
    m_layout->addWidget(m_summary, 1);
    setFixedHeight(48);
    followTheme(this);
}

void PageHeader::setTitle(const QString& title) {
    m_title->setText(title);
}

void PageHeader::setSummary(const QString& summary) {
    m_summary->setSafeText(summary);
}

void PageHeader::addAction(QWidget* widget) {
    m_layout->addWidget(widget, 0, Qt::AlignVCenter);
}

void PageHeader::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Tone::Surface));
    drawHorizontalLine(painter, 0, width(), height() - 1, theme.color(Tone::Border));
}

}  // namespace chancery::ui
