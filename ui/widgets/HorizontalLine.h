#pragma once

#include <QWidget>

namespace chancery::ui {

/// One sharp pixel in the colour of borders, from side to side.
class HorizontalLine : public QWidget {
    Q_OBJECT
public:
    explicit HorizontalLine(QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace chancery::ui
