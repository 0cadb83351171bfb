#pragma once

#include <QObject>

class QPushButton;

namespace chancery::ui {

class DataTable;

/// Whoever scrolled down in a table stays where he is while blocks arrive above; "3 new blocks"
/// over the table tells of them and leads to the top.
class NewBlocks : public QObject {
    Q_OBJECT
public:
    /// The table's child.
    explicit NewBlocks(DataTable* table);

    /// False at first.
    void setTold(bool told);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void inserted(int first, int last);
    void clear();
    void place();

    DataTable* m_table;
    QPushButton* m_button;
    int m_rows = 0;
    bool m_told = false;
};

}  // namespace chancery::ui
