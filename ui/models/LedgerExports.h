#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <map>
#include <optional>

#include "src/usecase/BrowseLedger.h"
#include "ui/bridge/GuiExecutor.h"

namespace chancery::ui {

class LedgerPageModel;
class OperationModel;

/// Exports, evidence packs and comparisons of the opened ledger, each an operation that goes on in
/// the background. GUI thread only.
class LedgerExports : public QObject {
    Q_OBJECT
public:
    enum class Form { Json, Csv, Blocks, Evidence };
    struct Request {
        Form form = Form::Evidence;
        quint64 first = 0, last = 0;
        /// Evidence only: this transaction alone instead of the range.
        std::optional<usecase::WrittenAt> transaction;
        QString out;  ///< file or folder to be made
        bool chinese = false;
    };

    LedgerExports(LedgerPageModel* page, OperationModel* operations, QObject* parent = nullptr);
    /// What still runs is stopped, leaves nothing behind, and its operation ends as cancelled.
    ~LedgerExports() override;
    /// finished() answers.
    void run(const Request& request);

    struct Comparison {
        bool ok = false;
        bool equal = false;
        QString sentence;
        QString left, right;  ///< hashes, whole
        QString leftCommit, rightCommit;
        std::optional<quint64> block;    ///< first different one
        std::optional<quint64> damaged;  ///< whose content does not match its hash, in either
        quint64 height = 0;
    };
    /// With another source of the same channel; compared() answers.
    void compare(const QStringList& paths, std::optional<quint64> at);
    void cancelComparison();

    /// A name that is not taken yet, for the dialog's field.
    static QString suggestedName(Form form, const QString& channel);

Q_SIGNALS:
    void finished(bool ok, const QString& sentence, const QString& path);
    void compared(const chancery::ui::LedgerExports::Comparison& result);

private:
    void done(quint64 operation, const Status& status, const QString& sentence,
              const QString& path);
    usecase::LedgerLocation location() const;

    LedgerPageModel* m_page;
    QPointer<OperationModel> m_operations;
    struct Running {
        CallHandle handle;
        quint64 operation = 0;
    };
    /// A handle stays until its call has ended.
    std::map<quint64, Running> m_calls;
    quint64 m_last = 0;
    CallHandle m_comparison;
};

}  // namespace chancery::ui
