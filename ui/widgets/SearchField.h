#pragma once

#include <QLineEdit>

namespace chancery::ui {

/// Filter field: search glyph, placeholder, the key that reaches it, a cross once there is text.
/// Esc clears.
class SearchField : public QLineEdit {
    Q_OBJECT
public:
    explicit SearchField(const QString& placeholder, QWidget* parent = nullptr);
    /// "/" or "Ctrl K"; empty: none.
    void setKeyCap(const QString& text);
    /// Text at the right end: "3 of 118".
    void setCount(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void updateMargins();
    QString m_keyCap;
    QString m_count;
    QAction* m_clear;
};

}  // namespace chancery::ui
