#pragma once

#include <QIcon>
#include <QWidget>

namespace chancery::ui {

/// The product's sign and, unless compact, its name.
class BrandMark : public QWidget {
    Q_OBJECT
public:
    explicit BrandMark(QWidget* parent = nullptr);
    void setCompact(bool compact);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    static void paintSign(QPainter& painter, const QRectF& rect, const QColor& color);
    /// For windows and task bars.
    static QIcon windowIcon();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_compact = false;
};

}  // namespace chancery::ui
