#include "ui/widgets/DataTable.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QSettings>
#include <set>

#include "ui/style/CellRoles.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/widgets/CellDelegate.h"
#include "ui/widgets/TableHeader.h"

namespace chancery::ui {
namespace {

constexpr int kLeastStretch = 88;

QString settingOf(const QString& stateKey) {
    return QStringLiteral("columns/") + stateKey;
}

QString wholeText(const QModelIndex& index) {
    const QVariant whole = index.data(cell::CopyText);
    return (whole.isValid() ? whole : index.data(Qt::DisplayRole)).toString();
}

/// One row: the value under the cursor. Several: all shown columns, separated by tabs.
void copyRows(const QAbstractItemView& view, const QHeaderView& header) {
    if (view.selectionModel() == nullptr) return;
    QModelIndexList rows = view.selectionModel()->selectedRows();
    if (rows.size() <= 1) {
        if (view.currentIndex().isValid()) {
            QGuiApplication::clipboard()->setText(wholeText(view.currentIndex()));
        }
        return;
    }
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const QModelIndex& row : rows) {
        QStringList cells;
        for (int at = 0; at < header.count(); ++at) {
            const int column = header.logicalIndex(at);
            if (header.isSectionHidden(column)) continue;
            QString cell = wholeText(row.siblingAtColumn(column));
            cell.replace('\t', ' ').replace('\n', ' ').replace('\r', ' ');
            cells << cell;
        }
        text += cells.join('\t') + '\n';
    }
    QGuiApplication::clipboard()->setText(text);
}

bool isEnter(const QKeyEvent& event) {
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

void commonLook(QAbstractItemView& view) {
    view.setFrameShape(QFrame::NoFrame);
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.setSelectionMode(QAbstractItemView::SingleSelection);
    view.setEditTriggers(QAbstractItemView::NoEditTriggers);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.setMouseTracking(true);
    view.setTabKeyNavigation(false);
}

}  // namespace

QByteArray TableState::save(const QHeaderView& header) {
    return header.saveState();
}

bool TableState::restore(QHeaderView& header, const QByteArray& state) {
    return !state.isEmpty() && header.restoreState(state);
}

DataTable::DataTable(const QString& stateKey, QWidget* parent)
    : QTableView(parent), m_stateKey(stateKey) {
    commonLook(*this);
    setShowGrid(false);
    setWordWrap(false);
    setHorizontalHeader(new TableHeader(this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setCornerButtonEnabled(false);
    setItemDelegate(new CellDelegate(this));
    connect(this, &QAbstractItemView::doubleClicked, this, &DataTable::opened);
    connect(&Theme::instance(), &Theme::changed, this, &DataTable::applyDensity);
    applyDensity();
}

DataTable::~DataTable() {
    saveColumns();
}

void DataTable::setModel(QAbstractItemModel* model) {
    QTableView::setModel(model);
    if (model == nullptr) return;
    if (const int columns = model->columnCount(); columns > 0) {
        // Not QHeaderView's own stretching of the last one, which never makes it narrower.
        setStretchColumn(m_stretch >= 0 && m_stretch < columns ? m_stretch : columns - 1);
    }
    restoreColumns();
    const auto fit = [this] { fitContent(); };
    fitContent();
    connect(model, &QAbstractItemModel::rowsInserted, this, fit);
    connect(model, &QAbstractItemModel::rowsRemoved, this, fit);
    connect(model, &QAbstractItemModel::modelReset, this, fit);
}

void DataTable::setStretchColumn(int column) {
    if (m_stretch >= 0 && m_stretch < horizontalHeader()->count()) {
        horizontalHeader()->setSectionResizeMode(m_stretch, QHeaderView::Interactive);
    }
    m_stretch = column;
    if (column < horizontalHeader()->count()) {
        horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
    }
}

void DataTable::setLowPriorityColumns(const QList<int>& columns) {
    m_lowPriority = columns;
    applyPriorities();
}

void DataTable::setFitsContent(bool fits) {
    m_fitsContent = fits;
    setSizePolicy(sizePolicy().horizontalPolicy(),
                  fits ? QSizePolicy::Fixed : QSizePolicy::Expanding);
    setVerticalScrollBarPolicy(fits ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    fitContent();
}

void DataTable::fitContent() {
    if (!m_fitsContent || model() == nullptr) return;
    // A row that heads others says its text over all columns. Few rows, or this would be slow.
    clearSpans();
    const int columns = model()->columnCount();
    for (int row = 0; columns > 1 && row < model()->rowCount(); ++row) {
        if (model()->index(row, 0).data(cell::GroupRow).toBool()) setSpan(row, 0, 1, columns);
    }
    updateGeometry();
}

void DataTable::restoreColumns() {
    if (m_stateKey.isEmpty()) return;
    TableState::restore(*horizontalHeader(),
                        QSettings().value(settingOf(m_stateKey)).toByteArray());
}

void DataTable::saveColumns() const {
    if (m_stateKey.isEmpty() || model() == nullptr) return;
    // Columns that are hidden for lack of room only come back next time.
    auto* header = horizontalHeader();
    for (const int column : m_hiddenForRoom) header->setSectionHidden(column, false);
    QSettings().setValue(settingOf(m_stateKey), TableState::save(*header));
    for (const int column : m_hiddenForRoom) header->setSectionHidden(column, true);
}

QSize DataTable::sizeHint() const {
    if (!m_fitsContent || model() == nullptr) return QTableView::sizeHint();
    return {QTableView::sizeHint().width(),
            horizontalHeader()->height() + model()->rowCount() * Theme::instance().rowHeight()};
}

QSize DataTable::minimumSizeHint() const {
    if (m_fitsContent) return {80, sizeHint().height()};
    return {80, horizontalHeader()->sizeHint().height() + 2 * Theme::instance().rowHeight()};
}

void DataTable::applyDensity() {
    verticalHeader()->setMinimumSectionSize(Theme::instance().rowHeight());
    verticalHeader()->setDefaultSectionSize(Theme::instance().rowHeight());
    updateGeometry();
    viewport()->update();
}

void DataTable::applyPriorities() {
    if (model() == nullptr || m_lowPriority.isEmpty()) return;
    auto* header = horizontalHeader();
    const auto needed = [&] {
        int width = 0;
        for (int i = 0; i < header->count(); ++i) {
            if (header->isSectionHidden(i)) continue;
            const bool gives = i == m_stretch;
            // It has shrunk by itself already; what counts is what it must keep to be of use.
            width += gives ? kLeastStretch : header->sectionSize(i);
        }
        return width;
    };
    for (const int column : m_lowPriority) {
        if (needed() <= viewport()->width()) break;
        if (header->isSectionHidden(column)) continue;
        m_hiddenForRoom << column;
        header->setSectionHidden(column, true);
    }
    while (!m_hiddenForRoom.isEmpty()) {
        header->setSectionHidden(m_hiddenForRoom.last(), false);
        if (needed() > viewport()->width()) {
            header->setSectionHidden(m_hiddenForRoom.last(), true);
            break;
        }
        m_hiddenForRoom.removeLast();
    }
}

void DataTable::copySelection() {
    copyRows(*this, *horizontalHeader());
}

void DataTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
    } else if (isEnter(*event) && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex());
    } else {
        QTableView::keyPressEvent(event);
    }
}

void DataTable::setHovered(int row) {
    if (m_hovered == row) return;
    for (const int changed : {m_hovered, row}) {
        if (changed < 0) continue;
        viewport()->update(0, rowViewportPosition(changed), viewport()->width(),
                           rowHeight(changed));
    }
    m_hovered = row;
}

void DataTable::mouseMoveEvent(QMouseEvent* event) {
    setHovered(rowAt(event->pos().y()));
    QTableView::mouseMoveEvent(event);
}

void DataTable::leaveEvent(QEvent* event) {
    setHovered(-1);
    QTableView::leaveEvent(event);
}

void DataTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    applyPriorities();
}

