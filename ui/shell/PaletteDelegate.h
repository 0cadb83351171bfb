#pragma once

#include <QStyledItemDelegate>

namespace chancery::ui {

class PaletteModel;

/// Draws the palette's lines: headings, and entries with glyph, matched letters in accent, detail,
/// and at the right keys, state, or why it is blocked.
class PaletteDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit PaletteDelegate(const PaletteModel& model, QObject* parent = nullptr);
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;

private:
    void paintHeading(QPainter& painter, const QRectF& rect, const QModelIndex& index) const;
    void paintEntry(QPainter& painter, const QRectF& rect, const QModelIndex& index,
                    bool selected) const;
    const PaletteModel& m_model;
};

}  // namespace chancery::ui
