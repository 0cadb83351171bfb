#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "ui/models/TransactionView.h"
#include "ui/widgets/CellDelegate.h"

class QVBoxLayout;

namespace chancery::ui {

class SectionHeader;

// Small parts that the ledger page, its inspector and its dialogs are put together from.

/// A dividing line of one pixel.
QWidget* makeLine();
/// A place with its own layout whose content is exchanged later; margins left, right and above.
QVBoxLayout* addSection(QVBoxLayout* column, int side, int above);
/// Removes what was put there.
void clearSection(QVBoxLayout* section);
/// Title of a part of an inspector, with the paddings of the design.
SectionHeader* sectionHeader(const QString& title);

/// Why a policy is satisfied or not, a line per gate and signature.
QWidget* policyTree(const PolicyView& policy);
/// Sentences of a changed configuration with + − ~ before them.
QWidget* changeList(const std::vector<ChangeView>& changes);

/// Text with its glyph behind it ("1,204,192 : 7 ✓").
class TrailingGlyphDelegate : public CellDelegate {
    Q_OBJECT
public:
    using CellDelegate::CellDelegate;

protected:
    void paintContent(const Cell& cell) const override;
};

}  // namespace chancery::ui
