#pragma once

#include <QObject>
#include <memory>

class QApplication;

namespace chancery::interfaces {
class Connector;
class KeyVault;
}  // namespace chancery::interfaces

namespace chancery::usecase {
struct NetworkConnectors;
}

namespace chancery::ui {

class LedgerPageModel;
class MainWindow;
class NetworkDesk;
class NetworkSession;
class Settings;

/// What lies outside of the console, as the program gives it.
struct Reach {
    std::shared_ptr<interfaces::KeyVault> vault;          ///< null: the console has no keys
    std::shared_ptr<interfaces::Connector> connector;     ///< null: only files can be opened
    const usecase::NetworkConnectors* network = nullptr;  ///< null: it starts no nodes; outlives it
};

/// The whole console: shared models, window, pages, and what connects them. Theme, language and
/// log level follow the settings.
class Console : public QObject {
    Q_OBJECT
public:
    Console(QApplication& application, Settings& settings, const QString& workspace,
            const QString& logFile, Reach reach = {});
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
