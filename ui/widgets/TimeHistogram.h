#pragma once

#include <QWidget>

#include "ui/widgets/HistogramModel.h"
#include "ui/widgets/PaintedAccessible.h"

namespace chancery::ui {

/// Bars over time with red caps for what is invalid, times in UTC below, and a brush that selects a
/// range: drag to draw, move or resize it; wheel zooms it about the pointer; Left and Right move
/// it, with Shift its right end, with Ctrl its left end; Home and End jump, Esc clears.
class TimeHistogram : public QWidget, public PaintedParts {
    Q_OBJECT
public:
    explicit TimeHistogram(QWidget* parent = nullptr);

    void setModel(HistogramModel model);
    const HistogramModel& model() const { return m_model; }
    /// Bars [first, last]; without a range nothing is brushed.
    bool hasRange() const { return m_first >= 0; }
    void setRange(const QDateTime& begin, const QDateTime& end);
    void clearRange();
    QDateTime rangeBegin() const;
    QDateTime rangeEnd() const;
    int firstBar() const { return m_first; }
    int lastBar() const { return m_last; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    int partCount() const override;
    QString partName(int part) const override;
    QRect partRect(int part) const override;
    bool partSelected(int part) const override;
    QString wholeText() const override;

Q_SIGNALS:
    /// By the person only, not by setRange(); both invalid: cleared. While a drag goes on too.
    void rangeChanged(const QDateTime& begin, const QDateTime& end);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Grip { None, New, Left, Right, Whole };
    QRectF plot() const;
    QRectF barRect(int bar) const;
    int barAt(qreal x) const;
    qreal edgeOf(int bar) const;
    QDateTime timeOf(int edge) const;
    Grip gripAt(qreal x) const;
    void select(int first, int last);
    void dropRange();
    void paintBars(QPainter& painter) const;
    void paintAxis(QPainter& painter) const;
    void paintBrush(QPainter& painter) const;
    HistogramModel m_model;
    double m_highest = 1;
    int m_first = -1, m_last = -1;
    Grip m_grip = Grip::None;
    int m_anchor = 0;
    int m_grabFirst = 0, m_grabLast = 0;
    bool m_keyboard = false;
};

}  // namespace chancery::ui
