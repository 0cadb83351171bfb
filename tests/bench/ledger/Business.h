#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "src/base/Bytes.h"
#include "src/protocol/CommitHash.h"
#include "src/protocol/ValidationCode.h"
#include "src/protocol/Version.h"
#include "tests/bench/ledger/SeededRandom.h"

namespace chancery::bench {

/// A key of the two contracts, by what it stands for.
struct BusinessKey {
    enum class Kind : std::uint8_t { Account, Transfer, Limit, Document };
    Kind kind = Kind::Account;
    std::uint32_t number = 0;

    const char* contract() const { return kind == Kind::Document ? "poe" : "wallet"; }
    std::string text() const;
};

/// What a transaction will do, as its endorsers found it.
struct BusinessCall {
    struct Write {
        BusinessKey key;
        std::string value;         ///< empty: the key is deleted
        std::int64_t balance = 0;  ///< of accounts
    };
    const char* contract = "wallet";
    const char* function = "";
    std::vector<std::string> arguments;
    std::vector<std::pair<BusinessKey, std::optional<protocol::Version>>> reads;
    std::vector<Write> writes;
    /// Collection, key, value.
    std::optional<std::array<std::string, 3>> secret;
    const char* event = nullptr;
    std::string eventPayload;
    std::size_t organisation = 0, client = 0;  ///< who submits
    std::vector<std::size_t> endorsers;        ///< organisations
    Bytes nonce;
    protocol::ValidationCode code = protocol::ValidationCode::NotValidated;
};

/// The business of a settlement channel: accounts that pay each other, limits, withdrawals,
/// archived transfers, terms kept in a private collection, and documents with another contract.
/// Endorsers see the state before the block, so those who touch the same account in one block get
/// in each other's way; now and then somebody asks too few endorsers. Knows what peers will make
/// of it without asking the project's own validator.
class Business {
public:
    Business(std::size_t organisations, std::size_t accounts, SeededRandom& random);

    BusinessCall next();
    /// Judges the calls of a block in their order, as peers do: sets the codes, and gives what is
    /// left in the state.
    protocol::UpdateBatch commit(BlockNumber block, std::vector<BusinessCall>& calls);

private:
    using Kind = BusinessKey::Kind;
    BusinessCall begin(const char* contract, const char* function);
    BusinessCall openAccounts();
    BusinessCall transfer();
    BusinessCall change(bool out);
    BusinessCall setLimit();
    BusinessCall archive();
    BusinessCall settle();
    BusinessCall registerDocument();
    BusinessCall balanceOf();

    std::uint32_t anyAccount();
    void read(BusinessCall& call, BusinessKey key);
    void writeAccount(BusinessCall& call, std::uint32_t number, std::int64_t balance);
    protocol::ValidationCode judge(const BusinessCall& call) const;
    std::optional<protocol::Version> versionOf(BusinessKey key) const;
    void setVersion(BusinessKey key, std::optional<protocol::Version> version);

    std::size_t m_organisations;
    std::size_t m_accountsWanted;
    SeededRandom& m_random;
    std::uint32_t m_opened = 0, m_transfers = 0, m_documents = 0, m_settled = 0;
    /// By kind and number; block 0 stands for a key that does not exist.
    std::array<std::vector<protocol::Version>, 4> m_versions;
    std::vector<std::int64_t> m_balances;
};

}  // namespace chancery::bench
