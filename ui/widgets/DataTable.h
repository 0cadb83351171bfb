#pragma once

#include <QTableView>
#include <QTreeView>

namespace chancery::ui {

/// Header of 28 px without column lines; the sorted column is strong with its arrow.
class TableHeader;

/// What both kinds of table have.
struct TableState {
    /// Order, widths, hidden columns and sorting as bytes for the settings.
    static QByteArray save(const QHeaderView& header);
    static bool restore(QHeaderView& header, const QByteArray& state);
};

/// A table in the look of the design: rows of one height by density, no grid, no zebra, selection
/// by row with the accent bar, sticky sortable header with resizable and hideable columns (context
/// menu), Ctrl+C copies whole values (cell::CopyText).
class DataTable : public QTableView {
    Q_OBJECT
public:
    /// `stateKey` names the columns' state in the settings ("ledger.blocks"); empty: not kept.
    explicit DataTable(const QString& stateKey = {}, QWidget* parent = nullptr);
    ~DataTable() override;

    void setModel(QAbstractItemModel* model) override;
    /// Of a column, by the delegate's class: setColumnDelegate<MonoDelegate>(3).
    template <class Delegate>
    void setColumnDelegate(int column) {
        setItemDelegateForColumn(column, new Delegate(this));
    }
    /// Takes the room that the others leave; the last column unless told.
    void setStretchColumn(int column);
    /// Columns that disappear first when there is little room, in that order.
    void setLowPriorityColumns(const QList<int>& columns);
    int hoveredRow() const { return m_hovered; }
    /// Stands in the table while it has no rows.
    void setEmptyText(const QString& text);
    /// As high as its rows, without scrolling: for short tables inside a page that scrolls as a
    /// whole. Rows with cell::GroupRow then reach over all columns.
    void setFitsContent(bool fits);
    void restoreColumns();
    void saveColumns() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    void copySelection();

Q_SIGNALS:
    /// Enter or a double click.
    void opened(const QModelIndex& index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void setHovered(int row);
    void applyDensity();
    void fitContent();
    void applyPriorities();
    QString m_stateKey;
    QList<int> m_lowPriority;
    QList<int> m_hiddenForRoom;
    int m_hovered = -1;
    int m_stretch = -1;
    QString m_emptyText;
    bool m_fitsContent = false;
};

/// The same look for trees.
class DataTree : public QTreeView {
    Q_OBJECT
public:
    explicit DataTree(const QString& stateKey = {}, QWidget* parent = nullptr);
    ~DataTree() override;
    void restoreColumns();
    void saveColumns() const;

public Q_SLOTS:
    void copySelection();

Q_SIGNALS:
    void opened(const QModelIndex& index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                 const QModelIndex& index) const override;
    void drawBranches(QPainter* painter, const QRect& rect,
                      const QModelIndex& index) const override;

private:
    QString m_stateKey;
};

}  // namespace chancery::ui
