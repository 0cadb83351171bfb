#pragma once

#include <QTimer>
#include <QWidget>

namespace chancery::ui {

/// A line of 4 px that fills; unknown progress moves, and stands still under reduced motion.
class ProgressLine : public QWidget {
    Q_OBJECT
public:
    explicit ProgressLine(QWidget* parent = nullptr);
    /// 0 to 1; negative: unknown.
    void setFraction(double fraction);
    double fraction() const { return m_fraction; }
    void setThickness(int pixels);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void updateMotion();
    double m_fraction = 0;
    int m_thickness = 4;
    double m_phase = 0;
    QTimer m_timer;
};

}  // namespace chancery::ui
