#pragma once

#include <QPainter>
#include <QRectF>
#include <QStyleOption>

namespace chancery::ui {

/// A horizontal or vertical slider: a line, its part up to the handle in the accent, a round
/// handle.
void drawSlider(const QStyleOptionSlider& option, QPainter& painter, const QRectF& groove,
                const QRectF& handle);

}  // namespace chancery::ui
