#pragma once

#include <QWidget>

class QTimer;
class QToolButton;

namespace chancery::ui {

class Label;
class OperationModel;
class StatusLabel;

/// "2026-03-17 14:32:07 UTC", going on every second while it is visible.
class UtcClock : public QWidget {
    Q_OBJECT
public:
    explicit UtcClock(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void tick();
    QString m_text;
    QTimer* m_timer;
};

/// The collapsed activity: 28 px with the current operation, the height and the clock.
class ActivityBar : public QWidget {
    Q_OBJECT
public:
    explicit ActivityBar(OperationModel& operations, QWidget* parent = nullptr);
    /// "278"; empty: not shown.
    void setHeightText(const QString& height);
    /// How the stream of blocks stands, as a Status; an empty text hides it.
    void setStream(const QString& text, int status, const QString& toolTip);
    void retranslate();
    QSize sizeHint() const override { return {600, 28}; }

Q_SIGNALS:
    void expandRequested();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    OperationModel& m_operations;
    QToolButton* m_button;
    StatusLabel* m_current;
    Label* m_step;
    StatusLabel* m_stream;
    Label* m_height;
    QString m_heightText;
};

}  // namespace chancery::ui
