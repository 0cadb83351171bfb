#include "ui/widgets/QueryEdit.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <cmath>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/KeyCap.h"
#include "ui/widgets/QueryPopup.h"

namespace chancery::ui {
namespace {

constexpr int kHeight = 32, kLeft = 32, kChipHeight = 20, kChipGap = 6, kChipPadding = 6;
constexpr int kCross = 10, kCrossGap = 6, kLeastEdit = 120, kMostShown = 8;

QFont keyFont() {
    return Theme::instance().font(Type::Table);
}

QFont valueFont() {
    QFont font = Theme::instance().font(Type::Table);
    font.setWeight(QFont::Medium);
    return font;
}

/// "block ≥ 1,204,000" → the field, and the rest, which is a little stronger.
std::pair<QString, QString> partsOf(const QString& label) {
    const qsizetype space = label.indexOf(' ');
    if (space < 0) return {QString(), label};
    return {label.left(space + 1), label.mid(space + 1)};
}

qreal labelWidth(const QString& label) {
    const auto [key, value] = partsOf(label);
    return QFontMetricsF(keyFont()).horizontalAdvance(key) +
           QFontMetricsF(valueFont()).horizontalAdvance(value);
}

}  // namespace

QueryEdit::QueryEdit(QWidget* parent) : QWidget(parent) {
    m_edit = new QLineEdit(this);
    m_edit->setFrame(false);
    m_edit->setStyleSheet(QStringLiteral("QLineEdit { background: transparent; border: none; }"));
    m_edit->installEventFilter(this);
    m_edit->setMaxLength(4096);
    setFocusProxy(m_edit);
    setMouseTracking(true);
    setCursor(Qt::IBeamCursor);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(m_edit, &QLineEdit::textEdited, this, [this](const QString& text) {
        selectChip(-1);
        if (text.endsWith(' ') && m_edit->cursorPosition() == text.size()) takeChips(false);
        complete();
        Q_EMIT textEdited(this->text());
    });
    connect(m_edit, &QLineEdit::textChanged, this, [this] { place(); });
    followTheme(this);
    connect(&Theme::instance(), &Theme::changed, this, [this] { place(); });
}

QueryEdit::~QueryEdit() {
    // The popup lies on the window, which may live longer.
    if (m_popup != nullptr) m_popup->deleteLater();
}

void QueryEdit::setTokenizer(Tokenizer tokenizer) {
    m_tokenizer = std::move(tokenizer);
}

void QueryEdit::setCompleter(Completer completer) {
    m_completer = std::move(completer);
}

void QueryEdit::setPlaceholder(const QString& text) {
    m_placeholder = text;
    m_edit->setPlaceholderText(error().isEmpty() ? m_placeholder : safeText(error(), 200));
    m_edit->setAccessibleName(text);
    setAccessibleName(text);
}

void QueryEdit::setKeyCap(const QString& text) {
    m_keyCap = text;
    place();
}

QString QueryEdit::text() const {
    QStringList parts;
    for (const Chip& chip : m_chips) parts << chip.text;
    const QString rest = m_edit->text().trimmed();
    if (!rest.isEmpty()) parts << rest;
    return parts.join(' ');
}

void QueryEdit::setText(const QString& text) {
    m_chips.clear();
    m_selected = -1;
    m_edit->setText(text);
    takeChips(true);
    closePopup();
    place();
}

void QueryEdit::clear() {
    const bool had = !text().isEmpty();
    m_chips.clear();
    m_selected = -1;
    m_edit->clear();
    closePopup();
    place();
    if (had) changed();
}

void QueryEdit::setError(const QString& message) {
    m_error = message;
    setPlaceholder(m_placeholder);  // what is wrong stands where the next term would
    m_edit->setAccessibleDescription(safeText(error()));
    update();
}

QString QueryEdit::error() const {
    if (!m_error.isEmpty()) return m_error;
    for (const Chip& chip : m_chips) {
        if (!chip.error.isEmpty()) return chip.error;
    }
    return {};
}

QString QueryEdit::chipLabel(int chip) const {
    return m_chips[static_cast<size_t>(chip)].label;
}

void QueryEdit::changed() {
    m_edit->setAccessibleDescription(safeText(error()));
    Q_EMIT queryChanged(text());
}

void QueryEdit::takeChips(bool all) {
    if (!m_tokenizer) return;
    const QString text = m_edit->text();
    auto found = m_tokenizer(text);
    std::sort(found.begin(), found.end(),
              [](const QueryChip& a, const QueryChip& b) { return a.begin < b.begin; });
    QString rest;
    qsizetype at = 0;
    bool any = false;
    for (const QueryChip& chip : found) {
        const bool sane = chip.begin >= at && chip.end > chip.begin && chip.end <= text.size();
        if (!sane || (!all && chip.end == text.size())) continue;  // still being typed
        rest += text.mid(at, chip.begin - at);
        at = chip.end;
        const QString part = text.mid(chip.begin, chip.end - chip.begin);
        m_chips.push_back({part,
                           safeText(chip.label.isEmpty() ? part : chip.label, 80),
                           safeText(chip.error),
                           {}});
        any = true;
    }
    if (!any) return;
    rest += text.mid(at);
    m_edit->setText(rest.trimmed());
    place();
    changed();
}

void QueryEdit::removeChip(int chip) {
    if (chip < 0 || chip >= chipCount()) return;
    m_chips.erase(m_chips.begin() + chip);
    m_hoveredCross = -1;
    selectChip(m_selected >= chipCount() ? -1 : m_selected);
    place();
    changed();
}

void QueryEdit::editChip(int chip) {
    if (chip < 0 || chip >= chipCount()) return;
    const QString part = m_chips[static_cast<size_t>(chip)].text;
    m_chips.erase(m_chips.begin() + chip);
    selectChip(-1);
    const QString rest = m_edit->text().trimmed();
    m_edit->setText(rest.isEmpty() ? part : part + ' ' + rest);
    m_edit->setCursorPosition(static_cast<int>(part.size()));
    place();
    complete();
}

void QueryEdit::selectChip(int chip) {
    if (m_selected == chip) return;
    m_selected = chip;
    if (chip >= 0) m_edit->deselect();
    place();
}

bool QueryEdit::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_edit) return QWidget::eventFilter(watched, event);
    switch (event->type()) {
        case QEvent::ShortcutOverride: {
            const auto* key = static_cast<QKeyEvent*>(event);
            // Keys that mean something here are not the window's.
            const bool escape =
                key->key() == Qt::Key_Escape && (isPopupOpen() || !text().isEmpty());
            if (escape || (m_selected >= 0 && key->key() == Qt::Key_Delete)) {
                event->accept();
                return true;
            }
            break;
        }
        case QEvent::KeyPress:
            return keyInEdit(static_cast<QKeyEvent*>(event));
        case QEvent::FocusOut:
            closePopup();
            selectChip(-1);
            if (static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason) takeChips(true);
            update();
            break;
        case QEvent::FocusIn:
            update();
            break;
        default:
            break;
    }
    return false;
}

