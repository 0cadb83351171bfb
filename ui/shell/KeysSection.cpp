#include "ui/shell/KeysSection.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/models/KeysModel.h"
#include "ui/models/LedgerText.h"
#include "ui/shell/UnlockDialog.h"
#include "ui/widgets/Buttons.h"
#include "ui/widgets/Label.h"

namespace chancery::ui {
namespace {

using Place = interfaces::VaultKey::Place;

QHBoxLayout* addRow(QVBoxLayout& column, QWidget* first, QWidget* second, QWidget* holder) {
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(first);
    row->addWidget(second);
    row->addStretch(1);
    column.addWidget(holder);
    return row;
}

}  // namespace

KeysSection::KeysSection(KeysModel& keys, QWidget* parent) : QWidget(parent), m_keys(keys) {
    setObjectName(QStringLiteral("keysSection"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_state = new Label({}, Type::Body, Tone::Text, this);
    m_act = makeButton({}, ButtonTone::Secondary, {}, ButtonSize::Small, this);
    m_act->setObjectName(QStringLiteral("keysAct"));
    addRow(*column, m_state, m_act, new QWidget(this));
    m_remember = new QCheckBox(tr("Remember the passphrase in the desktop's keychain"), this);
    m_remember->setObjectName(QStringLiteral("keysRemember"));
    column->addWidget(m_remember);
    m_row = new QWidget(this);
    m_key = new QComboBox(m_row);
    m_key->setObjectName(QStringLiteral("keysKey"));
    m_key->setAccessibleName(tr("Key"));
    m_move = makeButton({}, ButtonTone::Secondary, {}, ButtonSize::Small, m_row);
    m_move->setObjectName(QStringLiteral("keysMove"));
    addRow(*column, m_key, m_move, m_row);
    m_error = new Label({}, Type::Caption, Tone::Error, this);
    m_error->setObjectName(QStringLiteral("keysError"));
    m_error->setWordWrap(true);
    column->addWidget(m_error);
    connect(m_act, &QPushButton::clicked, this, &KeysSection::act);
    connect(m_remember, &QCheckBox::clicked, this, &KeysSection::remember);
    connect(m_move, &QPushButton::clicked, this, &KeysSection::moveKey);
    connect(m_key, &QComboBox::activated, this, &KeysSection::follow);
    connect(&m_keys, &KeysModel::changed, this, &KeysSection::follow);
    follow();
}

void KeysSection::follow() {
    using State = KeysModel::State;
    const State state = m_keys.state();
    m_state->setText(state == State::None       ? tr("There are none yet.")
                     : state == State::Locked   ? tr("Locked")
                     : state == State::Unlocked ? tr("Unlocked")
                     : state == State::Failed   ? tr("Cannot be opened")
                                                : tr("looking …"));
    m_act->setText(state == State::None       ? tr("Make…")
                   : state == State::Unlocked ? tr("Lock")
                                              : tr("Unlock…"));
    const bool usable = state == State::None || state == State::Locked || state == State::Unlocked;
    m_act->setEnabled(usable && !m_keys.busy());
    m_remember->setEnabled(usable && !m_keys.busy());
    m_remember->setChecked(m_keys.remembered());
    const QString chosen = m_key->currentData().toString();
    const QSignalBlocker quiet(m_key);
    m_key->clear();
    for (const auto& key : m_keys.keys())
        m_key->addItem(tr("%1, %2").arg(LedgerText::plain(key.label), KeysModel::placeOf(key)),
                       QString::fromStdString(key.id));
    if (const int at = m_key->findData(chosen); at >= 0) m_key->setCurrentIndex(at);
    m_row->setVisible(!m_keys.keys().empty());
    const int at = m_key->currentIndex();
    const Place place = at < 0 ? Place::File : m_keys.keys()[std::size_t(at)].place;
    m_move->setText(place == Place::Keychain ? tr("Move to the workspace")
                                             : tr("Move to the keychain"));
    m_move->setEnabled(state == State::Unlocked && !m_keys.busy() && place != Place::Token);
    m_error->setText(m_keys.error());
    m_error->setVisible(!m_keys.error().isEmpty());
}

void KeysSection::act() {
    if (m_keys.state() == KeysModel::State::Unlocked) {
        m_keys.lock();
    } else if (m_keys.state() == KeysModel::State::Locked && m_keys.remembered() &&
               m_keys.error().isEmpty()) {
        m_keys.unlockRemembered();
    } else {
        auto* dialog = new UnlockDialog(m_keys, m_keys.remembered(), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
    }
}

void KeysSection::remember(bool wanted) {
    m_remember->setChecked(m_keys.remembered());
    if (!wanted) {
        m_keys.forget();
        return;
    }
    // What is to be remembered is in nobody's memory but the person's.
    auto* dialog = new UnlockDialog(m_keys, true, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void KeysSection::moveKey() {
    const int at = m_key->currentIndex();
    if (at < 0) return;
    const auto& key = m_keys.keys()[std::size_t(at)];
    m_keys.moveKey(QString::fromStdString(key.id), key.place != Place::Keychain);
}

}  // namespace chancery::ui
