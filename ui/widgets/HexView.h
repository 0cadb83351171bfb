#pragma once

#include <QAbstractScrollArea>
#include <QByteArray>

#include "ui/style/Theme.h"
#include "ui/widgets/PaintedAccessible.h"

namespace chancery::ui {

/// Bytes as offset, hexadecimal and ASCII; only the shown rows are laid out, so megabytes cost
/// nothing. Shift+arrows and dragging select, Ctrl+C copies hexadecimal, Ctrl+Shift+C the text.
class HexView : public QAbstractScrollArea, public PaintedParts {
    Q_OBJECT
public:
    explicit HexView(QWidget* parent = nullptr);

    /// Shares the bytes.
    void setBytes(const QByteArray& bytes);
    const QByteArray& bytes() const { return m_bytes; }
    /// Tints bytes [begin, begin + size), for a field that is selected elsewhere; size 0: none.
    void setHighlight(qsizetype begin, qsizetype size);
    void reveal(qsizetype offset);
    void setSelection(qsizetype begin, qsizetype size);
    qsizetype selectionBegin() const;
    qsizetype selectionSize() const;
    QString selectedHex() const;
    QString selectedText() const;
    int bytesPerRow() const { return m_perRow; }

    QSize sizeHint() const override;

    /// The rows that are in sight.
    int partCount() const override;
    QString partName(int part) const override;
    QRect partRect(int part) const override;
    bool partSelected(int part) const override;
    void activatePart(int part) override;

public Q_SLOTS:
    void copyHex() const;
    void copyText() const;

Q_SIGNALS:
    void selectionChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Geometry;
    Geometry geometryNow() const;
    void updateLayout();
    qsizetype offsetAt(const QPoint& point) const;
    void moveCursor(qsizetype to, bool select);
    void paintRow(QPainter& painter, const Geometry& g, qsizetype row, qreal y) const;
    QColor backOf(qsizetype offset) const;
    QByteArray m_bytes;
    int m_perRow = 16;
    qsizetype m_cursor = 0, m_anchor = 0;
    bool m_selecting = false;
    qsizetype m_highlight = 0, m_highlightSize = 0;
};

}  // namespace chancery::ui
