#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "src/usecase/DescribeLedger.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

// What the inspector of the ledger page says, ready to be shown: all texts are harmless and in the
// language of the moment.

struct PersonView {
    QString name, role, msp, fingerprint;
};

struct NamedValue {
    QString name, value;
};

struct PolicyNodeView {
    QString rule, remark;
    bool satisfied = false;
    std::vector<PolicyNodeView> parts;
};

struct PolicyView {
    QString subject;  ///< "contract assets"
    QString text;     ///< the policy in its text form
    QString sentence;
    bool satisfied = false;
    PolicyNodeView tree;
};

/// One sentence of a changed configuration.
struct ChangeView {
    enum class Kind { Added, Removed, Changed };
    Kind kind = Kind::Changed;
    QString sentence, path;
    std::vector<ChangeView> details;
    static std::vector<ChangeView> of(const std::vector<usecase::ConfigChange>& changes);
};

/// Why a transaction is not valid.
struct CauseView {
    QString sentence;
    std::optional<usecase::WrittenAt> other;  ///< the transaction that came before
    QString otherText;                        ///< "Open transaction 87 : 0"
    std::optional<usecase::KeyReference> key;
    QString keyText;  ///< "History of pub:first"
    std::vector<PolicyView> missing;
};

struct TransactionView {
    Q_DECLARE_TR_FUNCTIONS(TransactionView)
public:
    usecase::WrittenAt place;
    QString id;    ///< whole; empty when it has none
    QString call;  ///< "wallet.Transfer", or the type
    QString type;
    QString where;  ///< "in block 1,204,209 at index 3, sent 2026-03-17 14:32:05.341 UTC"
    LedgerLevel level = LedgerLevel::Unknown;
    QString verdict;         ///< "VALID, code 0"
    QString verdictMeaning;  ///< a sentence
    QString otherVerdict;    ///< verification came to another one: a sentence; else empty
    std::optional<PersonView> creator;
    QString policy;  ///< "AND(…), satisfied"
    QString contractVersion;
    QString arguments;  ///< in a row; empty when `decoded` says it
    std::vector<NamedValue> decoded;
    QString response;
    std::optional<NamedValue> event;
    std::optional<CauseView> cause;
    std::vector<PolicyView> policies;
    std::vector<ChangeView> changes;
    QStringList faults;
    bool config = false;
    QString privateNote;  ///< "hash only …"; empty without private data

    static TransactionView of(const usecase::TransactionDescription& transaction);
};

struct BlockView {
    BlockNumber number = 0;
    QString title;    ///< "Block 1,204,209"
    QString summary;  ///< "10 transactions, 1 invalid, 43 KB"
    bool config = false;
    QString hash, previousHash, dataHash, commitHash;
    QString computedDataHash;
    QString previousShort, hashShort;
    bool dataHashMatches = false;
    QStringList notes;  ///< of its position in the chain: data hash, signers, consensus
    std::vector<PersonView> signers;
    QString place;  ///< file and offset
    std::vector<ChangeView> changes;
    std::optional<BlockNumber> next;
    QString nextShort;
    enum class Joint { Unknown, Holds, Broken } before = Joint::Unknown, after = Joint::Unknown;
    /// A broken joint: what the next header repeats and what this block's hash is.
    QString expectedHash, actualHash;

    static BlockView of(const usecase::BlockDescription& block,
                        const usecase::BlockDescription* previous,
                        const usecase::BlockDescription* next);
};

}  // namespace chancery::ui
