#include "ui/widgets/ConfirmByNameDialog.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>

#include "ui/style/Icons.h"
#include "ui/style/SafeText.h"
#include "ui/widgets/Bullets.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/DialogFooter.h"
#include "ui/widgets/GlyphWidget.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {

ConfirmByNameDialog::ConfirmByNameDialog(const QString& question, const QStringList& consequences,
                                         const QString& name, const QString& act, QWidget* parent)
    : QDialog(parent), m_name(name) {
    setWindowTitle(safeText(question));
    setModal(true);
    auto* title = new Label({}, Type::InspectorTitle);
    title->setSafeText(question);
    title->setWordWrap(true);
    auto* prompt = new Label({}, Type::Table);
    prompt->setText(tr("Type %1 to confirm").arg(safeText(name)));
    m_edit = new QLineEdit;
    prompt->setBuddy(m_edit);
    m_edit->setAccessibleName(prompt->text());
    m_cancel = makeButton(tr("Cancel"));
    m_act = makeButton(act, ButtonTone::Destructive);
    connect(m_edit, &QLineEdit::textChanged, this, &ConfirmByNameDialog::check);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, &QDialog::accept);

    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(title);
    column->addWidget(new Bullets(consequences));
    column->addSpacing(4);
    column->addWidget(prompt);
    column->addWidget(m_edit);
    column->addStretch(1);
    auto* glyphColumn = new QVBoxLayout;
    glyphColumn->addSpacing(2);
    glyphColumn->addWidget(new GlyphWidget(Status::Warn, 18));
    glyphColumn->addStretch(1);
    auto* body = new QHBoxLayout;
    body->setContentsMargins(20, 18, 20, 18);
    body->setSpacing(8);
    body->addLayout(glyphColumn);
    body->addLayout(column, 1);
    auto* footer = new DialogFooter;
    footer->addButton(m_cancel);
    footer->addButton(m_act);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(body);
    layout->addWidget(footer);
    setMinimumWidth(440);
    check();
}

void ConfirmByNameDialog::check() {
    m_act->setEnabled(m_edit->text() == m_name);
}

void ConfirmByNameDialog::keyPressEvent(QKeyEvent* event) {
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && event->modifiers() & Qt::ControlModifier) {
        if (m_act->isEnabled()) accept();
    } else if (enter && m_cancel->hasFocus()) {
        reject();
    } else if (enter && m_act->hasFocus() && m_act->isEnabled()) {
        accept();
    } else if (!enter) {
        QDialog::keyPressEvent(event);
    }
}

void ConfirmByNameDialog::showEvent(QShowEvent* event) {
    QDialog::showEvent(event);
    m_cancel->setFocus();  // pressing Enter too early does no harm
}

}  // namespace chancery::ui
