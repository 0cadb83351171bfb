#pragma once

#include <QCoreApplication>
#include <QDateTime>
#include <QString>
#include <optional>

#include "src/usecase/BrowseLedger.h"
#include "src/usecase/LedgerDescription.h"
#include "ui/models/LedgerRoles.h"

namespace chancery::ui {

/// From what the ledger holds to what is shown. Text of the ledger is made printable here: control
/// characters, bidirectional marks and broken UTF-8 become visible escapes, so that no cell can
/// look like something else (and none is ever taken as rich text).
class LedgerText {
    Q_DECLARE_TR_FUNCTIONS(LedgerText)
public:
    /// Cut to `maxBytes` with an ellipsis.
    static QString plain(BytesView bytes, std::size_t maxBytes = 4096);
    /// A value of the state or an argument: text, or the number of bytes with the first ones.
    static QString value(BytesView bytes, std::size_t maxBytes = 4096);
    static QString number(std::uint64_t value);
    /// "43 KB", powers of 1,000 as in queries.
    static QString size(std::uint64_t bytes);
    /// "14:32:05.31" or, with the date, "2026-03-17 14:32:05.341"; both UTC. En dash when unknown.
    static QString time(const std::optional<absl::Time>& time);
    static QString dateTime(const std::optional<absl::Time>& time);
    static QDateTime moment(absl::Time time);
    /// Hex, the first and last digits.
    static QString hash(BytesView hash, int first = 4, int last = 4);
    static QString fullHash(BytesView hash);
    /// The same of text that is hex already, or any other id.
    static QString shortId(const QString& id, int first = 8, int last = 4);
    /// Parts of a line: "10 transactions, 1 invalid", with the comma of the language.
    static QString list(const QStringList& parts);
    static QString place(const usecase::WrittenAt& at);  ///< "1,204,192 : 7"
    /// Common name, else a part of the fingerprint.
    static QString name(const usecase::IdentityName& identity);
    /// "client", "peer", "admin", "orderer"; empty when the certificate names none.
    static QString role(const usecase::IdentityName& identity);
    static QString call(const std::string& contract, const std::string& function);

    /// Of a validation code: one or two words for a table, a title, and what it means.
    static QString codeWord(const usecase::RecordedCode& code);
    static QString codeMeaning(int code);
    static LedgerLevel level(const std::optional<usecase::RecordedCode>& code);
    /// What a finding of verification means for whoever relies on the ledger; empty when unknown.
    static QString findingMeaning(const std::string& reason);
    /// An error as a person reads it: "… (REASON)" is left to the details.
    static QString error(const Status& status);
    static QString errorDetails(const Status& status);
};

}  // namespace chancery::ui
