#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/style/Theme.h"

class QLabel;

namespace chancery::ui {

class IconButton;

/// A hash, id or address: monospace, shortened in the middle, whole in the tooltip, with a mark
/// that copies the whole value and turns into a tick for a second.
class CopyLabel : public QWidget {
    Q_OBJECT
public:
    explicit CopyLabel(QWidget* parent = nullptr);
    explicit CopyLabel(const QString& value, QWidget* parent = nullptr);

    void setValue(const QString& value);
    QString value() const { return m_value; }
    /// What the value is, for the accessible names: "Transaction ID".
    void setWhat(const QString& what);
    /// Shown as first…last even where there is room; 0, 0: as much as fits.
    void setShortened(int first, int last);
    void setType(Type type);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void copy();

Q_SIGNALS:
    void copied(const QString& value);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QString shownText() const;
    void place();
    QString m_value;
    QString m_what;
    int m_first = 0, m_last = 0;
    Type m_type = Type::Mono;
    IconButton* m_button;
    QTimer m_tick;
};

}  // namespace chancery::ui
