#pragma once

#include <QWidget>
#include <vector>

#include "ui/style/Icons.h"
#include "ui/widgets/PaintedAccessible.h"

namespace chancery::ui {

struct Figure {
    QString label;  ///< "Throughput"
    QString value;  ///< "27.4"
    QString unit;   ///< "tx/s"
    Status status = Status::None;
    bool stale = false;  ///< kept from earlier, drawn dim
};

/// A row of figures with thin lines between; 58 px high.
class FigureStrip : public QWidget, public PaintedParts {
    Q_OBJECT
public:
    explicit FigureStrip(QWidget* parent = nullptr);
    void setFigures(std::vector<Figure> figures);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    int partCount() const override { return static_cast<int>(m_figures.size()); }
    QString partName(int part) const override;
    QRect partRect(int part) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Figure> m_figures;
};

}  // namespace chancery::ui
