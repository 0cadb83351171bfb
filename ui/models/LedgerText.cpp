#include "ui/models/LedgerText.h"

#include <QLocale>

#include "src/base/Encoding.h"
#include "ui/models/Sentences.h"

namespace chancery::ui {
namespace {

constexpr std::size_t kHexShown = 24;

struct CodeRow {
    int code;
    const char* word;
    const char* meaning;
};

// Words and sentences are looked up in the context of LedgerText when they are shown.
constexpr CodeRow kCodes[] = {
    {0, QT_TRANSLATE_NOOP("LedgerText", "Valid"),
     QT_TRANSLATE_NOOP("LedgerText", "All checks passed; its writes are part of the state.")},
    {1, QT_TRANSLATE_NOOP("LedgerText", "Empty"),
     QT_TRANSLATE_NOOP("LedgerText", "The block has no bytes where the transaction should be.")},
    {2, QT_TRANSLATE_NOOP("LedgerText", "Unreadable"),
     QT_TRANSLATE_NOOP("LedgerText", "The signed content of the envelope cannot be read.")},
    {3, QT_TRANSLATE_NOOP("LedgerText", "Bad header"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The header lacks what every transaction needs, such as a creator, a nonce "
                       "or a known type.")},
    {4, QT_TRANSLATE_NOOP("LedgerText", "Bad sender"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The sender is no valid member of an organisation of the channel, or did "
                       "not sign this content.")},
    {5, QT_TRANSLATE_NOOP("LedgerText", "Malformed"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "A part of the endorsed proposal cannot be read, or does not belong to the "
                       "rest.")},
    {6, QT_TRANSLATE_NOOP("LedgerText", "Bad config"),
     QT_TRANSLATE_NOOP("LedgerText", "A configuration transaction has no usable content.")},
    {7, QT_TRANSLATE_NOOP("LedgerText", "Not allowed"),
     QT_TRANSLATE_NOOP("LedgerText", "Peers do not commit transactions of this kind.")},
    {8, QT_TRANSLATE_NOOP("LedgerText", "Wrong id"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The id does not follow from sender and nonce: it may be a copy of another "
                       "transaction.")},
    {9, QT_TRANSLATE_NOOP("LedgerText", "Duplicate"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "A transaction with this id is in the ledger already; only the first "
                       "counts.")},
    {10, QT_TRANSLATE_NOOP("LedgerText", "Policy failed"),
     QT_TRANSLATE_NOOP("LedgerText", "Not all who must endorse this change have endorsed it.")},
    {11, QT_TRANSLATE_NOOP("LedgerText", "Conflict"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "Between endorsement and commit, another transaction changed a key that "
                       "this one had read.")},
    {12, QT_TRANSLATE_NOOP("LedgerText", "Range conflict"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "Between endorsement and commit, keys appeared, changed or vanished in a "
                       "range that this transaction had queried.")},
    {13, QT_TRANSLATE_NOOP("LedgerText", "Unknown kind"),
     QT_TRANSLATE_NOOP("LedgerText", "Peers do not know this type of transaction.")},
    {14, QT_TRANSLATE_NOOP("LedgerText", "Other channel"),
     QT_TRANSLATE_NOOP("LedgerText", "It names a channel that the peer does not have.")},
    {15, QT_TRANSLATE_NOOP("LedgerText", "Not writable"),
     QT_TRANSLATE_NOOP("LedgerText", "The peer could not write it in its own form.")},
    {16, QT_TRANSLATE_NOOP("LedgerText", "No content"),
     QT_TRANSLATE_NOOP("LedgerText", "The transaction holds no action.")},
    {17, QT_TRANSLATE_NOOP("LedgerText", "Expired"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The contract was upgraded after the transaction was endorsed.")},
    {18, QT_TRANSLATE_NOOP("LedgerText", "Other version"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "It was endorsed by another version of the contract than the one in "
                       "force.")},
    {19, QT_TRANSLATE_NOOP("LedgerText", "Bad header"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The part of the header that names the contract cannot be read.")},
    {20, QT_TRANSLATE_NOOP("LedgerText", "Bad header"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The part of the header that names channel and type cannot be read.")},
    {21, QT_TRANSLATE_NOOP("LedgerText", "Bad response"),
     QT_TRANSLATE_NOOP("LedgerText", "What the endorsers signed cannot be read.")},
    {22, QT_TRANSLATE_NOOP("LedgerText", "Bad write set"),
     QT_TRANSLATE_NOOP("LedgerText", "The list of reads and writes cannot be read.")},
    {23, QT_TRANSLATE_NOOP("LedgerText", "Bad write set"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The list of reads and writes names the same contract more than once.")},
    {24, QT_TRANSLATE_NOOP("LedgerText", "Bad write"),
     QT_TRANSLATE_NOOP("LedgerText", "The peer's database does not allow a key or a value.")},
    {25, QT_TRANSLATE_NOOP("LedgerText", "No contract"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The contract is not defined on the channel, or the transaction names it in "
                       "two ways.")},
    {254, QT_TRANSLATE_NOOP("LedgerText", "Not judged"),
     QT_TRANSLATE_NOOP("LedgerText", "No peer has judged this transaction.")},
    {255, QT_TRANSLATE_NOOP("LedgerText", "Refused"),
     QT_TRANSLATE_NOOP("LedgerText",
                       "The peer refused it for a reason that has no name of its own.")},
};

struct FindingRow {
    const char* reason;
    const char* meaning;
};

constexpr FindingRow kFindings[] = {
    {"PREVIOUS_HASH_DIFFERS",
     QT_TRANSLATE_NOOP("LedgerText",
                       "A part of the history may have been changed, removed or exchanged after it "
                       "was agreed on.")},
    {"DATA_HASH_DIFFERS",
     QT_TRANSLATE_NOOP("LedgerText",
                       "The transactions in the block are not the ones that the orderers signed.")},
    {"NUMBER_DIFFERS",
     QT_TRANSLATE_NOOP("LedgerText",
                       "Blocks are missing or in a wrong order; what they changed is unknown.")},
    {"CODE_DIFFERS",
     QT_TRANSLATE_NOOP("LedgerText",
                       "The record says that a transaction counted although it did not, or the "
                       "other way round.")},
    {"COMMIT_HASH_DIFFERS",
     QT_TRANSLATE_NOOP("LedgerText",
                       "The peer came to another result than this check: its state is not what the "
                       "blocks say.")},
    {"ORDERER_POLICY_NOT_SATISFIED",
     QT_TRANSLATE_NOOP("LedgerText",
                       "Without enough signatures of orderers anybody could have written this "
                       "block.")},
    {"CONFIG_REFUSED",
     QT_TRANSLATE_NOOP("LedgerText",
                       "The channel was changed without the agreement that its rules demand.")},
    {"CONFIG_ADOPTED",
     QT_TRANSLATE_NOOP("LedgerText",
                       "The chain starts in the middle: its first configuration is believed. "
                       "Compare its hash with a source that you trust.")},
    {"STATE_UNKNOWN",
     QT_TRANSLATE_NOOP("LedgerText",
                       "Without the state before the first block it cannot be told what was "
                       "current; a snapshot would give it.")},
    {"TORN_TAIL",
     QT_TRANSLATE_NOOP("LedgerText",
                       "The file was cut while it was written or copied; a peer drops such a tail "
                       "when it starts.")},
    {"NO_RECORDED_CODES",
     QT_TRANSLATE_NOOP("LedgerText",
                       "The blocks come from an orderer; which transactions counted is computed "
                       "here.")},
    {"MALFORMED_PROTOBUF",
     QT_TRANSLATE_NOOP("LedgerText", "What cannot be read cannot be checked.")},
    {"BAD_BLOCK_FILE",
     QT_TRANSLATE_NOOP("LedgerText",
                       "What cannot be read cannot be checked, and blocks behind it neither.")},
};

const CodeRow* rowOf(int code) {
    for (const CodeRow& row : kCodes)
        if (row.code == code) return &row;
    return nullptr;
}

}  // namespace

QString LedgerText::plain(BytesView bytes, std::size_t maxBytes) {
    return QString::fromStdString(printable(bytes, maxBytes));
}

QString LedgerText::value(BytesView bytes, std::size_t maxBytes) {
    if (bytes.empty()) return tr("empty");
    if (isUtf8(bytes)) return plain(bytes, maxBytes);
    QString text = QString::fromStdString(toHex(bytes.substr(0, kHexShown)));
    if (bytes.size() > kHexShown) text += QStringLiteral("…");
    return tr("%n byte(s): %1", "", static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 30)))
        .arg(text);
}

QString LedgerText::number(std::uint64_t value) {
    return QLocale().toString(static_cast<qulonglong>(value));
}

QString LedgerText::size(std::uint64_t bytes) {
    const auto scaled = [](double value, const char* unit) {
        return QLocale().toString(value, 'f', value < 9.95 ? 1 : 0) + QLatin1Char(' ') +
               QLatin1String(unit);
    };
    if (bytes < 1000) return number(bytes) + QStringLiteral(" B");
    const auto value = static_cast<double>(bytes);
    if (bytes < 1'000'000) return scaled(value / 1e3, "KB");
    if (bytes < 1'000'000'000) return scaled(value / 1e6, "MB");
    return scaled(value / 1e9, "GB");
}

QString LedgerText::time(const std::optional<absl::Time>& time) {
    if (!time) return QStringLiteral("–");
    return QString::fromStdString(absl::FormatTime("%H:%M:%E2S", *time, absl::UTCTimeZone()));
}

QDateTime LedgerText::moment(absl::Time time) {
    return QDateTime::fromMSecsSinceEpoch(absl::ToUnixMillis(time), Qt::UTC);
}

QString LedgerText::dateTime(const std::optional<absl::Time>& time) {
    if (!time) return QStringLiteral("–");
    return QString::fromStdString(
        absl::FormatTime("%Y-%m-%d %H:%M:%E3S", *time, absl::UTCTimeZone()));
}

QString LedgerText::fullHash(BytesView hash) {
    return QString::fromStdString(toHex(hash));
}

QString LedgerText::hash(BytesView hash, int first, int last) {
    return shortId(fullHash(hash), first, last);
}

QString LedgerText::shortId(const QString& id, int first, int last) {
    if (id.size() <= first + last + 1) return id;
    return id.left(first) + QStringLiteral("…") + id.right(last);
}

QString LedgerText::place(const usecase::WrittenAt& at) {
    return number(at.block) + QStringLiteral(" : ") + number(at.transaction);
}

QString LedgerText::list(const QStringList& parts) {
    return parts.join(tr(", ", "between the parts of a line"));
}

QString LedgerText::name(const usecase::IdentityName& identity) {
    if (!identity.commonName.empty()) return plain(identity.commonName, 200);
    if (!identity.fingerprint.empty()) return shortId(plain(identity.fingerprint, 200), 8, 4);
    return tr("unknown");
}

QString LedgerText::role(const usecase::IdentityName& identity) {
    static constexpr const char* kRoles[] = {
        QT_TRANSLATE_NOOP("LedgerText", "client"), QT_TRANSLATE_NOOP("LedgerText", "peer"),
        QT_TRANSLATE_NOOP("LedgerText", "admin"), QT_TRANSLATE_NOOP("LedgerText", "orderer")};
    for (const std::string& unit : identity.organizationalUnits)
        for (const char* role : kRoles)
            if (unit == role) return tr(role);
    return {};
}

QString LedgerText::call(const std::string& contract, const std::string& function) {
    if (contract.empty()) return {};
    QString text = plain(contract, 200);
    if (!function.empty()) text += QLatin1Char('.') + plain(function, 200);
    return text;
}

QString LedgerText::codeWord(const usecase::RecordedCode& code) {
    const CodeRow* row = rowOf(code.number);
    return row ? tr(row->word) : tr("Code %1").arg(code.number);
}

QString LedgerText::codeMeaning(int code) {
    const CodeRow* row = rowOf(code);
    return row ? tr(row->meaning) : tr("The block records a verdict that is not known here.");
}

LedgerLevel LedgerText::level(const std::optional<usecase::RecordedCode>& code) {
    if (!code || code->number == 254) return LedgerLevel::Unknown;
    return code->valid() ? LedgerLevel::Good : LedgerLevel::Bad;
}

QString LedgerText::findingMeaning(const std::string& reason) {
    for (const FindingRow& row : kFindings)
        if (reason == row.reason) return tr(row.meaning);
    return {};
}

QString LedgerText::error(const Status& status) {
    const Sentence sentence = sentenceOf(status);
    QString text = Sentences::tell(sentence);
    if (text == plain(sentence.english, 2000) && !text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

QString LedgerText::errorDetails(const Status& status) {
    QString text = tr("reason  %1").arg(plain(reasonOf(status), 200));
    // Another language tells the kind of error; the words of the place that failed say more.
    const std::string_view message = messageOf(status);
    if (const QString english = plain({message.data(), message.size()}, 2000);
        english != Sentences::tell(sentenceOf(status)))
        text += QLatin1Char('\n') + tr("message  %1").arg(english);
    for (const auto& [name, value] : argumentsOf(status))
        text += QLatin1Char('\n') + plain(name, 100) + QStringLiteral("  ") + plain(value, 1000);
    return text;
}

}  // namespace chancery::ui
