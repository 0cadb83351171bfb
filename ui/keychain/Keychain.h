#pragma once

#include <QObject>
#include <QPointer>
#include <atomic>
#include <functional>
#include <memory>

#include "src/wallet/SecretKeeper.h"

namespace QKeychain {
class Job;
}

namespace chancery::ui {

/// The keychain of the desktop: Secret Service or KWallet, Keychain on macOS, the credential store
/// of Windows. Made on the GUI thread and destroyed after the last question has ended; asked from
/// any other thread, because the desktop may ask a person first. UNAVAILABLE: NO_KEYCHAIN,
/// KEYCHAIN_FAILED, KEYCHAIN_SILENT (no answer in `patience` milliseconds, or the program ends);
/// PERMISSION_DENIED (KEYCHAIN_REFUSED); NOT_FOUND (NO_SECRET).
class Keychain : public QObject, public wallet::SecretKeeper {
    Q_OBJECT
public:
    explicit Keychain(int patience = 120'000, QObject* parent = nullptr);
    ~Keychain() override;

    Result<crypto::Secret> read(const std::string& name) override;
    Status keep(const std::string& name, const crypto::Secret& secret) override;
    Status forget(const std::string& name) override;

private:
    /// Makes and starts a job on the GUI thread and waits for its end here.
    Result<QByteArray> run(std::function<QKeychain::Job*()> make);

    const int m_patience;
    QPointer<QObject> m_self;  ///< made on the GUI thread, as GuiExecutor wants it
    std::atomic<bool> m_ending = false;
};

}  // namespace chancery::ui
