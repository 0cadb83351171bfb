#include "ui/shell/UnlockDialog.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/models/KeysModel.h"
#include "ui/shell/DialogFrame.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

QLineEdit* addSecret(QVBoxLayout& body, const QString& name, QWidget* parent) {
    auto* label = new Label(name, Type::TableStrong, Tone::Text2, parent);
    auto* edit = new QLineEdit(parent);
    edit->setEchoMode(QLineEdit::Password);
    // Neither the keyboard's suggestions nor the clipboard are places for it.
    edit->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText |
                              Qt::ImhNoAutoUppercase);
    edit->setMaxLength(1024);
    edit->setAccessibleName(name);
    label->setBuddy(edit);
    body.addWidget(label);
    body.addWidget(edit);
    return edit;
}

}  // namespace

UnlockDialog::UnlockDialog(KeysModel& keys, bool remember, QWidget* parent)
    : QDialog(parent), m_keys(keys), m_fresh(keys.state() == KeysModel::State::None) {
    setObjectName(QStringLiteral("unlockDialog"));
    DialogFrame frame(*this, m_fresh ? tr("Make a place for keys") : tr("Unlock the keys"), 460);
    frame.addText(m_fresh ? tr("Keys and identities are kept in this computer's workspace, sealed "
                               "under a passphrase. Nobody can open them without it.")
                          : tr("The keys of this workspace lock themselves after ten minutes "
                               "without use."));
    m_passphrase = addSecret(*frame.body(), tr("Passphrase"), this);
    if (m_fresh) m_again = addSecret(*frame.body(), tr("The same once more"), this);
    m_remember = new QCheckBox(tr("Remember on this computer, in the desktop's keychain"), this);
    m_remember->setObjectName(QStringLiteral("remember"));
    m_remember->setChecked(remember);
    frame.body()->addWidget(m_remember);
    m_error = new Label({}, Type::Caption, Tone::Error, this);
    m_error->setObjectName(QStringLiteral("error"));
    m_error->setWordWrap(true);
    frame.body()->addWidget(m_error);
    auto* cancel = frame.addButton(makeButton(tr("Cancel")));
    m_act = frame.addButton(makeButton(m_fresh ? tr("Make") : tr("Unlock"), ButtonTone::Primary));
    m_act->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_act, &QPushButton::clicked, this, &UnlockDialog::start);
    connect(&m_keys, &KeysModel::done, this, &UnlockDialog::follow);
    for (QLineEdit* edit : {m_passphrase, m_again})
        if (edit != nullptr) connect(edit, &QLineEdit::textChanged, this, &UnlockDialog::check);
    check();
}

void UnlockDialog::check() {
    const bool same = m_again == nullptr || m_again->text() == m_passphrase->text();
    m_act->setEnabled(!m_asked && !m_passphrase->text().isEmpty() && same);
}

void UnlockDialog::start() {
    m_asked = true;
    check();
    m_error->setText({});
    if (m_fresh && m_keys.state() == KeysModel::State::None)
        m_keys.create(m_passphrase->text(), m_remember->isChecked());
    else
        m_keys.unlock(m_passphrase->text(), m_remember->isChecked());
}

void UnlockDialog::follow() {
    if (!m_asked) return;
    m_asked = false;
    // What the keychain did not want stands beside the key's state; the passphrase has worked.
    if (m_keys.state() == KeysModel::State::Unlocked) {
        accept();
        return;
    }
    m_error->setText(m_keys.error());
    m_passphrase->clear();
    if (m_again != nullptr) m_again->clear();
    m_passphrase->setFocus();
    check();
}

}  // namespace chancery::ui
