#pragma once

#include <absl/container/btree_map.h>

#include <map>
#include <string>
#include <vector>

#include "src/verify/State.h"
#include "src/verify/TransactionIndex.h"

namespace chancery::verify {

/// A ledger's state in memory. Copies are independent, which makes checkpoints. One thread at a
/// time.
class MemoryState final : public StateStore {
public:
    using Keys = absl::btree_map<std::string, StateValue, std::less<>>;

    void put(std::string_view ns, std::string_view key, StateValue value) override;
    void remove(std::string_view ns, std::string_view key, const Version& at) override;
    void addTransactions(BlockNumber block, const std::vector<std::string>& txIds) override {
        m_transactions.addBlock(block, txIds);
    }
    void addTransaction(std::string_view txId) override { m_transactions.addWithoutPlace(txId); }
    TransactionIndex& transactions() { return m_transactions; }
    const TransactionIndex& transactions() const { return m_transactions; }

    Result<std::optional<StateValue>> get(std::string_view ns, std::string_view key) const override;
    Result<std::optional<Version>> version(std::string_view ns,
                                           std::string_view key) const override;
    Result<Bytes> metadata(std::string_view ns, std::string_view key) const override;
    Result<std::unique_ptr<StateCursor>> range(std::string_view ns, std::string_view start,
                                               std::string_view end) const override;
    Result<bool> hasTransaction(std::string_view txId) const override;
    TxId transactionAt(const Version& place) const override;
    std::optional<Version> deletion(std::string_view ns, std::string_view key) const override;

    /// Null when the namespace is empty.
    const Keys* keys(std::string_view ns) const;
    /// Names of the namespaces that hold keys, sorted; hashed ones as hashedNamespace() names them.
    std::vector<std::string> namespaces() const;
    std::size_t keyCount() const { return m_keyCount; }
    std::size_t memoryBytes() const override {
        return m_memoryBytes + m_transactions.memoryBytes();
    }

private:
    const StateValue* find(std::string_view ns, std::string_view key) const;

    using Deletions = absl::btree_map<std::string, Version, std::less<>>;
    std::map<std::string, Keys, std::less<>> m_namespaces;
    std::map<std::string, Deletions, std::less<>> m_deletions;
    TransactionIndex m_transactions;
    std::size_t m_keyCount = 0;
    std::size_t m_memoryBytes = 0;
};

}  // namespace chancery::verify