bool QueryEdit::keyInEdit(QKeyEvent* event) {
    if (isPopupOpen() && keyInPopup(event)) return true;
    if (m_selected >= 0 && keyOnChip(event)) return true;
    const bool atBegin = m_edit->cursorPosition() == 0 && !m_edit->hasSelectedText();
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter: {
            const QString before = text();
            takeChips(true);
            closePopup();
            if (text() == before && m_edit->text().trimmed().size() > 0) changed();
            Q_EMIT submitted(text());
            return true;
        }
        case Qt::Key_Escape:
            if (text().isEmpty()) return false;
            clear();
            return true;
        case Qt::Key_Backspace:
            if (!atBegin || m_chips.empty()) return false;
            removeChip(chipCount() - 1);
            return true;
        case Qt::Key_Left:
        case Qt::Key_Home:
            if (!atBegin || m_chips.empty()) return false;
            selectChip(event->key() == Qt::Key_Home ? 0 : chipCount() - 1);
            return true;
        case Qt::Key_Down:
            complete();
            return isPopupOpen();
        default:
            return false;
    }
}

bool QueryEdit::keyOnChip(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Left:
            selectChip(std::max(0, m_selected - 1));
            return true;
        case Qt::Key_Right:
            selectChip(m_selected + 1 < chipCount() ? m_selected + 1 : -1);
            return true;
        case Qt::Key_Home:
            selectChip(0);
            return true;
        case Qt::Key_End:
            selectChip(-1);
            return true;
        case Qt::Key_Backspace:
        case Qt::Key_Delete:
            removeChip(m_selected);
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            editChip(m_selected);
            return true;
        case Qt::Key_Escape:
            selectChip(-1);
            return true;
        default:
            if (!event->text().isEmpty()) selectChip(-1);
            return false;
    }
}

