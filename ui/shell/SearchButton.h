#pragma once

#include <QAbstractButton>

namespace chancery::ui {

/// Looks like a search field and opens the command palette; a small button where there is little
/// room.
class SearchButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit SearchButton(QWidget* parent = nullptr);
    void setCompact(bool compact);
    void setKeys(const QString& keys);  ///< "Ctrl K"
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool m_compact = false;
    QString m_keys;
};

}  // namespace chancery::ui
