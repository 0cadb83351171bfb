#include "ui/shell/OperationView.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <algorithm>

#include "ui/models/OperationModel.h"
#include "ui/shell/OperationStatus.h"
#include "ui/style/Paint.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

constexpr int kOperationRow = 28, kGlyphWidth = 50, kBar = 150, kActionWidth = 108;

class OperationDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {40, kOperationRow};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        const Theme& theme = Theme::instance();
        const QRectF rect(option.rect);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
        if (selected || hovered)
            painter->fillRect(rect, theme.color(selected ? Tone::SelectedRow : Tone::Hover));
        drawHorizontalLine(*painter, rect.left(), rect.right() + 1, rect.bottom(),
                           theme.color(Tone::Border));
        if (selected && index.column() == 0)
            painter->fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()),
                              theme.color(Tone::Accent));
        const auto state =
            static_cast<Operation::State>(index.data(OperationModel::StateRole).toInt());
        switch (index.column()) {
            case OperationModel::Glyph:
                statusIcon(statusOf(state))
                    .paint(painter,
                           QRect(option.rect.left() + 16, option.rect.center().y() - 7, 14, 14));
                break;
            case OperationModel::Progress:
                paintProgress(*painter, rect, index, state);
                break;
            case OperationModel::Action:
                break;
            default:
                paintText(*painter, rect.adjusted(0, 0, -12, 0), index);
        }
        painter->restore();
    }

private:
    static void paintText(QPainter& painter, const QRectF& rect, const QModelIndex& index) {
        const Theme& theme = Theme::instance();
        const bool time = index.column() == OperationModel::Time;
        const bool title = index.column() == OperationModel::Title;
        painter.setFont(theme.font(time ? Type::LogMono : title ? Type::TableStrong : Type::Table));
        painter.setPen(theme.color(title ? Tone::Text : Tone::Text2));
        const auto mode =
            index.column() == OperationModel::Target ? Qt::ElideMiddle : Qt::ElideRight;
        const QString text = painter.fontMetrics().elidedText(
            index.data(Qt::DisplayRole).toString(), mode, static_cast<int>(rect.width()));
        painter.drawText(rect, (time ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter, text);
    }

    static void paintProgress(QPainter& painter, const QRectF& rect, const QModelIndex& index,
                              Operation::State state) {
        if (state != Operation::State::Running) {
            paintText(painter, rect.adjusted(0, 0, -12, 0), index);
            return;
        }
        const Theme& theme = Theme::instance();
        const double fraction = index.data(OperationModel::FractionRole).toDouble();
        const QRectF line(rect.left(), rect.center().y() - 2,
                          std::min<qreal>(kBar, rect.width() - 60), 4);
        painter.setRenderHint(QPainter::Antialiasing);
        drawBox(painter, line, 2, theme.color(Tone::Chip));
        if (fraction > 0)
            drawBox(painter, QRectF(line.topLeft(), QSizeF(line.width() * fraction, 4)), 2,
                    theme.color(Tone::Accent));
        paintText(painter, rect.adjusted(line.width() + 10, 0, 0, 0), index);
    }
};

}  // namespace

OperationView::OperationView(OperationModel& model, QWidget* parent)
    : QTreeView(parent),
      m_model(model),
      m_empty(new Label(QString(), Type::Body, Tone::Text3, viewport())) {
    setModel(&model);
    setItemDelegate(new OperationDelegate(this));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setHeaderHidden(true);
    setAllColumnsShowFocus(true);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(NoEditTriggers);
    header()->setMinimumSectionSize(20);
    header()->setSectionResizeMode(QHeaderView::Fixed);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &OperationView::refreshButtons);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &OperationView::refreshButtons);
    connect(&model, &OperationModel::runningChanged, this, &OperationView::refreshButtons);
    connect(&model, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& first, const QModelIndex&) {
                if (first.column() == 0) refreshButtons();
            });
    connect(this, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex& index) {
        perform(m_model.at(index.row()).id, mainAct(index.row()));
    });
    retranslate();
}

void OperationView::retranslate() {
    setAccessibleName(tr("Operations"));
    m_empty->setText(tr("Nothing runs, and nothing has run in the last 24 hours."));
    m_empty->adjustSize();
    for (int row = 0; row < m_model.rowCount(); ++row)
        setIndexWidget(m_model.index(row, OperationModel::Action), nullptr);
    refreshButtons();
}

