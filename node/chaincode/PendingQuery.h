#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "fabric/peer/chaincode_shim.pb.h"
#include "node/chaincode/Rows.h"
#include "node/state/StateView.h"
#include "src/base/Status.h"

namespace chancery::node {

/// A query of a contract whose results go to it in batches. The peer is always one row ahead: it
/// knows that a batch is the last one only when there is no further row, and what it has looked at
/// stands in the read set (fact sheet B §2). One thread at a time.
class PendingQuery {
public:
    static constexpr int kBatchRows = 100;
    /// Of one answer; what a contract's stream lets through.
    static constexpr std::size_t kMaxBatchBytes = 64U << 20;

    /// A page goes out whole, with its bookmark. `ns` goes into each row.
    PendingQuery(std::unique_ptr<Rows> rows, std::string ns, std::uint32_t limit, bool isPage);
    PendingQuery(std::unique_ptr<HistoryScan> history, std::uint32_t limit);

    /// The next batch. When it has no more, the query is over.
    Result<::protos::QueryResponse> next(const std::string& id);

private:
    Result<std::optional<Bytes>> nextRow();

    std::unique_ptr<Rows> m_rows;
    std::unique_ptr<HistoryScan> m_history;
    std::string m_ns;
    std::uint32_t m_limit;
    bool m_isPage = false;
    std::uint32_t m_total = 0;
    std::optional<Bytes> m_ahead;  ///< belongs to the next batch
};

}  // namespace chancery::node
