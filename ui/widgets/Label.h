#pragma once

#include <QLabel>

#include "ui/style/Theme.h"

namespace chancery::ui {

/// Plain text in a type role and a tone; follows the theme. Never interprets rich text.
class Label : public QLabel {
    Q_OBJECT
public:
    explicit Label(QWidget* parent = nullptr);
    explicit Label(const QString& text, Type type = Type::Body, Tone tone = Tone::Text,
                   QWidget* parent = nullptr);

    void setType(Type type);
    void setTone(Tone tone);
    /// Shortens on purpose when there is no room; the tooltip has all. ElideNone: never.
    void setElide(Qt::TextElideMode mode);
    Qt::TextElideMode elide() const { return m_elide; }
    /// Text of a ledger: safeText() first.
    void setSafeText(const QString& text);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void restyle();
    Type m_type = Type::Body;
    Tone m_tone = Tone::Text;
    Qt::TextElideMode m_elide = Qt::ElideNone;
};

}  // namespace chancery::ui
