#include "ui/shell/NavRail.h"

#include <QPainter>
#include <QSignalBlocker>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "ui/shell/NavModel.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

constexpr int kWide = 176, kNarrow = 48, kItem = 30, kHeading = 28, kIcon = 16, kGlyph = 14;

struct ItemLook {
    QRectF rect;
    QString iconName, text, badge;
    Status badgeStatus = Status::None;
    bool selected = false, hovered = false, focused = false, collapsed = false;
};

void paintBadge(QPainter& painter, const ItemLook& item) {
    if (item.badge.isEmpty()) return;
    const Theme& theme = Theme::instance();
    if (item.collapsed) {
        const QRectF mark(item.rect.center().x() + 4, item.rect.top() + 2, 11, 11);
        statusIcon(item.badgeStatus).paint(&painter, mark.toRect());
        return;
    }
    const QRectF mark(item.rect.right() - 16 - kGlyph, item.rect.center().y() - kGlyph / 2.0,
                      kGlyph, kGlyph);
    statusIcon(item.badgeStatus).paint(&painter, mark.toRect());
    painter.setFont(theme.font(Type::Table));
    painter.setPen(theme.color(Tone::Text2));
    painter.drawText(QRectF(item.rect.left(), item.rect.top(), mark.left() - 4 - item.rect.left(),
                            item.rect.height()),
                     Qt::AlignRight | Qt::AlignVCenter, item.badge);
}

void paintItem(QPainter& painter, const ItemLook& item) {
    const Theme& theme = Theme::instance();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = item.rect.adjusted(8, 1, -8, -1);
    if (item.selected || item.hovered)
        drawBox(painter, box, 4, theme.color(item.selected ? Tone::Selected : Tone::Hover));
    if (item.selected) {
        drawBox(painter, QRectF(item.rect.left() - 2, box.top() + 4, 5, box.height() - 8), 2,
                theme.color(Tone::Accent));
    }
    if (item.focused) drawFocusRing(painter, box);
    const qreal left =
        item.collapsed ? item.rect.center().x() - kIcon / 2.0 : item.rect.left() + 17;
    icon(item.iconName, item.selected ? Tone::Accent : Tone::Text2)
        .paint(&painter, QRectF(left, item.rect.center().y() - kIcon / 2.0, kIcon, kIcon).toRect());
    if (!item.collapsed) {
        painter.setFont(theme.font(item.selected ? Type::Button : Type::Body));
        painter.setPen(theme.color(item.selected ? Tone::Accent : Tone::Text2));
        const QRectF room(item.rect.left() + 43, item.rect.top(),
                          item.rect.width() - 43 - (item.badge.isEmpty() ? 12 : 52),
                          item.rect.height());
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(item.text, Qt::ElideRight,
                                                          static_cast<int>(room.width())));
    }
    paintBadge(painter, item);
}

}  // namespace

/// As wide as the rail wants it, which is less than a list asks for.
class NavRail::List : public QListView {
public:
    using QListView::QListView;
    QSize minimumSizeHint() const override { return {20, kItem}; }
};

class NavRail::Delegate : public QStyledItemDelegate {
public:
    explicit Delegate(const NavRail& rail, QObject* parent)
        : QStyledItemDelegate(parent), m_rail(rail) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
        const bool heading = index.data(NavModel::HeadingRole).toBool();
        if (m_rail.isCollapsed()) return {kNarrow, heading ? (index.row() == 0 ? 4 : 13) : kItem};
        return {kWide, heading ? kHeading : kItem};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        const QRectF rect(option.rect);
        const Theme& theme = Theme::instance();
        if (index.data(NavModel::HeadingRole).toBool()) {
            if (!m_rail.isCollapsed()) {
                painter->setFont(theme.font(Type::Caption));
                painter->setPen(theme.color(Tone::Text3));
                painter->drawText(rect.adjusted(16, 4, -8, 0), Qt::AlignLeft | Qt::AlignVCenter,
                                  index.data(Qt::DisplayRole).toString());
            } else if (index.row() > 0) {
                drawHorizontalLine(*painter, 12, rect.right() - 12, rect.center().y(),
                                   theme.color(Tone::Border));
            }
        } else {
            ItemLook item;
            item.rect = rect;
            item.iconName = index.data(NavModel::IconRole).toString();
            item.text = index.data(Qt::DisplayRole).toString();
            item.badge = index.data(NavModel::BadgeRole).toString();
            item.badgeStatus = static_cast<Status>(index.data(NavModel::BadgeStatusRole).toInt());
            item.selected = option.state.testFlag(QStyle::State_Selected);
            item.hovered = option.state.testFlag(QStyle::State_MouseOver);
            item.focused = option.state.testFlag(QStyle::State_HasFocus) &&
                           option.state.testFlag(QStyle::State_KeyboardFocusChange);
            item.collapsed = m_rail.isCollapsed();
            paintItem(*painter, item);
        }
        painter->restore();
    }

