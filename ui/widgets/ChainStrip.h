#pragma once

#include <QWidget>
#include <vector>

#include "ui/widgets/PaintedAccessible.h"

namespace chancery::ui {

struct ChainBlock {
    QString number;  ///< "1,204,209"
    QString hash;    ///< shortened for display
    bool current = false;
    /// Of the link to the block before it (unused for the first).
    enum class Link { Unknown, Holds, Broken } link = Link::Unknown;
    quint64 id = 0;  ///< given back by activated()
};

/// Blocks in a row, each pointing back to the one before it, and a note at the right.
class ChainStrip : public QWidget, public PaintedParts {
    Q_OBJECT
public:
    explicit ChainStrip(QWidget* parent = nullptr);
    void setBlocks(std::vector<ChainBlock> blocks);
    void setNote(const QStringList& lines);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

    int partCount() const override { return static_cast<int>(m_blocks.size()); }
    QString partName(int part) const override;
    QRect partRect(int part) const override;
    bool partSelected(int part) const override;
    void activatePart(int part) override;

Q_SIGNALS:
    void activated(quint64 id);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    void takeHeight();
    QRectF boxOf(int block) const;
    qreal boxWidth() const;
    qreal chainWidth(qreal gap) const;
    qreal noteWidth() const;
    bool isNoteBelow(int width) const;
    void paintLink(QPainter& painter, int block) const;
    std::vector<ChainBlock> m_blocks;
    QStringList m_note;
    int m_focused = 0;
    bool m_keyboard = false;
};

}  // namespace chancery::ui
