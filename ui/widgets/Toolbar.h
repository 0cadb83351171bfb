#pragma once

#include <QWidget>

class QHBoxLayout;

namespace chancery::ui {

/// Row of 40 px with controls and a line below.
class Toolbar : public QWidget {
    Q_OBJECT
public:
    explicit Toolbar(QWidget* parent = nullptr);
    void addWidget(QWidget* widget, int stretch = 0);
    void addStretch();
    void addSpacing(int pixels);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QHBoxLayout* m_layout;
};

}  // namespace chancery::ui
