#pragma once

#include "ui/widgets/CellDelegate.h"

namespace chancery::ui {

/// Glyph and word; centred when the cell has a glyph only.
class GlyphTextDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintContent(const Cell& cell) const override;
};

/// Hashes, ids, keys: monospace, shortened in the middle.
class MonoDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    Type textType(const QModelIndex& index) const override;
    Qt::TextElideMode elideMode(const QModelIndex& index) const override;
};

/// Organisation chip, with the text behind it when there is one.
class ChipDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintContent(const Cell& cell) const override;
};

/// A number, its bar, and how many of it are bad.
class BarDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintContent(const Cell& cell) const override;
    qreal contentWidth(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A small line of values.
class SparkDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintContent(const Cell& cell) const override;
    qreal contentWidth(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// A value before or after a change, on its tint, in monospace.
class DiffDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintContent(const Cell& cell) const override;
    qreal contentWidth(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    Type textType(const QModelIndex& index) const override;
};

/// The text as a badge in the tone of cell::BadgeTone.
class BadgeDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintContent(const Cell& cell) const override;
    qreal contentWidth(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace chancery::ui
