#include "ui/shell/CommandPalette.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/models/PaletteModel.h"
#include "ui/shell/PaletteDelegate.h"
#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/widgets/KeyCap.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

constexpr int kWidth = 720, kTop = 88, kField = 52, kFooter = 38, kMaxList = 474, kShadow = 28;

/// As large as a title, but what is typed is no title.
QFont fieldFont() {
    QFont font = Theme::instance().font(Type::InspectorTitle);
    font.setWeight(QFont::Normal);
    return font;
}

QWidget* glyph(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setPixmap(icon(name, Tone::Text3).pixmap(18, 18));
    label->setFixedSize(18, 18);
    return label;
}

}  // namespace

/// The panel itself, with rounded corners and lines between its parts.
class CommandPalette::Box : public QWidget {
public:
    explicit Box(QWidget* parent) : QWidget(parent) {
        setAccessibleName(CommandPalette::tr("Command palette"));
        followTheme(this);
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Theme& theme = Theme::instance();
        drawBox(painter, rect(), 8, theme.color(Tone::Surface), theme.color(Tone::Border2));
        drawHorizontalLine(painter, 1, width() - 1, kField, theme.color(Tone::Border));
    }
    void mousePressEvent(QMouseEvent* event) override { event->accept(); }
};

/// Keys at the left, prefixes at the right.
class CommandPalette::Footer : public QWidget {
public:
    explicit Footer(QWidget* parent) : QWidget(parent) {
        setFixedHeight(kFooter);
        followTheme(this);
    }
    /// Instead of the keys, until the next change.
    void setMessage(const QString& message) {
        m_message = message;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const Theme& theme = Theme::instance();
        drawHorizontalLine(painter, 0, width(), 0, theme.color(Tone::Border));
        painter.setFont(theme.font(Type::Table));
        painter.setPen(theme.color(Tone::Text2));
        if (!m_message.isEmpty()) {
            painter.drawText(rect().adjusted(18, 0, -18, 0), Qt::AlignLeft | Qt::AlignVCenter,
                             m_message);
            return;
        }
        qreal x = 18;
        const auto keys = [&](const QStringList& caps, const QString& text) {
            for (const QString& cap : caps) {
                const QSizeF size = KeyCap::sizeOf(cap);
                KeyCap::paint(painter, {QPointF(x, (height() - size.height()) / 2), size}, cap);
                x += size.width() + 4;
            }
            painter.setFont(theme.font(Type::Table));
            painter.setPen(theme.color(Tone::Text2));
            painter.drawText(QRectF(x + 3, 0, 200, height()), Qt::AlignLeft | Qt::AlignVCenter,
                             text);
            x += painter.fontMetrics().horizontalAdvance(text) + 18;
        };
        keys({QStringLiteral("↑"), QStringLiteral("↓")}, CommandPalette::tr("move"));
        keys({CommandPalette::tr("Tab")}, CommandPalette::tr("actions"));
        keys({CommandPalette::tr("Ctrl"), CommandPalette::tr("Shift"), QStringLiteral("C")},
             CommandPalette::tr("copy CLI form"));
        const QString prefixes = CommandPalette::tr("> command   # block or tx   @ member");
        painter.drawText(rect().adjusted(0, 0, -18, 0), Qt::AlignRight | Qt::AlignVCenter,
                         prefixes);
    }

private:
    QString m_message;
};

CommandPalette::CommandPalette(PaletteModel& model, QWidget* parent)
    : QWidget(parent),
      m_model(model),
      m_box(new Box(this)),
      m_field(new QLineEdit(m_box)),
      m_scope(new Label(QString(), Type::Caption, Tone::Text2, m_box)),
      m_list(new QListView(m_box)),
      m_none(new Label(QString(), Type::Body, Tone::Text3, m_box)),
      m_footer(new Footer(m_box)) {
    hide();
    setProperty("overlay", true);
    auto* column = new QVBoxLayout(m_box);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(18, 0, 16, 0);
    top->setSpacing(10);
    top->addWidget(glyph(QStringLiteral("search"), m_box));
    m_field->setFrame(false);
    m_field->setProperty("plain", true);
    m_field->setStyleSheet(
        QStringLiteral("QLineEdit { border: none; background: transparent; padding: 0; }"));
    m_field->setFont(fieldFont());
    m_field->setMinimumHeight(kField);
    m_field->setMaxLength(8192);
    top->addWidget(m_field, 1);
    m_scope->setElide(Qt::ElideMiddle);
    m_scope->setMaximumWidth(200);
    top->addWidget(m_scope);
    top->addWidget(new KeyCap(QStringLiteral("Esc"), m_box));
    column->addLayout(top);
    column->addSpacing(4);
    m_list->setModel(&model);
    m_list->setItemDelegate(new PaletteDelegate(model, m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setMouseTracking(true);
    column->addWidget(m_list, 1);
    m_none->setAlignment(Qt::AlignCenter);
    m_none->setMinimumHeight(72);
    column->addWidget(m_none);
    column->addSpacing(4);
    column->addWidget(m_footer);

    m_field->installEventFilter(this);
    parent->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_footer->setMessage({});
        m_model.setQuery(text);
        selectFirst();
    });
    connect(&model, &PaletteModel::updated, this, [this] {
        if (isVisible()) {
            if (!m_list->currentIndex().isValid()) selectFirst();
            place();
        }
    });
    connect(m_list, &QListView::clicked, this,
            [this](const QModelIndex& index) { run(index.row()); });
    retranslate();
}