void DataTable::setEmptyText(const QString& text) {
    m_emptyText = text;
    viewport()->update();
}

void DataTable::paintEvent(QPaintEvent* event) {
    QTableView::paintEvent(event);
    if (!m_emptyText.isEmpty() && model() != nullptr && model()->rowCount() == 0) {
        QPainter painter(viewport());
        painter.setFont(Theme::instance().font(Type::Table));
        painter.setPen(Theme::instance().color(Tone::Text3));
        painter.drawText(viewport()->rect().adjusted(16, 12, -16, -12),
                         Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
    }
    if (!hasFocus() || !window()->testAttribute(Qt::WA_KeyboardFocusChange)) return;
    QPainter painter(viewport());
    drawFocusRing(painter, viewport()->rect(), 0);
}

DataTree::DataTree(const QString& stateKey, QWidget* parent)
    : QTreeView(parent), m_stateKey(stateKey) {
    commonLook(*this);
    setHeader(new TableHeader(this));
    header()->setStretchLastSection(true);
    setUniformRowHeights(true);
    setIndentation(16);
    setAnimated(false);
    setItemDelegate(new CellDelegate(this));
    connect(this, &QAbstractItemView::doubleClicked, this, &DataTree::opened);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        scheduleDelayedItemsLayout();
        viewport()->update();
    });
}

