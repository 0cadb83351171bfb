#include "ui/models/LedgerPaletteProvider.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QRegularExpression>

#include "src/base/Encoding.h"
#include "src/usecase/DescribeCertificate.h"
#include "ui/models/LedgerPageModel.h"
#include "ui/models/LedgerText.h"
#include "ui/models/Recognition.h"
#include "ui/models/Sentences.h"
#include "ui/models/ShellWords.h"

namespace chancery::ui {
namespace {

constexpr std::size_t kTransactions = 6, kValues = 6;

struct Value {
    QString text, detail;
};

int checkOf(const Result<usecase::BlockPage>& page) {
    return page.ok() && page->rows.size() == 1 ? static_cast<int>(page->rows.front().check) : -1;
}

PaletteEntry::State stateOf(int check) {
    switch (static_cast<usecase::BlockRow::Check>(check)) {
        case usecase::BlockRow::Check::Good:
            return PaletteEntry::State::Good;
        case usecase::BlockRow::Check::Bad:
            return PaletteEntry::State::Bad;
        case usecase::BlockRow::Check::Unchecked:
            break;
    }
    return PaletteEntry::State::Unknown;
}

PaletteEntry::State stateOf(LedgerLevel level) {
    switch (level) {
        case LedgerLevel::Good:
            return PaletteEntry::State::Good;
        case LedgerLevel::Warning:
            return PaletteEntry::State::Warning;
        case LedgerLevel::Bad:
            return PaletteEntry::State::Bad;
        default:
            return PaletteEntry::State::Unknown;
    }
}

/// Whether a text could be (the beginning of) a transaction id.
bool looksLikeId(const QString& text) {
    static const QRegularExpression hex(QStringLiteral("^[0-9a-fA-F]{4,64}$"));
    return hex.match(text).hasMatch();
}

}  // namespace

struct LedgerPaletteProvider::Found {
    std::optional<quint64> block;
    int check = -1;
    std::vector<usecase::TransactionSummary> transactions;
    std::vector<Value> values;
    quint64 matching = 0;
    bool searchable = false;
    std::optional<usecase::CertificateDescription> certificate;
    quint64 sent = 0;  ///< transactions of who has the certificate
};

void LedgerPaletteProvider::findHash(const usecase::BrowseLedger& ledger, const QString& hash,
                                     std::stop_token stop, Found& found) {
    const auto bytes = fromHex(hash.toStdString());
    if (!bytes.ok()) return;
    const auto number = ledger.blockWithHash(*bytes, stop);
    if (!number.ok() || !*number) return;
    found.block = **number;
    const auto query = usecase::parseLedgerQuery("block:" + std::to_string(**number), 0);
    if (query.ok()) found.check = checkOf(ledger.blocks(*query, 0, 1, stop));
}

void LedgerPaletteProvider::findCertificate(const usecase::BrowseLedger& ledger,
                                            const std::string& pem, std::stop_token stop,
                                            Found& found) {
    auto described = usecase::DescribeCertificate().run(pem, "clipboard");
    if (!described.ok() || described->empty()) return;
    found.certificate = std::move(described->front());
    const auto query = usecase::parseLedgerQuery(searchFor(*found.certificate).toStdString(), 0);
    if (!query.ok()) return;
    if (const auto page = ledger.transactions(*query, 0, 1, stop); page.ok())
        found.sent = page->total;
}

QString LedgerPaletteProvider::searchFor(const usecase::CertificateDescription& certificate) {
    QString name = QString::fromStdString(certificate.commonName);
    name.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    name.replace(QLatin1Char('"'), QLatin1String("\\\""));
    return QStringLiteral("creator:\"%1\"").arg(name);
}

LedgerPaletteProvider::LedgerPaletteProvider(LedgerPageModel& model,
                                             std::function<void(const Link&)> go,
                                             std::function<void(const QString&)> search,
                                             QObject* parent)
    : PaletteProvider(parent), m_model(model), m_go(std::move(go)), m_search(std::move(search)) {}

void LedgerPaletteProvider::ask(quint64 serial, const PaletteQuery& query) {
    m_asking.cancel();
    const auto ledger = m_model.ledger();
    const bool wanted = query.scope != PaletteQuery::Scope::Commands && !query.text.isEmpty();
    if (ledger == nullptr || !wanted) {
        Q_EMIT answered(serial, {}, true);
        return;
    }
    const Recognition known = recognise(query.text);
    const QString id = known.kind == Recognition::Kind::Hash ? known.hash : query.text;
    const QString text = query.scope == PaletteQuery::Scope::Members
                             ? QStringLiteral("org:") + query.text
                             : query.text;
    const auto now = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    m_asking = call(
        this,
        [=](std::stop_token stop) {
            Found found;
            if (known.kind == Recognition::Kind::Certificate) {
                findCertificate(*ledger, known.pem.toStdString(), stop, found);
                return found;
            }
            if (known.kind == Recognition::Kind::Hash) findHash(*ledger, known.hash, stop, found);
            if (known.kind == Recognition::Kind::BlockNumber) {
                const auto block =
                    usecase::parseLedgerQuery("block:" + std::to_string(known.block), now);
                const auto page = block.ok() ? ledger->blocks(*block, 0, 1, stop)
                                             : Result<usecase::BlockPage>(block.status());
                found.check = checkOf(page);
                if (found.check >= 0) found.block = known.block;
            }
            if (looksLikeId(id)) {
                const auto byId = usecase::parseLedgerQuery("tx:" + id.toStdString(), now);
                if (byId.ok()) {
                    auto page = ledger->transactions(*byId, 0, kTransactions, stop);
                    if (page.ok()) found.transactions = std::move(page->rows);
                }
            }
            const std::string words = text.toStdString();
            if (auto values = ledger->complete(words, words.size(), kValues); values.ok()) {
                for (const auto& value : *values) {
                    const std::string whole =
                        words.substr(0, value.begin) + value.text + words.substr(value.end);
                    found.values.push_back(
                        {LedgerText::plain(whole), Sentences::word(value.detail)});
                }
            }
            if (const auto parsed = usecase::parseLedgerQuery(words, now); parsed.ok()) {
                found.searchable = true;
                if (const auto page = ledger->transactions(*parsed, 0, 1, stop); page.ok())
                    found.matching = page->total;
            }
            return found;
        },
        [this, serial, text](Found found) { Q_EMIT answered(serial, entries(text, found), true); });
}

QString LedgerPaletteProvider::commandFor(const QString& rest) const {
    return QStringLiteral("chanceryctl ledger show ") + shellWords(m_model.paths()) + rest;
}

std::vector<PaletteAction> LedgerPaletteProvider::linkActions(const Link& link,
                                                              const QString& whole) const {
    const auto copy = [](const QString& text) {
        return [text] { QGuiApplication::clipboard()->setText(text); };
    };
    return {{tr("Open"), QStringLiteral("right"), [go = m_go, link] { go(link); }},
            {tr("Copy %1").arg(whole), QStringLiteral("copy"), copy(whole)},
            {tr("Copy link"), QStringLiteral("link"), copy(link.toString())}};
}

PaletteEntry LedgerPaletteProvider::blockEntry(quint64 block, int check) const {
    const QString number = QString::number(block);
    const Link link{QStringLiteral("ledger"), m_model.key(), QStringLiteral("block"), number};
    PaletteEntry entry;
    entry.group = PaletteEntry::Group::GoTo;
    entry.icon = QStringLiteral("ledger");
    entry.title = tr("Block %1").arg(LedgerText::number(block));
    entry.detail = m_model.channel();
    entry.state = stateOf(check);
    entry.stateText = entry.state == PaletteEntry::State::Good  ? tr("Verified")
                      : entry.state == PaletteEntry::State::Bad ? tr("Does not match")
                                                                : tr("Not verified yet");
    entry.command = commandFor(QStringLiteral(" --block ") + number);
    entry.run = [go = m_go, link] { go(link); };
    entry.actions = linkActions(link, number);
    return entry;
}

std::vector<PaletteEntry> LedgerPaletteProvider::entries(const QString& text,
                                                         const Found& found) const {
    std::vector<PaletteEntry> all;
    if (found.block) all.push_back(blockEntry(*found.block, found.check));
    for (const auto& transaction : found.transactions) {
        const QString id = LedgerText::plain(transaction.txId);
        const Link link{QStringLiteral("ledger"), m_model.key(), QStringLiteral("tx"), id};
        PaletteEntry entry;
        entry.group = PaletteEntry::Group::GoTo;
        entry.icon = QStringLiteral("send");
        entry.title = LedgerText::shortId(id, 16, 8);
        entry.detail = tr("Transaction, block %1, %2")
                           .arg(LedgerText::number(transaction.block),
                                LedgerText::call(transaction.contract, transaction.function));
        if (transaction.code) {
            entry.state = stateOf(LedgerText::level(transaction.code));
            entry.stateText = LedgerText::codeWord(*transaction.code);
        }
        entry.command = commandFor(QStringLiteral(" --tx ") + id);
        entry.run = [go = m_go, link] { go(link); };
        entry.actions = linkActions(link, id);
        all.push_back(entry);
    }
    const auto search = [&](const QString& title, const QString& query) {
        PaletteEntry entry;
        entry.group = PaletteEntry::Group::Search;
        entry.icon = QStringLiteral("search");
        entry.title = title;
        entry.run = [ask = m_search, query] { ask(query); };
        return entry;
    };
    if (found.certificate) {
        const usecase::CertificateDescription& it = *found.certificate;
        const QString name = LedgerText::plain(it.commonName.empty() ? it.subject : it.commonName);
        PaletteEntry entry =
            search(tr("Transactions sent by %1").arg(name), searchFor(*found.certificate));
        entry.icon = QStringLiteral("certificates");
        entry.detail =
            tr("Certificate of %1, valid until %2")
                .arg(LedgerText::plain(it.issuer, 200), LedgerText::dateTime(it.notAfter).left(10));
        entry.stateText =
            tr("%n found", nullptr, static_cast<int>(std::min<quint64>(found.sent, 1'000'000'000)));
        const QString fingerprint = QString::fromStdString(it.fingerprint);
        entry.actions = {{tr("Copy %1").arg(LedgerText::shortId(fingerprint)),
                          QStringLiteral("copy"),
                          [fingerprint] { QGuiApplication::clipboard()->setText(fingerprint); }}};
        all.push_back(entry);
    }
    for (const Value& value : found.values) {
        PaletteEntry entry = search(value.text, value.text);
        entry.detail = value.detail;
        all.push_back(entry);
    }
    if (found.searchable) {
        PaletteEntry entry = search(tr("Search the ledger for %1").arg(text), text);
        entry.detail = m_model.channel();
        entry.stateText = tr("%n found", nullptr,
                             static_cast<int>(std::min<quint64>(found.matching, 1'000'000'000)));
        all.push_back(entry);
    }
    return all;
}

}  // namespace chancery::ui
