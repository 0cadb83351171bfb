#pragma once

#include <QWidget>

namespace chancery::ui {

/// A drawing of what a verification looks at: blocks that point back to one another, signed by the
/// orderers, with transactions that were endorsed.
class VerificationSketch : public QWidget {
    Q_OBJECT
public:
    explicit VerificationSketch(QWidget* parent = nullptr);
    QSize sizeHint() const override { return {386, 236}; }
    QSize minimumSizeHint() const override { return {340, 236}; }

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace chancery::ui
