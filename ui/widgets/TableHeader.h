#pragma once

#include <QHeaderView>

namespace chancery::ui {

/// Room at the sides of a cell: 16 px at the ends of a row, as the page has, else 8.
struct CellPadding {
    static int left(const QHeaderView* header, int section);
    static int right(const QHeaderView* header, int section);
};

/// Header of 28 px without column lines; the sorted column is strong with its arrow. The context
/// menu hides and shows columns.
class TableHeader : public QHeaderView {
    Q_OBJECT
public:
    explicit TableHeader(QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override;
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    QSize sectionSizeFromContents(int section) const override;

private:
    QString textOf(int section) const;
};

}  // namespace chancery::ui
