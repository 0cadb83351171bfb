#include "ui/shell/DialogFrame.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "ui/style/Paint.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

class Footer : public QWidget {
public:
    explicit Footer(QWidget* parent) : QWidget(parent) { followTheme(this); }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        drawHorizontalLine(painter, 0, width(), 0, Theme::instance().color(Tone::Border));
    }
};

}  // namespace

DialogFrame::DialogFrame(QDialog& dialog, const QString& title, int width) : m_dialog(dialog) {
    dialog.setWindowTitle(title);
    dialog.setMinimumWidth(width);
    auto* column = new QVBoxLayout(&dialog);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_body = new QVBoxLayout;
    m_body->setContentsMargins(24, 20, 24, 20);
    m_body->setSpacing(8);
    auto* heading = new Label(title, Type::InspectorTitle, Tone::Text, &dialog);
    heading->setWordWrap(true);
    m_body->addWidget(heading);
    m_body->addSpacing(4);
    column->addLayout(m_body, 1);
    auto* footer = new Footer(&dialog);
    m_buttons = new QHBoxLayout(footer);
    m_buttons->setContentsMargins(24, 16, 24, 16);
    m_buttons->setSpacing(8);
    m_buttons->addStretch(1);
    column->addWidget(footer);
}

Label* DialogFrame::addText(const QString& text) {
    auto* label = new Label(text, Type::Body, Tone::Text2, &m_dialog);
    label->setWordWrap(true);
    m_body->addWidget(label);
    return label;
}

QPushButton* DialogFrame::addButton(QPushButton* button) {
    m_buttons->addWidget(button);
    button->setAutoDefault(true);
    for (QShortcut* old : m_dialog.findChildren<QShortcut*>(QStringLiteral("confirm"))) delete old;
    auto* confirm = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), &m_dialog);
    confirm->setObjectName(QStringLiteral("confirm"));
    QObject::connect(confirm, &QShortcut::activated, button, &QPushButton::click);
    return button;
}

}  // namespace chancery::ui
