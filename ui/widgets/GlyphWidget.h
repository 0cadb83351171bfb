#pragma once

#include <QWidget>

#include "ui/style/Icons.h"

namespace chancery::ui {

/// A status mark alone; its word is the accessible name and the tooltip.
class GlyphWidget : public QWidget {
    Q_OBJECT
public:
    explicit GlyphWidget(Status status, int size = 14, QWidget* parent = nullptr);
    void setStatus(Status status);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Status m_status;
};

}  // namespace chancery::ui
