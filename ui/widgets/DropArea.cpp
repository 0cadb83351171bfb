#include "ui/widgets/DropArea.h"

#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QUrl>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

QStringList localPaths(const QMimeData& data) {
    QStringList paths;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile()) paths << url.toLocalFile();
    }
    return paths;
}

}  // namespace

DropArea::DropArea(const QString& iconName, const QString& text, const QString& hint,
                   const QString& buttonText, QWidget* parent)
    : QWidget(parent), m_iconName(iconName) {
    setAcceptDrops(true);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(0);
    auto* first = new Label(text, Type::Table, Tone::Text2);
    first->setWordWrap(true);
    auto* second = new Label(hint, Type::Table, Tone::Text3);
    second->setWordWrap(true);
    texts->addWidget(first);
    texts->addWidget(second);
    second->setVisible(!hint.isEmpty());
    m_button = makeButton(buttonText, ButtonTone::Secondary, {}, ButtonSize::Small);
    connect(m_button, &QPushButton::clicked, this, &DropArea::chooseRequested);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(44, 12, 14, 12);
    layout->setSpacing(12);
    layout->addLayout(texts, 1);
    layout->addWidget(m_button, 0, Qt::AlignVCenter);
    setMinimumHeight(60);
    setAccessibleName(text);
    followTheme(this);
}

void DropArea::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor line = theme.color(m_over ? Tone::Accent : Tone::Control);
    QPen pen(line, m_over ? 2 : 1);
    pen.setDashPattern({3, 3});
    painter.setPen(pen);
    painter.setBrush(theme.color(m_over ? Tone::SelectedRow : Tone::Subtle));
    const qreal half = pen.widthF() / 2;
    painter.drawRoundedRect(snapped(painter, rect()).adjusted(half, half, -half, -half), 4, 4);
    icon(m_iconName).paint(&painter, QRect(16, (height() - 16) / 2, 16, 16));
}

void DropArea::dragEnterEvent(QDragEnterEvent* event) {
    if (localPaths(*event->mimeData()).isEmpty()) return;
    event->acceptProposedAction();
    m_over = true;
    update();
}

void DropArea::dragLeaveEvent(QDragLeaveEvent*) {
    m_over = false;
    update();
}

void DropArea::dropEvent(QDropEvent* event) {
    m_over = false;
    update();
    const QStringList paths = localPaths(*event->mimeData());
    if (paths.isEmpty()) return;
    event->acceptProposedAction();
    Q_EMIT filesDropped(paths);
}

}  // namespace chancery::ui
