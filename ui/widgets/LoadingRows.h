#pragma once

#include <QWidget>

class QPushButton;

namespace chancery::ui {

class Label;
class ProgressLine;

/// Rows that are not there yet, as grey blocks of the columns' widths; above them what is being
/// read, how far, and Cancel.
class LoadingRows : public QWidget {
    Q_OBJECT
public:
    explicit LoadingRows(QWidget* parent = nullptr);
    void setTitle(const QString& title);
    /// "118,400 of 1,204,213"
    void setCount(const QString& count);
    void setHint(const QString& hint);
    void setFraction(double fraction);
    /// Left edges of the columns' blocks in px; their count is that of the columns.
    void setColumns(const QList<int>& lefts, const QList<int>& widths);
    void setRows(int rows);
    void setCancellable(bool cancellable);

Q_SIGNALS:
    void cancelRequested();

private:
    class Rows;
    Label* m_title;
    Label* m_count;
    Label* m_hint;
    ProgressLine* m_progress;
    QPushButton* m_cancel;
    Rows* m_rows;
};

}  // namespace chancery::ui
