#include "ui/widgets/Notice.h"

#include <QHBoxLayout>
#include <QPainter>
#include <cmath>

#include "ui/style/Paint.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/IconButton.h"
#include "ui/widgets/Paragraph.h"

namespace chancery::ui {
namespace {

constexpr int kPadding = 12, kGlyph = 14, kGap = 9, kNarrow = 380, kLine = 17;

struct Look {
    Status glyph;
    Tone tone, back;
};

Look lookOf(Notice::Kind kind) {
    switch (kind) {
        case Notice::Kind::Info:
            return {Status::Info, Tone::Info, Tone::InfoBack};
        case Notice::Kind::Warn:
            return {Status::Warn, Tone::Warn, Tone::WarnBack};
        case Notice::Kind::Error:
            return {Status::Error, Tone::Error, Tone::ErrorBack};
        case Notice::Kind::Ok:
            return {Status::Ok, Tone::Ok, Tone::OkBack};
        case Notice::Kind::Finished:
            return {Status::Ok, Tone::Ok, Tone::Surface};
    }
    return {Status::Info, Tone::Info, Tone::InfoBack};
}

}  // namespace

Notice::Notice(Kind kind, QWidget* parent) : QWidget(parent), m_kind(kind) {
    m_buttons = new QWidget(this);
    m_row = new QHBoxLayout(m_buttons);
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(8);
    m_buttons->hide();
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    followTheme(this);
}

Notice::Notice(Kind kind, const QString& strong, const QString& text, QWidget* parent)
    : Notice(kind, parent) {
    setTexts(strong, text);
}

void Notice::setKind(Kind kind) {
    m_kind = kind;
    update();
}

void Notice::setTexts(const QString& strong, const QString& text) {
    m_strong = safeText(strong);
    m_text = safeLines(text, 4096);
    setAccessibleName(this->text());
    updateGeometry();
    update();
}

void Notice::setIconName(const QString& name) {
    m_iconName = name;
    update();
}

QPushButton* Notice::addButton(const QString& text) {
    auto* button = makeButton(text, ButtonTone::Secondary, {}, ButtonSize::Small);
    m_row->addWidget(button);
    m_buttons->show();
    updateGeometry();
    return button;
}

QPushButton* Notice::addLink(const QString& text) {
    auto* button = makeButton(text, ButtonTone::Link, {}, ButtonSize::Small);
    m_row->addWidget(button);
    m_buttons->show();
    updateGeometry();
    return button;
}

void Notice::setClosable(bool closable) {
    if (closable == (m_close != nullptr)) return;
    delete m_close;
    m_close = nullptr;
    if (closable) {
        auto* close = new IconButton(QStringLiteral("x"), tr("Close"));
        close->setCompact(true);
        connect(close, &QToolButton::clicked, this, [this] {
            hide();
            Q_EMIT closed();
        });
        m_row->addWidget(close);
        m_buttons->show();
        m_close = close;
    }
    updateGeometry();
}

QString Notice::text() const {
    return m_strong.isEmpty() || m_text.isEmpty() ? m_strong + m_text : m_strong + ' ' + m_text;
}

Notice::Parts Notice::partsFor(int width) const {
    Parts parts;
    const bool hasButtons = !m_buttons->isHidden();
    const QSize buttons = hasButtons ? m_buttons->sizeHint() : QSize();
    const int left = kPadding + kGlyph + kGap;
    const bool below = hasButtons && m_close == nullptr && width < kNarrow;
    int textWidth = width - left - kPadding;
    if (hasButtons && !below) textWidth -= buttons.width() + kPadding;
    Paragraph paragraph(text(), Type::Table, m_strong.size());
    paragraph.setLineHeight(kLine);
    const int textHeight = static_cast<int>(std::ceil(paragraph.layOut(textWidth)));
    const int inner = below ? textHeight : std::max(textHeight, buttons.height());
    parts.text = QRect(left, kPadding - 1 + (inner - textHeight) / 2, textWidth, textHeight);
    if (below) {
        parts.buttons = QRect(QPoint(left, parts.text.bottom() + 9), buttons);
        parts.height = parts.buttons.bottom() + 1 + kPadding;
        return parts;
    }
    parts.height = inner + 2 * kPadding - 2;
    if (hasButtons) {
        parts.buttons =
            QRect(QPoint(width - kPadding - buttons.width(),
                         m_close != nullptr ? (parts.height - buttons.height()) / 2 : kPadding - 2),
                  buttons);
    }
    return parts;
}

int Notice::heightForWidth(int width) const {
    return partsFor(width).height;
}

int Notice::naturalWidth() const {
    Paragraph paragraph(text(), Type::Table, m_strong.size());
    return static_cast<int>(std::ceil(paragraph.naturalWidth())) + 2 * kPadding + kGlyph + kGap +
           (m_buttons->isHidden() ? 0 : m_buttons->sizeHint().width() + kPadding);
}

QSize Notice::sizeHint() const {
    const int width = std::min(naturalWidth(), 480);
    return {width, heightForWidth(width)};
}

QSize Notice::minimumSizeHint() const {
    const int buttons = m_buttons->isHidden() ? 0 : m_buttons->sizeHint().width();
    return {std::max(200, buttons + 2 * kPadding + kGlyph + kGap), kLine + 2 * kPadding - 2};
}

void Notice::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    const Look look = lookOf(m_kind);
    const QColor back = theme.color(look.back);
    QColor line = theme.color(look.tone);
    line.setAlphaF(0.42F);
    drawBox(painter, rect(), 4, back,
            m_kind == Kind::Finished ? theme.color(Tone::Border2) : blended(line, back));
    const Parts parts = partsFor(width());
    const QRect glyph(kPadding, parts.text.top() + (kLine - kGlyph) / 2, kGlyph, kGlyph);
    (m_iconName.isEmpty() ? statusIcon(look.glyph) : icon(m_iconName, Tone::Text))
        .paint(&painter, glyph);
    Paragraph paragraph(text(), Type::Table, m_strong.size());
    paragraph.setLineHeight(kLine);
    paragraph.layOut(parts.text.width());
    const bool only = m_strong.isEmpty();
    paragraph.draw(painter, parts.text.topLeft(), theme.color(only ? Tone::Text : Tone::Text2),
                   theme.color(Tone::Text));
}

void Notice::resizeEvent(QResizeEvent*) {
    m_buttons->setGeometry(partsFor(width()).buttons);
}

bool Notice::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) m_buttons->setGeometry(partsFor(width()).buttons);
    return QWidget::event(event);
}

StaleBanner::StaleBanner(QWidget* parent) : Notice(Kind::Warn, parent) {
    connect(addButton(tr("Try now")), &QPushButton::clicked, this, &StaleBanner::retryRequested);
}

void StaleBanner::setStale(const QString& what, const QString& lastData, const QString& nextTry) {
    QStringList text;
    if (!lastData.isEmpty()) text << tr("Figures are from %1.").arg(lastData);
    if (!nextTry.isEmpty()) text << tr("Trying again in %1.").arg(nextTry);
    setTexts(what, text.join(' '));
}

}  // namespace chancery::ui
