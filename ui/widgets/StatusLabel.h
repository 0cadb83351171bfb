#pragma once

#include <QWidget>
#include <optional>

#include "ui/style/Icons.h"

namespace chancery::ui {

/// Glyph and word of a state; only problems are coloured, as in the tables.
class StatusLabel : public QWidget {
    Q_OBJECT
public:
    explicit StatusLabel(QWidget* parent = nullptr);
    StatusLabel(Status status, const QString& text, QWidget* parent = nullptr);

    /// An empty text takes the state's general word as accessible name and tooltip only.
    void setStatus(Status status, const QString& text);
    Status status() const { return m_status; }
    QString text() const { return m_text; }
    void setType(Type type);
    /// Invalid: by state.
    void setTone(Tone tone);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Status m_status = Status::None;
    QString m_text;
    Type m_type = Type::Table;
    std::optional<Tone> m_tone;
};

}  // namespace chancery::ui
