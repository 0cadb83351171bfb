#include "ui/widgets/OrgChip.h"

#include <QPainter>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"

namespace chancery::ui {
namespace {

constexpr int kChipGap = 8;

}  // namespace

OrgChip::OrgChip(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    followTheme(this);
}

void OrgChip::setOrganisation(const QString& nameOrMspId, int series) {
    m_name = safeText(nameOrMspId);
    m_series = series;
    setAccessibleName(m_name);
    setToolTip(m_nameShown ? QString() : safeToolTip(m_name));
    updateGeometry();
    update();
}

void OrgChip::setNameShown(bool shown) {
    m_nameShown = shown;
    setToolTip(m_nameShown ? QString() : safeToolTip(m_name));
    updateGeometry();
    update();
}

void OrgChip::setNameType(Type type) {
    m_type = type;
    updateGeometry();
    update();
}

QString OrgChip::letters() const {
    return monogram(m_name);
}

QSize OrgChip::sizeHint() const {
    const QSize chip = chipSize().toSize();
    if (!m_nameShown) return chip;
    const QFontMetricsF metrics(Theme::instance().font(m_type));
    return {chip.width() + kChipGap +
                static_cast<int>(std::ceil(metrics.horizontalAdvance(m_name))) + 1,
            std::max(chip.height(), Theme::instance().lineHeight(m_type))};
}

QSize OrgChip::minimumSizeHint() const {
    const QSize chip = chipSize().toSize();
    return {chip.width() + (m_nameShown ? kChipGap + 24 : 0), sizeHint().height()};
}

void OrgChip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    const QSizeF chip = chipSize();
    drawChip(painter, QRectF(QPointF(0, (height() - chip.height()) / 2), chip), letters(),
             theme.seriesTone(m_series), !isEnabled());
    if (!m_nameShown) return;
    const qreal x = chip.width() + kChipGap;
    const QFont font = theme.font(m_type);
    painter.setFont(font);
    painter.setPen(theme.color(isEnabled() ? Tone::Text : Tone::Text3));
    painter.drawText(QRectF(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetricsF(font).elidedText(m_name, Qt::ElideRight, width() - x));
}

}  // namespace chancery::ui
