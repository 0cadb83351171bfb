#pragma once

#include <QAbstractButton>
#include <optional>

#include "ui/style/Icons.h"

namespace chancery::ui {

/// One part of the context: "Channel ■ settlement ▾".
struct ContextPart {
    QString caption;               ///< "Channel"; left out where there is little room
    QString text;                  ///< harmless to show; may be empty when there is a badge
    std::optional<Status> status;  ///< glyph before the text
    int channel = -1;              ///< index of the channel mark before the text
    QString badge;                 ///< "read-only"
    QString badgeIcon;
    QString tooltip;
    bool menu = true;
};

/// Draws a part; a part with a menu is a button that opens it.
class ContextButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit ContextButton(QWidget* parent = nullptr);
    void setPart(const ContextPart& part);
    const ContextPart& part() const { return m_part; }
    void setCompact(bool compact);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    qreal fixedWidth() const;
    qreal textWidth() const;
    ContextPart m_part;
    bool m_compact = false;
};

}  // namespace chancery::ui
