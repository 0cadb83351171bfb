#pragma once

#include <QObject>
#include <memory>
#include <optional>

#include "src/usecase/BrowseLedger.h"
#include "ui/bridge/GuiExecutor.h"
#include "ui/models/KeyHistoryModel.h"

namespace chancery::ui {

class LedgerPageModel;

/// One key through time, and the state of its contract at any height. GUI thread only.
class KeyViewModel : public QObject {
    Q_OBJECT
public:
    explicit KeyViewModel(LedgerPageModel* page, QObject* parent = nullptr);

    /// `key` as it prints: what does not is written \xNN. Asks for history and state anew.
    void show(const QString& contract, const QString& collection, const QByteArray& key);
    /// The state after this block; absent: after the last one.
    void setHeight(std::optional<quint64> block);
    std::optional<quint64> height() const { return m_height; }
    /// Keys that begin with this one, at that height, for the list.
    void setPrefix(const QString& contract, const QByteArray& prefix);

    QString contract() const { return m_contract; }
    QString collection() const { return m_collection; }
    QByteArray key() const { return m_key; }
    QString keyText() const;
    quint64 firstBlock() const;
    quint64 lastBlock() const;
    /// Contracts of the channel, once they are known.
    QStringList contracts() const { return m_contracts; }

    struct Value {
        bool known = false;  ///< an answer is here
        bool exists = false;
        bool complete = true;  ///< false: only what the given blocks wrote is known
        QString text;          ///< whole, JSON indented
        QString version;       ///< "block 87 : 0"
        QString by, msp, when, policy;
        std::optional<usecase::WrittenAt> at;
    };
    const Value& value() const { return m_value; }
    QString problem() const { return m_problem; }
    KeyHistoryModel* history() { return &m_history; }
    StateModel* state() { return &m_state; }

Q_SIGNALS:
    void changed();
    void stateChanged();
    void contractsChanged();

private:
    void ask(bool withHistory);
    void answered(Result<usecase::KeyDescription> key, bool withHistory);
    void askState();
    void loadContracts();

    LedgerPageModel* m_page;
    QString m_contract, m_collection;
    QByteArray m_key;
    QString m_prefixContract;
    QByteArray m_prefix;
    std::optional<quint64> m_height;
    Value m_value;
    QString m_problem;
    QStringList m_contracts;
    KeyHistoryModel m_history;
    StateModel m_state;
    CallHandle m_keyCall, m_historyCall, m_stateCall, m_overviewCall;
};

}  // namespace chancery::ui
