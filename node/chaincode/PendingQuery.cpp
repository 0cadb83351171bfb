#include "node/chaincode/PendingQuery.h"

#include <fmt/format.h>

#include "fabric/ledger/queryresult.pb.h"
#include "src/protocol/Envelope.h"
#include "src/wire/Serialize.h"

namespace chancery::node {

PendingQuery::PendingQuery(std::unique_ptr<Rows> rows, std::string ns, std::uint32_t limit,
                           bool isPage)
    : m_rows(std::move(rows)), m_ns(std::move(ns)), m_limit(limit), m_isPage(isPage) {}

PendingQuery::PendingQuery(std::unique_ptr<HistoryScan> history, std::uint32_t limit)
    : m_history(std::move(history)), m_limit(limit) {}

Result<std::optional<Bytes>> PendingQuery::nextRow() {
    if (m_history) {
        ASSIGN_OR_RETURN(auto change, m_history->next());
        if (!change) return std::optional<Bytes>();
        ::queryresult::KeyModification message;
        message.set_tx_id(change->txId.str());
        message.set_value(std::move(change->value));
        const auto time = protocol::Timestamp::fromTime(change->time);
        message.mutable_timestamp()->set_seconds(time.seconds);
        message.mutable_timestamp()->set_nanos(time.nanos);
        message.set_is_delete(change->isDelete);
        return std::optional(wire::serialize(message));
    }
    ASSIGN_OR_RETURN(auto row, m_rows->next());
    if (!row) return std::optional<Bytes>();
    ::queryresult::KV message;
    message.set_namespace_(m_ns);
    message.set_key(std::move(row->key));
    message.set_value(std::move(row->value));
    return std::optional(wire::serialize(message));
}

Result<::protos::QueryResponse> PendingQuery::next(const std::string& id) {
    ::protos::QueryResponse response;
    response.set_id(id);
    std::size_t bytes = 0;
    const auto add = [&](Bytes row) {
        bytes += row.size();
        response.add_results()->set_resultbytes(std::move(row));
    };
    if (m_ahead) add(*std::exchange(m_ahead, std::nullopt));
    while (m_total < m_limit) {
        ASSIGN_OR_RETURN(auto row, nextRow());
        if (!row) break;
        ++m_total;
        if (!m_isPage && response.results_size() == kBatchRows) {
            m_ahead = std::move(row);
            response.set_has_more(true);
            return response;
        }
        add(*std::move(row));
        if (bytes > kMaxBatchBytes)
            return makeError(
                StatusCode::kResourceExhausted, "TOO_MANY_RESULTS",
                fmt::format("the results of one answer take more than {} bytes", kMaxBatchBytes));
    }
    if (m_isPage) {
        ::protos::QueryResponseMetadata metadata;
        metadata.set_fetched_records_count(static_cast<std::int32_t>(m_total));
        ASSIGN_OR_RETURN(*metadata.mutable_bookmark(), m_rows->bookmark());
        response.set_metadata(wire::serialize(metadata));
    }
    return response;
}

}  // namespace chancery::node
