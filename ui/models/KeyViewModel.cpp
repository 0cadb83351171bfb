#include "ui/models/KeyViewModel.h"

#include <QJsonDocument>

#include "ui/models/LedgerPageModel.h"
#include "ui/models/LedgerText.h"

namespace chancery::ui {

using namespace usecase;

namespace {

constexpr std::size_t kVersions = 1000;
constexpr std::size_t kKeys = 500;
constexpr qsizetype kLargestJson = 256 * 1024;

/// Indented where it is JSON, line by line harmless.
QString wholeText(const Bytes& value) {
    const auto size = static_cast<qsizetype>(value.size());
    if (size > 0 && size <= kLargestJson && (value.front() == '{' || value.front() == '[')) {
        const auto json = QJsonDocument::fromJson(QByteArray::fromRawData(value.data(), size));
        if (!json.isNull()) {
            QStringList lines;
            for (const QByteArray& line :
                 json.toJson(QJsonDocument::Indented).trimmed().split('\n'))
                lines << LedgerText::plain(line.toStdString(), 4096);
            return lines.join(QLatin1Char('\n'));
        }
    }
    return LedgerText::value(value, 64 * 1024);
}

}  // namespace

KeyViewModel::KeyViewModel(LedgerPageModel* page, QObject* parent) : QObject(parent), m_page(page) {
    connect(page, &LedgerPageModel::stateChanged, this, [this] {
        if (m_page->state() == LedgerPageModel::State::Open) return;
        for (CallHandle* handle : {&m_keyCall, &m_historyCall, &m_stateCall, &m_overviewCall})
            *handle = CallHandle();
        m_contract.clear();
        m_key.clear();
        m_value = {};
        m_height.reset();
        m_contracts.clear();
        m_history.setKey(nullptr);
        m_state.setKeys({});
        Q_EMIT changed();
    });
}

QString KeyViewModel::keyText() const {
    return LedgerText::plain(m_key.toStdString());
}

quint64 KeyViewModel::firstBlock() const {
    return m_page->status().firstBlock.value_or(0);
}

quint64 KeyViewModel::lastBlock() const {
    return m_page->status().lastBlock.value_or(0);
}

void KeyViewModel::show(const QString& contract, const QString& collection, const QByteArray& key) {
    m_contract = contract;
    m_collection = collection;
    m_key = key;
    m_value = {};
    m_problem.clear();
    m_history.setKey(nullptr);
    if (m_contracts.isEmpty()) loadContracts();
    Q_EMIT changed();
    if (!m_contract.isEmpty()) ask(true);
}

void KeyViewModel::setHeight(std::optional<quint64> block) {
    if (m_height == block) return;
    m_height = block;
    if (!m_contract.isEmpty()) ask(false);
    if (!m_prefixContract.isEmpty()) askState();
}

void KeyViewModel::setPrefix(const QString& contract, const QByteArray& prefix) {
    m_prefixContract = contract;
    m_prefix = prefix;
    askState();
}

void KeyViewModel::ask(bool withHistory) {
    if (!m_page->ledger()) return;
    const KeyReference reference{m_contract.toStdString(), m_collection.toStdString(),
                                 m_key.toStdString()};
    CallHandle& handle = withHistory ? m_historyCall : m_keyCall;
    // The history is asked for at the end of the ledger, so that it tells all versions.
    const std::optional<BlockNumber> at =
        withHistory ? std::nullopt : std::optional<BlockNumber>(m_height);
    handle = call(
        this,
        [ledger = m_page->ledger(), reference, at, withHistory](std::stop_token) {
            return ledger->key(reference, at, withHistory ? kVersions : 1);
        },
        [this, withHistory](Result<KeyDescription> key) { answered(std::move(key), withHistory); });
    if (withHistory && m_height) ask(false);
}

void KeyViewModel::answered(Result<KeyDescription> key, bool withHistory) {
    if (!key.ok()) {
        m_problem = LedgerText::error(key.status());
        Q_EMIT changed();
        return;
    }
    if (!withHistory || !m_height) {
        Value value;
        value.known = true;
        value.complete = key->stateKnown;
        const auto& current = key->current;
        value.exists = current && current->value;
        if (value.exists)
            value.text = m_collection.isEmpty()
                             ? wholeText(*current->value)
                             : tr("Hash %1").arg(LedgerText::fullHash(*current->value));
        if (current) {
            value.at = current->at;
            value.version = LedgerText::place(current->at);
            value.when = LedgerText::dateTime(current->time);
            if (current->creator) {
                value.by = LedgerText::name(*current->creator);
                value.msp = LedgerText::plain(current->creator->mspId.str(), 100);
            }
        }
        if (key->policy) value.policy = LedgerText::plain(*key->policy, 1000);
        m_value = value;
    }
    if (withHistory) m_history.setKey(std::make_shared<KeyDescription>(*std::move(key)));
    Q_EMIT changed();
}

void KeyViewModel::askState() {
    if (!m_page->ledger()) return;
    const KeyReference reference{m_prefixContract.toStdString(), "", m_prefix.toStdString()};
    m_stateCall = call(
        this,
        [ledger = m_page->ledger(), reference, at = std::optional<BlockNumber>(m_height)](
            std::stop_token) { return ledger->state(reference, at, kKeys); },
        [this](Result<std::vector<KeyDescription>> keys) {
            if (keys.ok()) m_state.setKeys(*std::move(keys));
            Q_EMIT stateChanged();
        });
}

void KeyViewModel::loadContracts() {
    if (!m_page->ledger()) return;
    m_overviewCall = call(
        this, [ledger = m_page->ledger()](std::stop_token) { return ledger->overview(); },
        [this](Result<LedgerOverview> overview) {
            if (!overview.ok()) return;
            for (const ContractOverview& contract : overview->contracts)
                m_contracts << LedgerText::plain(contract.name, 200);
            Q_EMIT contractsChanged();
        });
}

}  // namespace chancery::ui