private:
    const NavRail& m_rail;
};

class NavRail::SettingsButton : public QAbstractButton {
public:
    explicit SettingsButton(NavRail& rail) : QAbstractButton(&rail), m_rail(rail) {
        setAttribute(Qt::WA_Hover);
        setFocusPolicy(Qt::TabFocus);
        setFixedHeight(kItem);
        followTheme(this);
    }
    QSize sizeHint() const override {
        return {(m_rail.isCollapsed() ? kNarrow : kWide) - 1, kItem};
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        ItemLook item;
        item.rect = rect();
        item.iconName = QStringLiteral("gear");
        item.text = text();
        item.hovered = underMouse();
        item.focused = hasFocus();
        item.collapsed = m_rail.isCollapsed();
        paintItem(painter, item);
    }

private:
    NavRail& m_rail;
};

NavRail::NavRail(NavModel& model, QWidget* parent)
    : QWidget(parent),
      m_model(model),
      m_list(new List(this)),
      m_settings(new SettingsButton(*this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 3, 1, 7);
    column->setSpacing(0);
    column->addWidget(m_list, 1);
    column->addSpacing(8);
    column->addWidget(m_settings);
    m_list->setModel(&model);
    m_list->setItemDelegate(new Delegate(*this, this));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMouseTracking(true);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setProperty("plain", true);
    m_list->viewport()->setAutoFillBackground(false);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                const QString id = index.data(NavModel::IdRole).toString();
                if (!id.isEmpty()) Q_EMIT pageChosen(id);
            });
    connect(m_settings, &QAbstractButton::clicked, this, &NavRail::settingsChosen);
    setCollapsed(false);
    followTheme(this);
    retranslate();
}

void NavRail::retranslate() {
    m_settings->setText(tr("Settings"));
    m_settings->setAccessibleName(tr("Settings"));
    m_settings->setToolTip(
        tr("Settings") + QStringLiteral("  ") +
        QKeySequence(Qt::CTRL | Qt::Key_Comma).toString(QKeySequence::NativeText));
    m_list->setAccessibleName(tr("Pages"));
    m_model.retranslate();
}

void NavRail::setCollapsed(bool collapsed) {
    m_collapsed = collapsed;
    setFixedWidth(collapsed ? kNarrow : kWide);
    m_settings->updateGeometry();
    m_list->doItemsLayout();
    update();
}

void NavRail::setCurrent(const QString& page) {
    const QSignalBlocker block(m_list->selectionModel());
    const int row = m_model.rowOf(page);
    if (row < 0) {
        m_list->selectionModel()->clear();
    } else {
        m_list->selectionModel()->setCurrentIndex(m_model.index(row),
                                                  QItemSelectionModel::ClearAndSelect);
    }
    m_list->viewport()->update();
}

void NavRail::focusList() {
    m_list->setFocus(Qt::ShortcutFocusReason);
}

void NavRail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    painter.fillRect(rect(), theme.color(Tone::Window));
    drawVerticalLine(painter, width() - 1, 0, height(), theme.color(Tone::Border));
    drawHorizontalLine(painter, 8, width() - 8, m_settings->y() - 8, theme.color(Tone::Border));
}

}  // namespace chancery::ui