void CommandPalette::retranslate() {
    m_field->setPlaceholderText(tr("Type a command, a block number, a transaction ID or a key"));
    m_field->setAccessibleName(tr("Search or run a command"));
    m_list->setAccessibleName(tr("Results"));
    m_none->setText(tr("Nothing fits. Commands, blocks, transactions and keys are searched."));
    m_footer->update();
}

void CommandPalette::setScopeText(const QString& text) {
    m_scope->setVisible(!text.isEmpty());
    m_scope->setText(text);
}

void CommandPalette::open(const QString& text) {
    if (!isVisible()) m_focusBefore = window()->focusWidget();
    m_field->setFont(fieldFont());
    m_footer->setMessage({});
    m_field->setText(text);
    m_model.setQuery(text);
    show();
    raise();
    place();
    selectFirst();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::close() {
    if (!isVisible()) return;
    hide();
    if (m_focusBefore) m_focusBefore->setFocus(Qt::OtherFocusReason);
}

void CommandPalette::selectFirst() {
    const int row = m_model.next(-1, 1);
    m_list->setCurrentIndex(row < 0 ? QModelIndex() : m_model.index(row));
    m_list->scrollToTop();
}

void CommandPalette::place() {
    setGeometry(parentWidget()->rect());
    const bool none = m_model.rowCount() == 0;
    m_none->setVisible(none);
    m_list->setVisible(!none);
    int rows = 0;
    for (int i = 0; i < m_model.rowCount() && rows < kMaxList; ++i)
        rows += m_list->sizeHintForIndex(m_model.index(i)).height();
    const int list = none ? m_none->minimumHeight() : std::min(rows + 2, kMaxList);
    const int boxWidth = std::min(kWidth, width() - 2 * kShadow);
    const int boxHeight = std::min(kField + 8 + list + kFooter + 2, height() - kTop - kShadow);
    m_box->setGeometry((width() - boxWidth) / 2, std::min(kTop, height() / 8), boxWidth, boxHeight);
    update();
}

void CommandPalette::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), QColor(0, 0, 0, 51));
    painter.setPen(Qt::NoPen);
    for (int i = kShadow; i > 0; i -= 2) {
        painter.setBrush(QColor(0, 0, 0, 3));
        painter.drawRoundedRect(QRectF(m_box->geometry()).adjusted(-i, -i + 8, i, i + 8), 8 + i,
                                8 + i);
    }
}

void CommandPalette::mousePressEvent(QMouseEvent*) {
    close();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) place();
    if (watched == m_field && event->type() == QEvent::KeyPress)
        return keyInField(static_cast<QKeyEvent*>(event));
    if (watched == m_field && event->type() == QEvent::ShortcutOverride) {
        // Keys of the palette are not those of the page behind it.
        event->accept();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

bool CommandPalette::keyInField(QKeyEvent* event) {
    const int row = m_list->currentIndex().row();
    switch (event->key()) {
        case Qt::Key_Escape:
            close();
            return true;
        case Qt::Key_Down:
            move(1);
            return true;
        case Qt::Key_Up:
            move(-1);
            return true;
        case Qt::Key_PageDown:
        case Qt::Key_PageUp:
            for (int i = 0; i < 8; ++i) move(event->key() == Qt::Key_PageDown ? 1 : -1);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            run(row);
            return true;
        case Qt::Key_Tab:
        case Qt::Key_Backtab:
            showActions(row);
            return true;
        case Qt::Key_C:
            if (event->modifiers() != (Qt::ControlModifier | Qt::ShiftModifier)) return false;
            copyCommand(row);
            return true;
        case Qt::Key_K:
            if (event->modifiers() != Qt::ControlModifier) return false;
            close();
            return true;
        default:
            return false;
    }
}

void CommandPalette::move(int step) {
    const int row = m_model.next(m_list->currentIndex().row(), step);
    if (row < 0) return;
    m_footer->setMessage({});
    m_list->setCurrentIndex(m_model.index(row));
    // The first entry brings its heading with it.
    if (m_model.next(row, -1) < 0) m_list->scrollToTop();
}

void CommandPalette::run(int row) {
    const PaletteEntry* found = m_model.entry(row);
    if (found == nullptr) return;
    if (!found->blocked.isEmpty()) {
        m_footer->setMessage(found->blocked);
        return;
    }
    const PaletteEntry entry = *found;
    close();
    Q_EMIT running(entry);
    if (entry.run) entry.run();
}

void CommandPalette::showActions(int row) {
    const PaletteEntry* entry = m_model.entry(row);
    if (entry == nullptr) return;
    if (entry->actions.empty()) {
        m_footer->setMessage(tr("There are no other actions for this."));
        return;
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const PaletteAction& action : entry->actions) {
        QAction* item = menu->addAction(action.text);
        if (!action.icon.isEmpty()) item->setIcon(icon(action.icon));
        connect(item, &QAction::triggered, this, [this, runIt = action.run] {
            close();
            if (runIt) runIt();
        });
    }
    menu->setActiveAction(menu->actions().first());
    const QRect rect = m_list->visualRect(m_model.index(row));
    menu->popup(m_list->viewport()->mapToGlobal(QPoint(46, rect.bottom())));
}

void CommandPalette::copyCommand(int row) {
    const PaletteEntry* entry = m_model.entry(row);
    if (entry == nullptr) return;
    if (entry->command.isEmpty()) {
        m_footer->setMessage(tr("This has no command line form."));
        return;
    }
    QGuiApplication::clipboard()->setText(entry->command);
    m_footer->setMessage(tr("Copied: %1").arg(entry->command));
}

}  // namespace chancery::ui
