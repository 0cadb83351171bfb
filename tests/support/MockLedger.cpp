#include "tests/support/MockLedger.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fabric/ledger/queryresult.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "src/crypto/Digest.h"

namespace chancery::test {
namespace {

template <class M>
M parsed(const Bytes& bytes) {
    M message;
    message.ParseFromString(bytes);
    return message;
}

}  // namespace

MockLedger::MockLedger(node::contract::ContractHost& host)
    : m_peer(host, [this](const Message& question) { return answer(question); }) {}

const std::map<std::string, Bytes>& MockLedger::space(const std::string& collection) {
    return collection.empty() ? m_state : m_private[collection];
}

ContractOutcome MockLedger::submit(const ContractCall& call) {
    const std::string txId = m_peer.begin(call);
    const ContractOutcome outcome = m_peer.finish(txId);
    for (const Write& one : m_writes[txId]) {
        if (!outcome.ok()) break;
        auto& target = one.collection.empty() ? m_state : m_private[one.collection];
        if (one.value)
            target[one.key] = *one.value;
        else
            target.erase(one.key);
        if (one.collection.empty())
            m_history[one.key].insert(m_history[one.key].begin(), {txId, call.at, one.value});
    }
    m_writes.erase(txId);
    return outcome;
}

ContractOutcome MockLedger::evaluate(const ContractCall& call) {
    const ContractOutcome outcome = m_peer.invoke(call);
    m_writes.erase(outcome.txId);
    return outcome;
}

ContractOutcome MockLedger::submit(const Person& by, std::vector<Bytes> args,
                                   std::map<std::string, Bytes> transient) {
    return submit(
        {.args = std::move(args), .by = &by, .transient = std::move(transient), .at = m_time});
}

ContractOutcome MockLedger::evaluate(const Person& by, std::vector<Bytes> args,
                                     std::map<std::string, Bytes> transient) {
    return evaluate(
        {.args = std::move(args), .by = &by, .transient = std::move(transient), .at = m_time});
}

MockLedger::Message MockLedger::write(const Message& question, Write one) {
    m_writes[question.txid()].push_back(std::move(one));
    return FakePeer::respond(question);
}

std::optional<MockLedger::Message> MockLedger::answer(const Message& question) {
    const auto read = [&](const std::string& collection, const std::string& key) {
        const auto& values = space(collection);
        const auto found = values.find(key);
        return found == values.end() ? Bytes() : found->second;
    };
    switch (question.type()) {
        case Message::GET_STATE: {
            const auto get = parsed<protos::GetState>(question.payload());
            return FakePeer::respond(question, read(get.collection(), get.key()));
        }
        case Message::GET_PRIVATE_DATA_HASH: {
            const auto get = parsed<protos::GetState>(question.payload());
            const Bytes value = read(get.collection(), get.key());
            return FakePeer::respond(question, value.empty() ? Bytes() : crypto::sha256(value));
        }
        case Message::PUT_STATE: {
            const auto put = parsed<protos::PutState>(question.payload());
            return write(question, {put.collection(), put.key(), put.value()});
        }
        case Message::DEL_STATE:
        case Message::PURGE_PRIVATE_DATA: {
            const auto gone = parsed<protos::DelState>(question.payload());
            return write(question, {gone.collection(), gone.key(), std::nullopt});
        }
        case Message::GET_STATE_BY_RANGE:
            return answerRange(question);
        case Message::GET_QUERY_RESULT:
            return answerQuery(question);
        case Message::GET_HISTORY_FOR_KEY:
            return answerHistory(question);
        case Message::QUERY_STATE_NEXT:
            return batch(question, parsed<protos::QueryStateNext>(question.payload()).id());
        case Message::QUERY_STATE_CLOSE: {
            protos::QueryResponse closed;
            closed.set_id(parsed<protos::QueryStateClose>(question.payload()).id());
            m_open.erase(closed.id());
            return FakePeer::respond(question, closed.SerializeAsString());
        }
        case Message::INVOKE_CHAINCODE:
            return answerInvocation(question);
        default:
            return answerMetadata(question);
    }
}

MockLedger::Message MockLedger::answerMetadata(const Message& question) {
    if (question.type() == Message::PUT_STATE_METADATA) {
        const auto put = parsed<protos::PutStateMetadata>(question.payload());
        m_policies[put.collection() + "/" + put.key()] = put.metadata().value();
        return FakePeer::respond(question);
    }
    const auto get = parsed<protos::GetStateMetadata>(question.payload());
    protos::StateMetadataResult result;
    const auto found = m_policies.find(get.collection() + "/" + get.key());
    if (found != m_policies.end()) {
        auto& entry = *result.add_entries();
        entry.set_metakey("VALIDATION_PARAMETER");
        entry.set_value(found->second);
    }
    return FakePeer::respond(question, result.SerializeAsString());
}

MockLedger::Message MockLedger::answerRange(const Message& question) {
    const auto range = parsed<protos::GetStateByRange>(question.payload());
    const auto page = parsed<protos::QueryMetadata>(range.metadata());
    const std::string first = page.bookmark().empty() ? range.startkey() : page.bookmark();
    Rows rows;
    for (const auto& [key, value] : space(range.collection()))
        if (key >= first && (range.endkey().empty() || key < range.endkey()))
            rows.emplace_back(key, value);
    return this->page(question, std::move(rows), range.metadata(), true);
}

MockLedger::Message MockLedger::answerQuery(const Message& question) {
    const auto query = parsed<protos::GetQueryResult>(question.payload());
    const auto json = nlohmann::json::parse(query.query(), nullptr, false);
    if (!json.is_object() || !json.contains("selector"))
        return FakePeer::fail(question, "GET_QUERY_RESULT failed: no selector");
    Rows rows;
    for (const auto& [key, value] : space(query.collection())) {
        const auto document = nlohmann::json::parse(value, nullptr, false);
        bool matches = document.is_object();
        for (const auto& [name, wanted] : json["selector"].items())
            matches = matches && document.contains(name) && document[name] == wanted;
        if (matches) rows.emplace_back(key, value);
    }
    return page(question, std::move(rows), query.metadata(), false);
}

// With metadata one page, otherwise all in batches.
MockLedger::Message MockLedger::page(const Message& question, Rows rows, const Bytes& metadata,
                                     bool byKey) {
    const std::string id = fmt::format("query{}", ++m_queries);
    protos::QueryResponseMetadata told;
    const auto wanted = parsed<protos::QueryMetadata>(metadata);
    const bool paged = wanted.pagesize() > 0;
    if (paged && rows.size() > static_cast<std::size_t>(wanted.pagesize())) {
        told.set_bookmark(byKey ? rows[wanted.pagesize()].first : "more");
        rows.resize(wanted.pagesize());
    }
    for (const auto& [key, value] : rows) {
        queryresult::KV row;
        row.set_namespace_("contract");
        row.set_key(key);
        row.set_value(value);
        m_open[id].push_back(row.SerializeAsString());
    }
    told.set_fetched_records_count(static_cast<int>(rows.size()));
    Message message = batch(question, id);
    if (paged) {
        auto response = parsed<protos::QueryResponse>(message.payload());
        response.set_metadata(told.SerializeAsString());
        message.set_payload(response.SerializeAsString());
    }
    return message;
}

MockLedger::Message MockLedger::batch(const Message& question, const std::string& id) {
    auto& rows = m_open[id];
    protos::QueryResponse response;
    response.set_id(id);
    const std::size_t count = std::min(m_batch, rows.size());
    for (std::size_t i = 0; i < count; ++i) response.add_results()->set_resultbytes(rows[i]);
    rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
    response.set_has_more(!rows.empty());
    return FakePeer::respond(question, response.SerializeAsString());
}

MockLedger::Message MockLedger::answerHistory(const Message& question) {
    const auto get = parsed<protos::GetHistoryForKey>(question.payload());
    const std::string id = fmt::format("query{}", ++m_queries);
    m_open[id] = {};
    for (const Version& version : m_history[get.key()]) {
        queryresult::KeyModification row;
        row.set_tx_id(version.txId);
        row.set_value(version.value.value_or(Bytes()));
        row.set_is_delete(!version.value);
        row.mutable_timestamp()->set_seconds(absl::ToUnixSeconds(version.at));
        m_open[id].push_back(row.SerializeAsString());
    }
    return batch(question, id);
}

MockLedger::Message MockLedger::answerInvocation(const Message& question) {
    const auto spec = parsed<protos::ChaincodeSpec>(question.payload());
    if (!other)
        return FakePeer::fail(question, "INVOKE_CHAINCODE failed: there is no other contract");
    const ContractOutcome outcome =
        other(spec.chaincode_id().name(), {spec.input().args().begin(), spec.input().args().end()});
    protos::Response response;
    response.set_status(outcome.status);
    response.set_message(outcome.message);
    response.set_payload(outcome.payload);
    Message inner;
    inner.set_type(outcome.completed ? Message::COMPLETED : Message::ERROR);
    inner.set_payload(response.SerializeAsString());
    return FakePeer::respond(question, inner.SerializeAsString());
}

}  // namespace chancery::test
