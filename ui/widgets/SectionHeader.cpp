#include "ui/widgets/SectionHeader.h"

#include <QHBoxLayout>
#include <QPainter>

#include "ui/style/Paint.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {

SectionHeader::SectionHeader(const QString& title, QWidget* parent) : QWidget(parent) {
    m_title = new Label(title, Type::SmallSectionTitle);
    m_summary = new Label({}, Type::Table, Tone::Text3);
    m_summary->setElide(Qt::ElideRight);
    m_summary->hide();
    m_layout = new QHBoxLayout(this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    m_layout->addWidget(m_title);
    m_layout->addWidget(m_summary, 1);
    m_layout->addStretch(0);
    followTheme(this);
}

void SectionHeader::setTitle(const QString& title) {
    m_title->setText(title);
}

void SectionHeader::setSummary(const QString& summary) {
    m_summary->setSafeText(summary);
    m_summary->setVisible(!summary.isEmpty());
}

void SectionHeader::addAction(QWidget* widget) {
    m_layout->addWidget(widget, 0, Qt::AlignVCenter);
}

void SectionHeader::setPane(bool pane) {
    m_pane = pane;
    m_title->setType(pane ? Type::SectionTitle : Type::SmallSectionTitle);
    m_layout->setContentsMargins(pane ? 16 : 0, 0, pane ? 16 : 0, 0);
    setFixedHeight(pane ? 36 : QWIDGETSIZE_MAX);
    if (!pane) setMinimumHeight(0);
    update();
}

void SectionHeader::setType(Type type) {
    m_title->setType(type);
}

void SectionHeader::paintEvent(QPaintEvent*) {
    if (!m_pane) return;
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    painter.fillRect(rect(), theme.color(Tone::Surface));
    drawHorizontalLine(painter, 0, width(), height() - 1, theme.color(Tone::Border));
}

}  // namespace chancery::ui
