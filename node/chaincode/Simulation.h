#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/chaincode/Rows.h"
#include "node/state/StateView.h"
#include "src/base/Ids.h"
#include "src/base/Status.h"
#include "src/channel/Bundle.h"
#include "src/protocol/Lifecycle.h"
#include "src/protocol/ReadWriteSetBuilder.h"

namespace chancery::node {

/// What one transaction does to one channel's state, without doing it: reads are answered from a
/// view of the committed state, everything is recorded as Fabric's peers record it, to the byte
/// (fact sheet B §1.3, §2). One thread at a time. The sentences of errors are Fabric's, for
/// contracts show them to their callers.
class Simulation {
public:
    using Metadata = protocol::ReadWriteSetBuilder::Metadata;

    struct Limits {
        std::uint32_t totalQueryLimit = 100'000;  ///< rows that one query may give
        std::size_t maxWrittenBytes = 64U << 20;  ///< keys and values, overwritten ones included
    };

    Simulation(channel::BundlePtr bundle, std::unique_ptr<StateView> view, TxId txId,
               const Limits& limits);
    Simulation(channel::BundlePtr bundle, std::unique_ptr<StateView> view, TxId txId)
        : Simulation(std::move(bundle), std::move(view), std::move(txId), Limits()) {}
    ~Simulation();

    const channel::Bundle& bundle() const { return *m_bundle; }
    const StateView& view() const { return *m_view; }
    const TxId& txId() const { return m_txId; }
    const Limits& limits() const { return m_limits; }

    /// Nothing when there is no such key.
    Result<std::optional<Bytes>> get(std::string_view ns, std::string_view key);
    Result<Metadata> metadata(std::string_view ns, std::string_view key);
    /// An empty value deletes.
    Status put(std::string_view ns, std::string_view key, BytesView value);
    Status remove(std::string_view ns, std::string_view key) { return put(ns, key, {}); }
    /// Replaces all of the key's metadata.
    Status putMetadata(std::string_view ns, std::string_view key, const Metadata& metadata);

    // What gives rows must not be used after finish().
    Result<std::unique_ptr<Rows>> range(std::string_view ns, std::string_view start,
                                        std::string_view end);
    /// A page: a transaction that asks for one may not write.
    Result<std::unique_ptr<Rows>> rangePage(std::string_view ns, std::string_view start,
                                            std::string_view end);
    Result<std::unique_ptr<Rows>> query(std::string_view ns, std::string_view mango);
    /// `pageSize` 0 or less: no limit of its own.
    Result<std::unique_ptr<Rows>> queryPage(std::string_view ns, std::string_view mango,
                                            std::string_view bookmark, std::int32_t pageSize);
    Result<std::unique_ptr<HistoryScan>> history(std::string_view ns, std::string_view key);

    // Private data. Each checks that the collection is one of the contract's, or implicit.
    Result<std::optional<Bytes>> getPrivate(std::string_view ns, std::string_view collection,
                                            std::string_view key);
    /// SHA-256 of the value; nothing when there is no such key.
    Result<std::optional<Bytes>> getPrivateHash(std::string_view ns, std::string_view collection,
                                                std::string_view key);
    Result<Metadata> privateMetadata(std::string_view ns, std::string_view collection,
                                     std::string_view key);
    Status putPrivate(std::string_view ns, std::string_view collection, std::string_view key,
                      BytesView value);
    Status purgePrivate(std::string_view ns, std::string_view collection, std::string_view key);
    Status putPrivateMetadata(std::string_view ns, std::string_view collection,
                              std::string_view key, const Metadata& metadata);
    Result<std::unique_ptr<Rows>> privateRange(std::string_view ns, std::string_view collection,
                                               std::string_view start, std::string_view end);
    Result<std::unique_ptr<Rows>> privateQuery(std::string_view ns, std::string_view collection,
                                               std::string_view mango);

    struct Output {
        Bytes readWriteSet;   ///< TxReadWriteSet
        Bytes privateWrites;  ///< TxPvtReadWriteSet; empty when none
        Bytes interest;       ///< ChaincodeInterest
    };
    /// Ends the simulation; called once.
    Result<Output> finish();

private:
    friend class RangeRows;
    friend class QueryRows;

    /// The policies of keys that were written, by namespace and collection ("" is the public part):
    /// what the gateway has to know.
    using KeyPolicies =
        std::map<std::string, std::map<std::string, std::map<std::string, std::optional<Bytes>>>>;

    Status beforeWrite(std::size_t bytes);
    Status beforePage();
    Status beforePrivateQuery();
    Status checkCollection(std::string_view ns, std::string_view collection);
    Status noteKeyPolicy(std::string_view ns, std::string_view collection, std::string_view key);
    Result<std::unique_ptr<Rows>> openRange(std::string_view ns, std::string_view start,
                                            std::string_view end);

    channel::BundlePtr m_bundle;
    std::unique_ptr<StateView> m_view;
    TxId m_txId;
    Limits m_limits;
    protocol::ReadWriteSetBuilder m_builder;
    std::vector<std::shared_ptr<struct RangeRecord>> m_ranges;  ///< in the order of their beginning
    std::map<std::string, std::set<std::string, std::less<>>, std::less<>> m_collections;
    KeyPolicies m_keyPolicies;
    std::set<std::pair<std::string, std::string>> m_privateReads;
    std::size_t m_writtenBytes = 0;
    bool m_wrote = false;
    bool m_pagedQuery = false;
    bool m_privateQuery = false;
    bool m_finished = false;
};

/// Whether Fabric counts a namespace among the system contracts.
bool isSystemNamespace(std::string_view ns);

}  // namespace chancery::node
