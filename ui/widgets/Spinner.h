#pragma once

#include <QTimer>
#include <QWidget>

namespace chancery::ui {

/// Ring with a moving quarter; a standing quarter under reduced motion.
class Spinner : public QWidget {
    Q_OBJECT
public:
    explicit Spinner(QWidget* parent = nullptr, int size = 14);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    bool isMoving() const { return m_timer.isActive(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void updateMotion();
    int m_size;
    int m_angle = 0;
    QTimer m_timer;
};

}  // namespace chancery::ui
