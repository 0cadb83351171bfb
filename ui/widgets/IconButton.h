#pragma once

#include <QToolButton>

namespace chancery::ui {

/// A button of one glyph. The text is its tooltip and accessible name.
class IconButton : public QToolButton {
    Q_OBJECT
public:
    IconButton(const QString& iconName, const QString& text, QWidget* parent = nullptr);

    void setIconName(const QString& name);
    /// 24 instead of 28 px.
    void setCompact(bool compact);
    void setSide(int pixels);
    /// Text of a badge at the upper right corner ("3"); empty: none.
    void setCount(const QString& count);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_side = 28;
    QString m_count;
};

}  // namespace chancery::ui
