#include "tests/bench/ledger/Business.h"

#include <fmt/format.h>

#include <algorithm>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"

namespace chancery::bench {
namespace {

using protocol::ValidationCode;
using protocol::Version;

constexpr std::uint32_t kOpenedAtOnce = 10;
constexpr std::uint32_t kBusyAccounts = 20;
constexpr std::int64_t kFirstBalance = 1'000'000;  // cents
constexpr std::size_t kWalletEndorsers = 2;

std::string money(std::int64_t cents) {
    return fmt::format("{}.{:02}", cents / 100, cents % 100);
}

}  // namespace

std::string BusinessKey::text() const {
    switch (kind) {
        case Kind::Account:
            return fmt::format("acct/{:05}", number);
        case Kind::Transfer:
            return fmt::format("transfer/T-{:07}", number);
        case Kind::Limit:
            return fmt::format("limit/{:05}", number);
        case Kind::Document:
            return fmt::format("doc/{:07}", number);
    }
    return {};
}

Business::Business(std::size_t organisations, std::size_t accounts, SeededRandom& random)
    : m_organisations(organisations), m_accountsWanted(accounts), m_random(random) {
    m_balances.resize(accounts + kOpenedAtOnce, kFirstBalance);
}

BusinessCall Business::next() {
    if (m_opened < m_accountsWanted) return openAccounts();
    const std::uint64_t choice = m_random.below(1000);
    if (choice < 620) return transfer();
    if (choice < 720) return change(false);
    if (choice < 800) return change(true);
    if (choice < 840) return setLimit();
    if (choice < 880) return archive();
    if (choice < 890) return settle();
    if (choice < 970) return registerDocument();
    return balanceOf();
}

BusinessCall Business::begin(const char* contract, const char* function) {
    BusinessCall call;
    call.contract = contract;
    call.function = function;
    call.organisation = m_random.below(m_organisations);
    call.client = m_random.below(4);
    call.nonce = m_random.bytes(24);
    call.endorsers = {m_random.below(m_organisations)};
    const bool wallet = std::string_view(contract) == "wallet";
    // Once in a while somebody forgets that two have to endorse.
    if (wallet && m_organisations > 1 && !m_random.once(400))
        call.endorsers.push_back((call.endorsers[0] + 1 + m_random.below(m_organisations - 1)) %
                                 m_organisations);
    return call;
}

BusinessCall Business::openAccounts() {
    BusinessCall call = begin("wallet", "Open");
    // The accounts are needed by all that follows, so these calls are made well.
    if (call.endorsers.size() < kWalletEndorsers)
        call.endorsers.push_back((call.endorsers[0] + 1) % m_organisations);
    call.arguments = {std::to_string(m_opened), std::to_string(kOpenedAtOnce)};
    for (std::uint32_t i = 0; i < kOpenedAtOnce; ++i) {
        read(call, {Kind::Account, m_opened});
        writeAccount(call, m_opened++, kFirstBalance);
    }
    return call;
}

BusinessCall Business::transfer() {
    BusinessCall call = begin("wallet", "Transfer");
    const std::uint32_t from = anyAccount();
    std::uint32_t to = anyAccount();
    if (to == from) to = (to + 1) % m_opened;
    const std::int64_t amount = 100 + static_cast<std::int64_t>(m_random.below(50'000));
    const std::uint32_t number = m_transfers++;
    const BusinessKey document{Kind::Transfer, number};
    const std::string fromKey = BusinessKey{Kind::Account, from}.text();
    const std::string toKey = BusinessKey{Kind::Account, to}.text();
    call.arguments = {fromKey, toKey, money(amount), "EUR", fmt::format("INV-{}", number)};
    read(call, {Kind::Account, from});
    read(call, {Kind::Account, to});
    if (m_random.once(4)) read(call, {Kind::Limit, from});
    writeAccount(call, from, m_balances[from] - amount);
    writeAccount(call, to, m_balances[to] + amount);
    call.eventPayload =
        fmt::format(R"({{"amount":"{}","ccy":"EUR","from":"{}","memo":"INV-{}","to":"{}"}})",
                    money(amount), fromKey, number, toKey);
    call.writes.push_back({document, call.eventPayload, 0});
    call.event = "Transferred";
    return call;
}

BusinessCall Business::change(bool out) {
    BusinessCall call = begin("wallet", out ? "Withdraw" : "TopUp");
    const std::uint32_t account = anyAccount();
    const std::int64_t amount = 1000 + static_cast<std::int64_t>(m_random.below(100'000));
    call.arguments = {BusinessKey{Kind::Account, account}.text(), money(amount), "EUR"};
    read(call, {Kind::Account, account});
    writeAccount(call, account, m_balances[account] + (out ? -amount : amount));
    return call;
}

BusinessCall Business::setLimit() {
    BusinessCall call = begin("wallet", "SetLimit");
    const std::uint32_t account = anyAccount();
    const std::string limit = money(100'000 * static_cast<std::int64_t>(1 + m_random.below(50)));
    call.arguments = {BusinessKey{Kind::Account, account}.text(), limit};
    read(call, {Kind::Account, account});
    call.writes.push_back({{Kind::Limit, account}, fmt::format(R"({{"daily":"{}"}})", limit), 0});
    return call;
}

BusinessCall Business::archive() {
    if (m_transfers == 0) return transfer();
    BusinessCall call = begin("wallet", "Archive");
    const BusinessKey key{Kind::Transfer, static_cast<std::uint32_t>(m_random.below(m_transfers))};
    if (!versionOf(key)) return transfer();  // refused, archived already, or not committed yet
    call.arguments = {key.text()};
    read(call, key);
    call.writes.push_back({key, {}, 0});
    call.event = "Archived";
    call.eventPayload = key.text();
    return call;
}

BusinessCall Business::settle() {
    BusinessCall call = begin("wallet", "Settle");
    const std::string key = fmt::format("terms/{:06}", m_settled++);
    call.arguments = {key};
    call.secret = {
        "settlementTerms", key,
        fmt::format(R"({{"rate":"{}.{:04}"}})", 1 + m_random.below(3), m_random.below(10'000))};
    return call;
}

BusinessCall Business::registerDocument() {
    BusinessCall call = begin("poe", "Register");
    const BusinessKey key{Kind::Document, m_documents++};
    const Bytes digest = m_random.bytes(32);
    call.arguments = {key.text(), toHex(digest)};
    read(call, key);
    call.writes.push_back({key, fmt::format(R"({{"sha256":"{}"}})", toHex(digest)), 0});
    call.event = "Registered";
    call.eventPayload = key.text();
    return call;
}

BusinessCall Business::balanceOf() {
    BusinessCall call = begin("wallet", "Balance");
    const BusinessKey key{Kind::Account, anyAccount()};
    call.arguments = {key.text()};
    read(call, key);
    return call;
}

std::uint32_t Business::anyAccount() {
    const bool busy = m_random.once(20);
    return static_cast<std::uint32_t>(
        m_random.below(busy ? std::min(kBusyAccounts, m_opened) : m_opened));
}

void Business::read(BusinessCall& call, BusinessKey key) {
    call.reads.emplace_back(key, versionOf(key));
}

void Business::writeAccount(BusinessCall& call, std::uint32_t number, std::int64_t balance) {
    call.writes.push_back(
        {{Kind::Account, number},
         fmt::format(R"({{"balance":"{}","ccy":"EUR","holder":"C-{:06}","state":"open"}})",
                     money(std::max<std::int64_t>(balance, 0)), number * 7 + 13),
         std::max<std::int64_t>(balance, 0)});
}

ValidationCode Business::judge(const BusinessCall& call) const {
    const bool wallet = std::string_view(call.contract) == "wallet";
    if (wallet && call.endorsers.size() < std::min(kWalletEndorsers, m_organisations))
        return ValidationCode::EndorsementPolicyFailure;
    for (const auto& [key, version] : call.reads)
        if (versionOf(key) != version) return ValidationCode::MvccReadConflict;
    return ValidationCode::Valid;
}

protocol::UpdateBatch Business::commit(BlockNumber block, std::vector<BusinessCall>& calls) {
    protocol::UpdateBatch batch;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        BusinessCall& call = calls[i];
        call.code = judge(call);
        if (call.code != ValidationCode::Valid) continue;
        const Version version{block, i};
        for (const auto& write : call.writes) {
            const std::string key = write.key.text();
            if (write.value.empty())
                batch.remove(call.contract, key, version);
            else
                batch.put(call.contract, key, write.value, version);
            setVersion(write.key, write.value.empty() ? std::nullopt : std::optional(version));
            if (write.key.kind == Kind::Account) m_balances[write.key.number] = write.balance;
        }
        if (call.secret)
            batch.putHash(call.contract, (*call.secret)[0], crypto::sha256((*call.secret)[1]),
                          crypto::sha256((*call.secret)[2]), version);
    }
    return batch;
}

std::optional<Version> Business::versionOf(BusinessKey key) const {
    const auto& versions = m_versions[static_cast<std::size_t>(key.kind)];
    if (key.number >= versions.size() || versions[key.number].block == 0) return std::nullopt;
    return versions[key.number];
}

void Business::setVersion(BusinessKey key, std::optional<Version> version) {
    auto& versions = m_versions[static_cast<std::size_t>(key.kind)];
    if (key.number >= versions.size()) versions.resize(key.number + 1);
    versions[key.number] = version.value_or(Version{});
}

}  // namespace chancery::bench
