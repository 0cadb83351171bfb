#pragma once

#include <QObject>
#include <QTimer>
#include <memory>

#include "src/interfaces/KeyVault.h"
#include "ui/bridge/GuiExecutor.h"

namespace chancery::ui {

class Settings;

/// The keys of the console's workspace: locked or not, remembered by the desktop's keychain or not.
/// One question runs at a time; GUI thread only.
class KeysModel : public QObject {
    Q_OBJECT
public:
    enum class State { Unknown, None, Locked, Unlocked, Failed };
    KeysModel(std::shared_ptr<interfaces::KeyVault> vault, Settings& settings,
              QObject* parent = nullptr);

    State state() const { return m_state; }
    bool busy() const { return m_busy; }
    /// Whether the keychain was given the passphrase; it is asked only when it is needed.
    bool remembered() const;
    const QString& folder() const { return m_folder; }
    const std::vector<interfaces::VaultKey>& keys() const { return m_keys; }
    /// Why the last question failed; empty when it did not.
    const QString& error() const { return m_error; }

    /// At the start: what is there, and unlocked when it is remembered.
    void begin();
    void refresh();
    void create(const QString& passphrase, bool remember);
    void unlock(const QString& passphrase, bool remember);
    void unlockRemembered();
    void lock();
    void forget();
    void moveKey(const QString& id, bool intoKeychain);

    static QString placeOf(const interfaces::VaultKey& key);
    static QString tell(const Status& status);

Q_SIGNALS:
    void changed();
    /// After each question but refresh().
    void done(bool succeeded);

private:
    using Work = std::function<Status(interfaces::KeyVault&)>;
    struct Answer {
        Status status;
        Result<interfaces::VaultView> view;
    };
    void ask(Work work, std::function<void(const Status&)> then);
    void take(const Result<interfaces::VaultView>& view);
    void setRemembered(bool remembered);

    std::shared_ptr<interfaces::KeyVault> m_vault;
    Settings& m_settings;
    State m_state = State::Unknown;
    bool m_busy = false;
    QString m_folder, m_error;
    std::vector<interfaces::VaultKey> m_keys;
    QTimer m_look;  ///< it locks itself, and other programs ask it to
    CallHandle m_call;
};

}  // namespace chancery::ui
