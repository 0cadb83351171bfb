#include "ui/widgets/Collapsible.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QStyleOptionToolButton>
#include <QToolButton>
#include <cmath>

#include "ui/style/Icons.h"
#include "ui/style/Paint.h"

namespace chancery::ui {
namespace {

class Title : public QToolButton {
public:
    Title() {
        setCheckable(true);
        setAutoRaise(true);
        setFocusPolicy(Qt::TabFocus);
        followTheme(this);
    }
    QSize sizeHint() const override {
        const QFontMetricsF metrics(Theme::instance().font(Type::Table));
        return {static_cast<int>(std::ceil(metrics.horizontalAdvance(text()))) + 26, 24};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        icon(isChecked() ? QStringLiteral("down") : QStringLiteral("right"))
            .paint(&painter, QRect(-2, (height() - 16) / 2, 16, 16));
        QFont font = theme.font(Type::Table);
        font.setWeight(QFont::Medium);
        painter.setFont(font);
        painter.setPen(theme.color(underMouse() ? Tone::Text : Tone::Text2));
        painter.drawText(rect().adjusted(18, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, text());
        if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
            drawFocusRing(painter, rect());
        }
    }

private:
    static QIcon icon(const QString& name) { return chancery::ui::icon(name); }
};

}  // namespace

Collapsible::Collapsible(const QString& title, QWidget* parent) : QWidget(parent) {
    m_title = new Title;
    setTitle(title);
    m_row = new QHBoxLayout;
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->addWidget(m_title);
    m_row->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(m_row);
    connect(m_title, &QToolButton::toggled, this, [this](bool on) {
        if (m_content != nullptr) m_content->setVisible(on);
        Q_EMIT expandedChanged(on);
    });
}

void Collapsible::setContent(QWidget* content) {
    delete m_content;
    m_content = content;
    layout()->addWidget(content);
    content->setVisible(isExpanded());
}

void Collapsible::setExpanded(bool expanded) {
    m_title->setChecked(expanded);
}

bool Collapsible::isExpanded() const {
    return m_title->isChecked();
}

void Collapsible::setTitle(const QString& title) {
    m_title->setText(title);
    m_title->setAccessibleName(title);
}

void Collapsible::addAction(QWidget* widget) {
    m_row->addWidget(widget);
}

}  // namespace chancery::ui