bool OperationView::can(int row, Act act) const {
    const Operation& operation = m_model.at(row);
    switch (act) {
        case Act::Cancel:
            return static_cast<bool>(operation.cancel);
        case Act::Reveal:
            return !operation.revealPath.isEmpty();
        case Act::Open:
            return !operation.link.isEmpty();
        case Act::Details:
            return !operation.details.isEmpty();
        case Act::None:
            break;
    }
    return false;
}

OperationView::Act OperationView::mainAct(int row) const {
    for (const Act act : {Act::Cancel, Act::Reveal, Act::Open, Act::Details})
        if (can(row, act)) return act;
    return Act::None;
}

QString OperationView::textOf(Act act) {
    switch (act) {
        case Act::Cancel:
            return tr("Cancel");
        case Act::Reveal:
            return tr("Reveal");
        case Act::Open:
            return tr("Open");
        case Act::Details:
            return tr("Details");
        case Act::None:
            break;
    }
    return {};
}

void OperationView::perform(quint64 id, Act act) {
    const int row = m_model.rowOf(id);
    if (row < 0 || !can(row, act)) return;
    switch (act) {
        case Act::Cancel:
            m_model.cancel(id);
            break;
        case Act::Reveal:
            Q_EMIT revealRequested(m_model.at(row).revealPath);
            break;
        case Act::Open:
            Q_EMIT linkActivated(m_model.at(row).link);
            break;
        case Act::Details:
            Q_EMIT detailsRequested(id);
            break;
        case Act::None:
            break;
    }
}

void OperationView::refreshButtons() {
    m_empty->setVisible(m_model.rowCount() == 0);
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const QModelIndex index = m_model.index(row, OperationModel::Action);
        const Act act = mainAct(row);
        auto* holder = indexWidget(index);
        const QString name = textOf(act) + QString::number(m_model.at(row).id);
        if (holder != nullptr && holder->objectName() == name) continue;
        setIndexWidget(index, nullptr);
        if (act == Act::None) continue;
        auto* box = new QWidget;
        box->setObjectName(name);
        auto* layout = new QHBoxLayout(box);
        layout->setContentsMargins(0, 0, 12, 1);
        auto* button = makeButton(textOf(act), ButtonTone::Secondary, {}, ButtonSize::Small);
        button->setAccessibleName(textOf(act) + ' ' + m_model.at(row).title);
        layout->addStretch(1);
        layout->addWidget(button);
        const quint64 id = m_model.at(row).id;
        connect(button, &QPushButton::clicked, this, [this, id, act] { perform(id, act); });
        setIndexWidget(index, box);
    }
}

void OperationView::resizeEvent(QResizeEvent* event) {
    QTreeView::resizeEvent(event);
    const int room = viewport()->width() - kGlyphWidth - kActionWidth;
    const int widths[] = {kGlyphWidth,     room * 24 / 100, room * 17 / 100, room * 19 / 100,
                          room * 26 / 100, room * 14 / 100, kActionWidth};
    for (int column = 0; column < OperationModel::ColumnCount; ++column)
        header()->resizeSection(column, widths[column]);
    m_empty->move(16, 12);
}

void OperationView::keyPressEvent(QKeyEvent* event) {
    const QModelIndex index = currentIndex();
    if (index.isValid()) {
        const quint64 id = m_model.at(index.row()).id;
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            perform(id, mainAct(index.row()));
            return;
        }
        if (event->key() == Qt::Key_Delete) {
            perform(id, Act::Cancel);
            return;
        }
    }
    QTreeView::keyPressEvent(event);
}

void OperationView::contextMenuEvent(QContextMenuEvent* event) {
    const bool mouse = event->reason() == QContextMenuEvent::Mouse;
    const QModelIndex index = mouse ? indexAt(event->pos()) : currentIndex();
    if (!index.isValid()) return;
    showMenu(mouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(index).bottomLeft()),
             index.row());
}

void OperationView::showMenu(const QPoint& at, int row) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const quint64 id = m_model.at(row).id;
    for (const Act act : {Act::Cancel, Act::Reveal, Act::Open, Act::Details}) {
        if (can(row, act))
            menu->addAction(textOf(act), this, [this, id, act] { perform(id, act); });
    }
    if (menu->isEmpty()) {
        delete menu;
        return;
    }
    menu->popup(at);
}

}  // namespace chancery::ui
