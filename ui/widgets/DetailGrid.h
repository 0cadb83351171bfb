#pragma once

#include <QWidget>

#include "ui/style/Icons.h"

class QGridLayout;

namespace chancery::ui {

class CopyLabel;
class Label;

/// Pairs of label and value, in one or two columns of pairs, as an inspector shows them. Values are
/// plain text, made safe.
class DetailGrid : public QWidget {
    Q_OBJECT
public:
    explicit DetailGrid(int columns = 1, QWidget* parent = nullptr);

    void clear();
    Label* addText(const QString& label, const QString& value, Type type = Type::Table,
                   Tone tone = Tone::Text);
    CopyLabel* addCopy(const QString& label, const QString& value);
    void addStatus(const QString& label, Status status, const QString& value);
    /// Takes the widget.
    void addWidget(const QString& label, QWidget* value);
    /// The next pair takes a whole row.
    void nextSpansRow();
    void setLabelWidth(int width);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void place(const QString& label, QWidget* value);
    QGridLayout* m_grid;
    int m_columns;
    int m_next = 0;
    int m_labelWidth = 106;
    bool m_spanNext = false;
    bool m_isTight = false;
};

}  // namespace chancery::ui