bool QueryEdit::keyInPopup(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Down:
            m_popup->step(1);
            return true;
        case Qt::Key_Up:
            m_popup->step(-1);
            return true;
        case Qt::Key_Escape:
            closePopup();
            return true;
        case Qt::Key_Tab:
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_popup->currentRow() < 0) {
                if (event->key() != Qt::Key_Tab) return false;
                m_popup->step(1);
            }
            accept(m_popup->currentRow());
            return true;
        default:
            return false;
    }
}

bool QueryEdit::isPopupOpen() const {
    return m_popup != nullptr && m_popup->isVisible();
}

void QueryEdit::closePopup() {
    if (m_popup != nullptr) m_popup->hide();
}

void QueryEdit::complete() {
    m_completions.clear();
    if (m_completer) m_completions = m_completer(m_edit->text(), m_edit->cursorPosition());
    if (m_completions.empty() || !m_edit->hasFocus()) {
        closePopup();
        return;
    }
    if (m_popup == nullptr || m_popup->parentWidget() != window()) {
        if (m_popup != nullptr) m_popup->deleteLater();
        m_popup = new QueryPopup(window());
        connect(m_popup, &QueryPopup::chosen, this, &QueryEdit::accept);
    }
    QList<QPair<QString, QString>> rows;
    for (const auto& completion : m_completions)
        rows << qMakePair(completion.text, completion.hint);
    m_popup->setRows(rows, kMostShown);
    const QPoint below = mapTo(window(), QPoint(m_edit->x() - 10, height() + 2));
    m_popup->showAt(below);
}

void QueryEdit::accept(int row) {
    if (row < 0 || row >= static_cast<int>(m_completions.size())) return;
    const QueryCompletion chosen = m_completions[static_cast<size_t>(row)];
    QString text = m_edit->text();
    const qsizetype begin = std::clamp<qsizetype>(chosen.begin, 0, text.size());
    const qsizetype end = std::clamp<qsizetype>(chosen.end, begin, text.size());
    text.replace(begin, end - begin, chosen.text);
    m_edit->setText(text);
    m_edit->setCursorPosition(static_cast<int>(begin + chosen.text.size()));
    closePopup();
    if (text.endsWith(' ')) takeChips(false);
    // A field's name alone leads to its values.
    complete();
    Q_EMIT textEdited(this->text());
}

void QueryEdit::place() {
    qreal right = width() - 10;
    if (!m_keyCap.isEmpty()) right = width() - 6 - KeyCap::sizeOf(m_keyCap).width() - 6;
    qreal total = 0;
    for (Chip& chip : m_chips) {
        const qreal width = labelWidth(chip.label) + 2 * kChipPadding + kCrossGap + kCross;
        chip.rect =
            QRectF(kLeft + total, (height() - kChipHeight) / 2.0, std::ceil(width), kChipHeight);
        total += chip.rect.width() + kChipGap;
    }
    const qreal room = std::max(0.0, right - kLeft - kLeastEdit);
    qreal shift = std::max(0.0, total - room);
    if (m_selected >= 0) {
        const QRectF& chosen = m_chips[static_cast<size_t>(m_selected)].rect;
        shift = std::clamp(shift, 0.0, chosen.left() - kLeft);
    }
    for (Chip& chip : m_chips) chip.rect.translate(-shift, 0);
    const int left = static_cast<int>(std::min(kLeft + total - shift, right - kLeastEdit));
    m_edit->setGeometry(std::max(kLeft, left) - 2, 2,
                        std::max(40, static_cast<int>(right) - std::max(kLeft, left)),
                        height() - 4);
    update();
}

QSize QueryEdit::sizeHint() const {
    return {480, kHeight};
}

QSize QueryEdit::minimumSizeHint() const {
    return {220, kHeight};
}

