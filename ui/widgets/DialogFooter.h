#pragma once

#include <QWidget>

class QHBoxLayout;

namespace chancery::ui {

/// Bottom of a dialog: a line, then buttons at the right, the primary one last; other things at the
/// left.
class DialogFooter : public QWidget {
    Q_OBJECT
public:
    explicit DialogFooter(QWidget* parent = nullptr);
    void addButton(QWidget* button);
    void addLeft(QWidget* widget);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QHBoxLayout* m_layout;
    int m_left = 0;
};

}  // namespace chancery::ui
