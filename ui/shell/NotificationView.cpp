#include "ui/shell/NotificationView.h"

#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>

#include "ui/models/NotificationModel.h"
#include "ui/shell/OperationStatus.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

constexpr int kRow = 28, kTallRow = 50;

class ProblemFilter : public QSortFilterProxyModel {
public:
    ProblemFilter(bool problemsOnly, QObject* parent)
        : QSortFilterProxyModel(parent), m_problemsOnly(problemsOnly) {}

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
        if (!m_problemsOnly) return true;
        const auto kind = static_cast<Notification::Kind>(
            sourceModel()->index(row, 0, parent).data(NotificationModel::KindRole).toInt());
        return kind == Notification::Kind::Warning || kind == Notification::Kind::Error;
    }

private:
    bool m_problemsOnly;
};

}  // namespace

class NotificationView::Delegate : public QStyledItemDelegate {
public:
    explicit Delegate(NotificationView& view) : QStyledItemDelegate(&view), m_view(view) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {100, m_view.isTall() ? kTallRow : kRow};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        const Theme& theme = Theme::instance();
        const QRectF rect(option.rect);
        const bool selected = option.state.testFlag(QStyle::State_Selected);
        if (selected || option.state.testFlag(QStyle::State_MouseOver))
            painter->fillRect(rect, theme.color(selected ? Tone::SelectedRow : Tone::Hover));
        if (selected)
            painter->fillRect(QRectF(rect.topLeft(), QSizeF(3, rect.height())),
                              theme.color(Tone::Accent));
        // Between rows; in the popup nothing follows the last one.
        if (!m_view.isTall() || index.row() + 1 < index.model()->rowCount())
            drawHorizontalLine(*painter, rect.left(), rect.right() + 1, rect.bottom(),
                               theme.color(Tone::Border));
        const auto kind =
            static_cast<Notification::Kind>(index.data(NotificationModel::KindRole).toInt());
        const qreal line = m_view.isTall() ? kTallRow / 2.0 : rect.height();
        const QRectF first(rect.left() + 42, rect.top() + (m_view.isTall() ? 4 : 0),
                           rect.width() - 42 - 16, m_view.isTall() ? line - 2 : line);
        statusIcon(statusOf(kind))
            .paint(painter, QRect(option.rect.left() + 16, static_cast<int>(first.center().y()) - 7,
                                  14, 14));
        const QString time = index.data(NotificationModel::TimeRole)
                                 .toDateTime()
                                 .toUTC()
                                 .toString(QStringLiteral("HH:mm:ss"));
        painter->setFont(theme.font(Type::LogMono));
        painter->setPen(theme.color(Tone::Text2));
        painter->drawText(first, Qt::AlignRight | Qt::AlignVCenter, time);
        const qreal timeWidth = painter->fontMetrics().horizontalAdvance(time) + 16;
        const QString title = safeText(index.data(Qt::DisplayRole).toString(), 400);
        const QString text = safeText(index.data(NotificationModel::TextRole).toString(), 400);
        write(*painter, first.adjusted(0, 0, -timeWidth, 0), Type::TableStrong, Tone::Text, title);
        if (text.isEmpty()) {
            painter->restore();
            return;
        }
        if (m_view.isTall()) {
            const QRectF second(first.left(), rect.top() + line - 1, first.width(), line - 4);
            write(*painter, second, Type::Table, Tone::Text2, text);
        } else {
            const qreal used =
                QFontMetricsF(theme.font(Type::TableStrong)).horizontalAdvance(title);
            if (used + 40 < first.width() - timeWidth)
                write(*painter, first.adjusted(used + 10, 0, -timeWidth, 0), Type::Table,
                      Tone::Text2, text);
        }
        painter->restore();
    }

private:
    static void write(QPainter& painter, const QRectF& rect, Type type, Tone tone,
                      const QString& text) {
        painter.setFont(Theme::instance().font(type));
        painter.setPen(Theme::instance().color(tone));
        painter.drawText(
            rect, Qt::AlignLeft | Qt::AlignVCenter,
            painter.fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(rect.width())));
    }
    NotificationView& m_view;
};

NotificationView::NotificationView(NotificationModel& model, What what, QWidget* parent)
    : QListView(parent),
      m_what(what),
      m_proxy(new ProblemFilter(what == What::Problems, this)),
      m_empty(new Label(QString(), Type::Body, Tone::Text3, viewport())) {
    m_proxy->setSourceModel(&model);
    setModel(m_proxy);
    setItemDelegate(new Delegate(*this));
    setFrameShape(QFrame::NoFrame);
    setMouseTracking(true);
    setUniformItemSizes(true);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &QAbstractItemView::doubleClicked, this, &NotificationView::open);
    connect(m_proxy, &QAbstractItemModel::rowsInserted, this, &NotificationView::refresh);
    connect(m_proxy, &QAbstractItemModel::rowsRemoved, this, &NotificationView::refresh);
    retranslate();
}

void NotificationView::setTall(bool tall) {
    m_tall = tall;
    doItemsLayout();
}

void NotificationView::retranslate() {
    const bool all = m_what == What::All;
    setAccessibleName(all ? tr("Events") : tr("Problems"));
    m_empty->setText(all ? tr("Nothing has happened yet in this session.")
                         : tr("No problems in this session."));
    m_empty->adjustSize();
    refresh();
}

void NotificationView::refresh() {
    m_empty->setVisible(m_proxy->rowCount() == 0);
}

void NotificationView::resizeEvent(QResizeEvent* event) {
    QListView::resizeEvent(event);
    m_empty->move(16, 12);
}

void NotificationView::open(const QModelIndex& index) {
    const QString link = index.data(NotificationModel::LinkRole).toString();
    const QString path = index.data(NotificationModel::RevealRole).toString();
    if (!path.isEmpty()) {
        Q_EMIT revealRequested(path);
    } else if (!link.isEmpty()) {
        Q_EMIT linkActivated(link);
    }
}

void NotificationView::keyPressEvent(QKeyEvent* event) {
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) &&
        currentIndex().isValid()) {
        open(currentIndex());
        return;
    }
    QListView::keyPressEvent(event);
}

}  // namespace chancery::ui
