#pragma once

#include <QFrame>
#include <QList>
#include <QPair>

class QListView;
class QStandardItemModel;

namespace chancery::ui {

/// Completions below a field: lies on the window without taking the focus from the field.
class QueryPopup : public QFrame {
    Q_OBJECT
public:
    explicit QueryPopup(QWidget* window);
    /// Text and dimmer hint of each; at most `shown` without scrolling.
    void setRows(const QList<QPair<QString, QString>>& rows, int shown);
    /// Position in the window; kept inside of it.
    void showAt(const QPoint& topLeft);
    void step(int by);
    int currentRow() const;
    int rowCount() const;

Q_SIGNALS:
    void chosen(int row);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QListView* m_list;
    QStandardItemModel* m_model;
};

}  // namespace chancery::ui
