#pragma once

#include <QWidget>
#include <optional>

#include "ui/style/Icons.h"
#include "ui/style/Theme.h"

namespace chancery::ui {

enum class BadgeTone { Neutral, Accent, Ok, Warn, Error, Info, Outline };

/// Colours of a badge: text, back and line (Tone::Surface as line: none).
struct BadgeColors {
    Tone text, back;
    bool outlined = false;
};
BadgeColors colorsOf(BadgeTone tone);
BadgeTone badgeToneOf(Status status);

/// A short fact on a tint: "✓ Chain verified, blocks 0 to 277", "Consortium admin", "P-256".
class Badge : public QWidget {
    Q_OBJECT
public:
    explicit Badge(QWidget* parent = nullptr);
    Badge(const QString& text, BadgeTone tone, QWidget* parent = nullptr);

    void setText(const QString& text);
    QString text() const { return m_text; }
    void setTone(BadgeTone tone);
    /// Glyph, word and tone of a state.
    void setStatus(Status status, const QString& text);
    /// Name in resources/icons; empty: none.
    void setIconName(const QString& name);
    /// 24 px high for page headers instead of 18.
    void setLarge(bool large);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QFont textFont() const;
    QString m_text;
    BadgeTone m_tone = BadgeTone::Neutral;
    std::optional<Status> m_status;
    QString m_iconName;
    bool m_large = false;
};

}  // namespace chancery::ui
