#include "ui/widgets/QueryPopup.h"

#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include "ui/style/CellRoles.h"
#include "ui/style/Paint.h"
#include "ui/widgets/CellDelegate.h"

namespace chancery::ui {
namespace {

constexpr int kWidth = 360, kRow = 28;

class PopupDelegate : public CellDelegate {
public:
    using CellDelegate::CellDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const bool on = option.state & (QStyle::State_Selected | QStyle::State_MouseOver);
        if (on) {
            drawBox(*painter, QRectF(option.rect).adjusted(4, 0, -4, 0), 4,
                    Theme::instance().color(Tone::Selected));
        }
        paintContent({*painter, QRectF(option.rect).adjusted(12, 0, -12, 0), option, index});
    }
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {kWidth, kRow};
    }
};

}  // namespace

QueryPopup::QueryPopup(QWidget* window) : QFrame(window) {
    hide();
    setProperty("overlay", true);
    setFocusPolicy(Qt::NoFocus);
    m_model = new QStandardItemModel(this);
    m_list = new QListView;
    m_list->setModel(m_model);
    m_list->setItemDelegate(new PopupDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setMouseTracking(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("Completions"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 5, 1, 5);
    layout->addWidget(m_list);
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { Q_EMIT chosen(index.row()); });
    followTheme(this);
}

void QueryPopup::setRows(const QList<QPair<QString, QString>>& rows, int shown) {
    m_model->clear();
    for (const auto& [text, hint] : rows) {
        auto* item = new QStandardItem(text);
        item->setData(hint, cell::Secondary);
        item->setData(true, cell::Monospace);
        m_model->appendRow(item);
    }
    const auto height = static_cast<int>(std::min<qsizetype>(rows.size(), shown)) * kRow;
    setFixedSize(kWidth, height + 10);
}

void QueryPopup::showAt(const QPoint& topLeft) {
    const QRect window = parentWidget()->rect();
    QPoint at = topLeft;
    at.setX(std::clamp(at.x(), 0, std::max(0, window.width() - width())));
    move(at);
    show();
    raise();
}

void QueryPopup::step(int by) {
    const int count = rowCount();
    if (count == 0) return;
    const int now = currentRow();
    const int next = now < 0 ? (by > 0 ? 0 : count - 1) : (now + by + count) % count;
    m_list->setCurrentIndex(m_model->index(next, 0));
}

int QueryPopup::currentRow() const {
    return m_list->currentIndex().row();
}

int QueryPopup::rowCount() const {
    return m_model->rowCount();
}

void QueryPopup::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    drawBox(painter, rect(), 6, theme.color(Tone::Surface), theme.color(Tone::Border2));
}

}  // namespace chancery::ui