int QueryEdit::chipAt(const QPointF& point, bool* cross) const {
    if (point.x() < kLeft - 2 || point.x() > m_edit->x()) return -1;
    for (int i = 0; i < chipCount(); ++i) {
        const QRectF& rect = m_chips[static_cast<size_t>(i)].rect;
        if (!rect.contains(point)) continue;
        if (cross != nullptr) *cross = point.x() >= rect.right() - kChipPadding - kCross - 2;
        return i;
    }
    return -1;
}

void QueryEdit::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const bool focus = m_edit->hasFocus();
    const bool wrong = !error().isEmpty();
    const QColor line = theme.color(wrong ? Tone::Error : focus ? Tone::Accent : Tone::Control);
    drawBox(painter, rect(), 4, theme.color(isEnabled() ? Tone::Surface : Tone::Subtle), line,
            focus ? 2 : 1);
    icon(QStringLiteral("search"), focus ? Tone::Text : Tone::Text2)
        .paint(&painter, QRect(10, (height() - 16) / 2, 16, 16));
    if (!m_keyCap.isEmpty()) {
        const QSizeF cap = KeyCap::sizeOf(m_keyCap);
        KeyCap::paint(
            painter, QRectF(QPointF(width() - cap.width() - 7, (height() - cap.height()) / 2), cap),
            m_keyCap);
    }
    painter.setClipRect(QRectF(kLeft - 2, 0, std::max(0, m_edit->x() + 2 - kLeft), height()));
    for (int i = 0; i < chipCount(); ++i) paintChip(painter, i);
}

void QueryEdit::paintChip(QPainter& painter, int index) const {
    const Theme& theme = Theme::instance();
    const Chip& chip = m_chips[static_cast<size_t>(index)];
    const bool selected = index == m_selected;
    const bool wrong = !chip.error.isEmpty();
    const Tone back = selected ? (wrong ? Tone::Error : Tone::Accent)
                               : (wrong ? Tone::ErrorBack : Tone::Selected);
    const QColor text = theme.color(selected ? (wrong ? Tone::Surface : Tone::OnAccent)
                                    : wrong  ? Tone::Error
                                             : Tone::Accent);
    drawBox(painter, chip.rect, 3, theme.color(back));
    const auto [key, value] = partsOf(chip.label);
    painter.setPen(text);
    painter.setFont(keyFont());
    qreal x = chip.rect.left() + kChipPadding;
    const QRectF row(x, chip.rect.top(), chip.rect.width(), chip.rect.height());
    const int flags = Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip | Qt::TextSingleLine;
    painter.drawText(row, flags, key);
    x += QFontMetricsF(keyFont()).horizontalAdvance(key);
    painter.setFont(valueFont());
    painter.drawText(QRectF(x, row.top(), row.width(), row.height()), flags, value);
    const QPointF centre(chip.rect.right() - kChipPadding - kCross / 2.0, chip.rect.center().y());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(text, m_hoveredCross == index ? 1.8 : 1.2, Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(centre + QPointF(-3, -3), centre + QPointF(3, 3));
    painter.drawLine(centre + QPointF(3, -3), centre + QPointF(-3, 3));
    painter.restore();
}

void QueryEdit::resizeEvent(QResizeEvent*) {
    place();
    closePopup();
}

void QueryEdit::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_edit->setFocus(Qt::MouseFocusReason);
    bool cross = false;
    const int chip = chipAt(event->position(), &cross);
    if (chip < 0) {
        selectChip(-1);
    } else if (cross) {
        removeChip(chip);
    } else {
        selectChip(chip);
    }
}

void QueryEdit::mouseMoveEvent(QMouseEvent* event) {
    bool cross = false;
    const int chip = chipAt(event->position(), &cross);
    const int hovered = chip >= 0 && cross ? chip : -1;
    setCursor(chip >= 0 ? Qt::PointingHandCursor : Qt::IBeamCursor);
    if (hovered == m_hoveredCross) return;
    m_hoveredCross = hovered;
    update();
}

bool QueryEdit::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int chip = chipAt(help->pos());
        QString text = error();
        if (chip >= 0) {
            const Chip& at = m_chips[static_cast<size_t>(chip)];
            text = at.error.isEmpty() ? at.text : at.error;
        }
        if (text.isEmpty()) {
            QToolTip::hideText();
        } else {
            QToolTip::showText(help->globalPos(), safeToolTip(text), this);
        }
        return true;
    }
    return QWidget::event(event);
}

}  // namespace chancery::ui
