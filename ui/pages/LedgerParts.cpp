#include "ui/pages/LedgerParts.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/style/CellRoles.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/HorizontalLine.h"
#include "ui/widgets/Label.h"
#include "ui/widgets/SectionHeader.h"
#include "ui/widgets/StatusLabel.h"

namespace chancery::ui {
namespace {

constexpr int kLinesShown = 200;
constexpr int kGlyph = 14;

/// A row with an indent; the remark elides first.
QWidget* lineOf(QWidget* head, const QString& remark, int depth) {
    auto* line = new QWidget;
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(depth * 18, 2, 0, 2);
    row->setSpacing(8);
    row->addWidget(head);
    if (!remark.isEmpty()) {
        auto* text = new Label(remark, Type::Table, Tone::Text3);
        text->setElide(Qt::ElideRight);
        row->addWidget(text, 1);
    } else {
        row->addStretch(1);
    }
    return line;
}

void addNode(QVBoxLayout* column, const PolicyNodeView& node, int depth) {
    if (column->count() >= kLinesShown) return;
    auto* head = new StatusLabel(node.satisfied ? Status::Ok : Status::Error, node.rule);
    head->setTone(Tone::Text);
    column->addWidget(lineOf(head, node.remark, depth));
    for (const PolicyNodeView& part : node.parts) addNode(column, part, depth + 1);
}

void addChanges(QVBoxLayout* column, const std::vector<ChangeView>& changes, int depth) {
    for (const ChangeView& change : changes) {
        if (column->count() >= kLinesShown) return;
        const bool added = change.kind == ChangeView::Kind::Added;
        const bool removed = change.kind == ChangeView::Kind::Removed;
        auto* line = new QWidget;
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(depth * 18, 2, 0, 2);
        row->setSpacing(8);
        auto* mark = new Label(added     ? QStringLiteral("+")
                               : removed ? QStringLiteral("−")
                                         : QStringLiteral("~"),
                               Type::MonoStrong,
                               added     ? Tone::Ok
                               : removed ? Tone::Error
                                         : Tone::Warn);
        mark->setFixedWidth(12);
        row->addWidget(mark, 0, Qt::AlignTop);
        auto* text = new Label(change.sentence, Type::Table);
        text->setWordWrap(true);
        text->setToolTip(change.path);
        row->addWidget(text, 1);
        column->addWidget(line);
        addChanges(column, change.details, depth + 1);
    }
}

}  // namespace

QWidget* makeLine() {
    return new HorizontalLine;
}

QVBoxLayout* addSection(QVBoxLayout* column, int side, int above) {
    auto* section = new QVBoxLayout;
    section->setContentsMargins(side, above, side, 0);
    section->setSpacing(8);
    column->addLayout(section);
    return section;
}

void clearSection(QVBoxLayout* section) {
    while (QLayoutItem* item = section->takeAt(0)) {
        // Later: a click in one of them may be what brought us here.
        if (QWidget* widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

SectionHeader* sectionHeader(const QString& title) {
    auto* header = new SectionHeader(title);
    header->setType(Type::SmallSectionTitle);
    header->setContentsMargins(16, 10, 16, 6);
    return header;
}

QWidget* policyTree(const PolicyView& policy) {
    auto* tree = new QWidget;
    tree->setObjectName(QStringLiteral("policyTree"));
    auto* column = new QVBoxLayout(tree);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(0);
    auto* subject = new Label(policy.subject, Type::TableStrong);
    column->addWidget(lineOf(subject, policy.text, 0));
    addNode(column, policy.tree, 0);
    return tree;
}

QWidget* changeList(const std::vector<ChangeView>& changes) {
    auto* list = new QWidget;
    list->setObjectName(QStringLiteral("changeList"));
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(0);
    addChanges(column, changes, 0);
    return list;
}

void TrailingGlyphDelegate::paintContent(const Cell& cell) const {
    const QString text = safeText(cell.index.data(Qt::DisplayRole).toString(), 500);
    const QFont font = textFont(cell.index);
    const QVariant glyph = cell.index.data(cell::Glyph);
    const qreal room = cell.rect.width() - (glyph.isValid() ? kGlyph + 6 : 0);
    const QFontMetricsF metrics(font);
    const QString shown = metrics.elidedText(text, Qt::ElideRight, room);
    cell.painter.setFont(font);
    // The glyph says whether the version is stale, the text stays as it is.
    const bool quiet = cell.index.data(cell::TextTone).toInt() == static_cast<int>(Tone::Text3) &&
                       cell.index.data(cell::TextTone).isValid();
    cell.painter.setPen(Theme::instance().color(quiet ? Tone::Text3 : Tone::Text));
    cell.painter.drawText(cell.rect, Qt::AlignLeft | Qt::AlignVCenter, shown);
    if (!glyph.isValid()) return;
    const qreal x = cell.rect.left() + metrics.horizontalAdvance(shown) + 6;
    const QRectF place(x, cell.rect.center().y() - kGlyph / 2.0, kGlyph, kGlyph);
    statusIcon(static_cast<Status>(glyph.toInt())).paint(&cell.painter, place.toRect());
}

}  // namespace chancery::ui
