#pragma once

#include <QObject>
#include <memory>

class QApplication;

namespace chancery::interfaces {
class KeyVault;
}

namespace chancery::usecase {
struct NetworkConnectors;
}

namespace chancery::ui {

class LedgerPageModel;
class MainWindow;
class NetworkDesk;
class NetworkSession;
class Settings;

/// The whole console: shared models, window, pages, and what connects them. Theme, language and
/// log level follow the settings.
class Console : public QObject {
    Q_OBJECT
public:
    /// Without a vault the console has no keys, without connectors it starts no nodes; they outlive
    /// it.
    Console(QApplication& application, Settings& settings, const QString& workspace,
            const QString& logFile, std::shared_ptr<interfaces::KeyVault> vault = nullptr,
            const usecase::NetworkConnectors* connectors = nullptr);
    ~Console() override;

    void show();
    /// To the front, for a second start.
    void raise();
    /// Both may be empty.
    void open(const QStringList& ledger, const QString& link);
    MainWindow& window() const;
    LedgerPageModel& ledger() const;
    NetworkSession& network() const;
    NetworkDesk& networks() const;

Q_SIGNALS:
    /// Once, when the window has been drawn for the first time and answers.
    void usable();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Parts;
    void follow();
    std::unique_ptr<Parts> m_parts;
};

}  // namespace chancery::ui
