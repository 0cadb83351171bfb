#pragma once

#include <QButtonGroup>
#include <QWidget>

namespace chancery::ui {

/// A few choices of which one holds: "Tree | JSON diff | Raw". Arrow keys move. With the dynamic
/// property sizing = small it is 24 px high, for the headers of panes.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(QWidget* parent = nullptr);
    explicit SegmentedControl(const QStringList& texts, QWidget* parent = nullptr);

    int addSegment(const QString& text, const QString& iconName = {});
    void setSegmentText(int index, const QString& text);
    int count() const;
    int current() const;
    void setCurrent(int index);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QButtonGroup m_group;
};

}  // namespace chancery::ui
