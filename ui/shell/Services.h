#pragma once

#include <QString>
#include <memory>

namespace chancery::interfaces {
class Connector;
}

namespace chancery::ui {

class CommandRegistry;
class KeysModel;
class NetworkSession;
class NotificationModel;
class OperationModel;
class RecentLedgers;
class Settings;

/// What every part of the shell shares; made in main(), lives longer than the windows.
struct Services {
    Settings& settings;
    CommandRegistry& commands;
    OperationModel& operations;
    NotificationModel& notifications;
    RecentLedgers& recent;
    QString workspace;          ///< folder
    QString indexes;            ///< folder of the ledger indexes, in the workspace
    QString logFile;            ///< empty: none is written
    KeysModel* keys = nullptr;  ///< null: this console has no keys
    /// To nodes; null: only files can be opened.
    std::shared_ptr<interfaces::Connector> connector = {};
    NetworkSession* network = nullptr;
};

}  // namespace chancery::ui
