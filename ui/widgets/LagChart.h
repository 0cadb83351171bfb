#pragma once

#include <QPointF>
#include <QString>
#include <QWidget>
#include <vector>

namespace chancery::ui {

/// A value over the last minutes as a filled line with its scale: "Blocks behind, last 15 min".
class LagChart : public QWidget {
    Q_OBJECT
public:
    explicit LagChart(QWidget* parent = nullptr);

    /// Milliseconds since 1970 (UTC) and values, oldest first.
    void setSamples(std::vector<QPointF> samples);

    QSize sizeHint() const override { return {280, 96}; }
    QSize minimumSizeHint() const override { return {160, 96}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<QPointF> m_samples;
};

}  // namespace chancery::ui
