#include "ui/pages/DialogParts.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/pages/LedgerParts.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {

LedgerDialog::LedgerDialog(const QString& title, const QString& summary, QWidget* parent)
    : QDialog(parent) {
    setWindowTitle(title);
    setModal(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_content = new QVBoxLayout;
    m_content->setContentsMargins(24, 20, 24, 16);
    m_content->setSpacing(6);
    m_content->addWidget(new Label(title, Type::PageTitle));
    m_summary = new Label(summary, Type::Body, Tone::Text2);
    m_summary->setWordWrap(true);
    m_summary->setVisible(!summary.isEmpty());
    m_content->addWidget(m_summary);
    m_content->addSpacing(6);
    layout->addLayout(m_content, 1);
    layout->addWidget(makeLine());
    m_buttons = new QHBoxLayout;
    m_buttons->setContentsMargins(24, 12, 24, 12);
    m_buttons->setSpacing(8);
    m_buttons->addStretch();
    layout->addLayout(m_buttons);
}

void LedgerDialog::setSummary(const QString& text) {
    m_summary->setText(text);
    m_summary->setVisible(!text.isEmpty());
}

QPushButton* LedgerDialog::addCancel(const QString& text) {
    QPushButton* button = makeButton(text);
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, &QDialog::reject);
    m_buttons->addWidget(button);
    return button;
}

QPushButton* LedgerDialog::addPrimary(const QString& text) {
    m_primary = makeButton(text, ButtonTone::Primary);
    m_primary->setObjectName(QStringLiteral("primary"));
    m_primary->setDefault(true);
    m_buttons->addWidget(m_primary);
    return m_primary;
}

void LedgerDialog::addField(const QString& label, QWidget* field) {
    auto* name = new Label(label, Type::TableStrong, Tone::Text2);
    name->setBuddy(field);
    field->setAccessibleName(label);
    m_content->addSpacing(6);
    m_content->addWidget(name);
    m_content->addWidget(field);
}

void LedgerDialog::addField(const QString& label, QLayout* field) {
    m_content->addSpacing(6);
    m_content->addWidget(new Label(label, Type::TableStrong, Tone::Text2));
    m_content->addLayout(field);
}

void LedgerDialog::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers().testFlag(Qt::ControlModifier) && m_primary) {
        m_primary->click();
        return;
    }
    QDialog::keyPressEvent(event);
}

}  // namespace chancery::ui