DataTree::~DataTree() {
    saveColumns();
}

void DataTree::restoreColumns() {
    if (m_stateKey.isEmpty()) return;
    TableState::restore(*header(), QSettings().value(settingOf(m_stateKey)).toByteArray());
}

void DataTree::saveColumns() const {
    if (m_stateKey.isEmpty() || model() == nullptr) return;
    QSettings().setValue(settingOf(m_stateKey), TableState::save(*header()));
}

void DataTree::copySelection() {
    copyRows(*this, *header());
}

void DataTree::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
    } else if (isEnter(*event) && currentIndex().isValid()) {
        Q_EMIT opened(currentIndex());
    } else {
        QTreeView::keyPressEvent(event);
    }
}

void DataTree::drawRow(QPainter* painter, const QStyleOptionViewItem& option,
                       const QModelIndex& index) const {
    const Theme& theme = Theme::instance();
    const QRectF row(0, option.rect.top(), viewport()->width(), option.rect.height());
    const bool selected = selectionModel() != nullptr && selectionModel()->isSelected(index);
    const QVariant wish = index.data(Qt::BackgroundRole);
    if (selected) {
        painter->fillRect(row, theme.color(Tone::SelectedRow));
    } else if (wish.canConvert<QBrush>()) {
        painter->fillRect(row, qvariant_cast<QBrush>(wish));
    } else if (option.state & QStyle::State_MouseOver) {
        painter->fillRect(row, theme.color(Tone::Hover));
    } else if (index.data(cell::GroupRow).toBool()) {
        painter->fillRect(row, theme.color(Tone::Subtle));
    }
    QTreeView::drawRow(painter, option, index);
    drawHorizontalLine(*painter, row.left(), row.right(), row.bottom() - 1,
                       theme.color(Tone::Border));
    if (selected) {
        painter->fillRect(snapped(*painter, QRectF(0, row.top(), 3, row.height())),
                          theme.color(Tone::Accent));
    }
}

void DataTree::drawBranches(QPainter* painter, const QRect& rect, const QModelIndex& index) const {
    // Only the chevron: no lines, no background of the selection.
    if (!index.model()->hasChildren(index)) return;

    const QRect box(rect.right() - indentation() + 3, rect.center().y() - 7, 16, 16);
    icon(isExpanded(index) ? QStringLiteral("down") : QStringLiteral("right")).paint(painter, box);
}

}  // namespace chancery::ui
