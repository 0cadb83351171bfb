#include "ui/models/KeysModel.h"

#include "ui/models/LedgerText.h"
#include "ui/models/Sentences.h"
#include "ui/models/Settings.h"

namespace chancery::ui {
namespace {

const QString kRemembered = QStringLiteral("keys/remembered");
constexpr int kLookEvery = 5000;

/// For one question; overwritten afterwards. The field that it was typed into has a copy.
struct Passphrase {
    explicit Passphrase(const QString& text) : bytes(text.toUtf8().toStdString()) {}
    ~Passphrase() { std::fill(bytes.begin(), bytes.end(), '\0'); }
    Bytes bytes;
};

bool isOfKeychain(const Status& status) {
    const std::string reason = reasonOf(status);
    return reason == "NO_KEYCHAIN" || reason.starts_with("KEYCHAIN_");
}

}  // namespace

KeysModel::KeysModel(std::shared_ptr<interfaces::KeyVault> vault, Settings& settings,
                     QObject* parent)
    : QObject(parent), m_vault(std::move(vault)), m_settings(settings) {
    m_look.setInterval(kLookEvery);
    connect(&m_look, &QTimer::timeout, this, [this] {
        if (m_state == State::Unlocked && !m_busy) refresh();
    });
    m_look.start();
}

bool KeysModel::remembered() const {
    return m_settings.value(kRemembered).toBool();
}

void KeysModel::setRemembered(bool remembered) {
    m_settings.setValue(kRemembered, remembered);
}

QString KeysModel::tell(const Status& status) {
    const std::string reason = reasonOf(status);
    if (reason == "WRONG_PASSPHRASE") return tr("This is not the passphrase.");
    if (reason == "WEAK_PASSPHRASE") return tr("A passphrase has at least eight characters.");
    if (reason == "NO_SECRET" || reason == "REMEMBERED_PASSPHRASE_OLD")
        return tr("The keychain does not have the passphrase that counts now. Type it.");
    if (reason == "KEYCHAIN_REFUSED")
        return tr("The keychain of this desktop was not opened. The passphrase works as before.");
    if (reason == "KEYCHAIN_SILENT")
        return tr("The keychain of this desktop does not answer. The passphrase works as before.");
    if (reason == "KEY_NOT_IN_KEYCHAIN")
        return tr("The keychain of this desktop does not have this key.");
    if (reason == "KEY_LOCKED") return tr("The keys are locked.");
    if (isOfKeychain(status))
        return tr("This desktop has no keychain that works. The passphrase works as before.");
    return Sentences::tell(sentenceOf(status));
}

QString KeysModel::placeOf(const interfaces::VaultKey& key) {
    switch (key.place) {
        case interfaces::VaultKey::Place::File:
            return tr("in the workspace");
        case interfaces::VaultKey::Place::Keychain:
            return tr("in the keychain of this desktop");
        case interfaces::VaultKey::Place::Token:
            break;
    }
    return tr("in the token %1").arg(LedgerText::plain(key.token));
}

void KeysModel::take(const Result<interfaces::VaultView>& view) {
    if (!view.ok()) {
        m_state = State::Failed;
        m_error = tell(view.status());
        return;
    }
    using View = interfaces::VaultView::State;
    m_state = view->state == View::None     ? State::None
              : view->state == View::Locked ? State::Locked
                                            : State::Unlocked;
    m_folder = QString::fromStdString(view->folder);
    m_keys = view->keys;
}

void KeysModel::ask(Work work, std::function<void(const Status&)> then) {
    m_busy = true;
    Q_EMIT changed();
    m_call = call(
        this,
        [vault = m_vault, work = std::move(work)](std::stop_token) {
            Status status = work(*vault);
            return Answer{std::move(status), vault->view()};
        },
        [this, then = std::move(then)](const Answer& answer) {
            m_busy = false;
            m_error = answer.status.ok() ? QString() : tell(answer.status);
            take(answer.view);
            then(answer.status);
            Q_EMIT changed();
            Q_EMIT done(answer.status.ok());
        });
}

void KeysModel::refresh() {
    m_call = call(
        this, [vault = m_vault](std::stop_token) { return vault->view(); },
        [this](const Result<interfaces::VaultView>& view) {
            take(view);
            Q_EMIT changed();
        });
}

void KeysModel::begin() {
    if (remembered())
        unlockRemembered();
    else
        refresh();
}

void KeysModel::create(const QString& passphrase, bool remember) {
    auto secret = std::make_shared<Passphrase>(passphrase);
    ask(
        [secret, remember](interfaces::KeyVault& vault) {
            const Status made = vault.create(secret->bytes);
            return made.ok() && remember ? vault.unlockAndRemember(secret->bytes) : made;
        },
        [this, remember](const Status& status) { setRemembered(remember && status.ok()); });
}

void KeysModel::unlock(const QString& passphrase, bool remember) {
    auto secret = std::make_shared<Passphrase>(passphrase);
    ask(
        [secret, remember](interfaces::KeyVault& vault) {
            return remember ? vault.unlockAndRemember(secret->bytes) : vault.unlock(secret->bytes);
        },
        [this, remember](const Status& status) {
            if (remember && status.ok()) setRemembered(true);
        });
}

void KeysModel::unlockRemembered() {
    ask([](interfaces::KeyVault& vault) { return vault.unlockRemembered(); },
        [this](const Status& status) {
            // A keychain that cannot be asked today may be there again tomorrow.
            const std::string reason = reasonOf(status);
            if (reason == "NO_SECRET" || reason == "REMEMBERED_PASSPHRASE_OLD")
                setRemembered(false);
        });
}

void KeysModel::lock() {
    ask([](interfaces::KeyVault& vault) { return vault.lock(); }, [](const Status&) {});
}

void KeysModel::forget() {
    ask([](interfaces::KeyVault& vault) { return vault.forget(); },
        [this](const Status& status) {
            if (status.ok()) setRemembered(false);
        });
}

void KeysModel::moveKey(const QString& id, bool intoKeychain) {
    const auto place =
        intoKeychain ? interfaces::VaultKey::Place::Keychain : interfaces::VaultKey::Place::File;
    ask([key = id.toStdString(),
         place](interfaces::KeyVault& vault) { return vault.moveKey(key, place); },
        [](const Status&) {});
}

}  // namespace chancery::ui
