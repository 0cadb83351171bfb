#pragma once

#include <QWidget>

namespace chancery::ui {

/// A key as it stands on the keyboard: "/", "Ctrl K".
class KeyCap : public QWidget {
    Q_OBJECT
public:
    explicit KeyCap(const QString& text, QWidget* parent = nullptr);
    void setText(const QString& text);
    QString text() const { return m_text; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    /// For widgets that paint their own.
    /// The keys of a shortcut, as they stand on caps: "Ctrl", "Shift", "←". Their names are the
    /// same in every language, as on keyboards.
    static QStringList partsOf(const QKeySequence& keys);
    static QSizeF sizeOf(const QString& text);
    static void paint(QPainter& painter, const QRectF& rect, const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
};

}  // namespace chancery::ui
