#include "node/chaincode/ContractRequests.h"

#include <fmt/format.h>

#include "node/chaincode/Definitions.h"
#include "src/policy/ApplicationPolicy.h"
#include "src/wire/Serialize.h"

namespace chancery::node {
namespace {

using ::protos::ChaincodeMessage;

Status refuse(std::string sentence) {
    return makeError(StatusCode::kFailedPrecondition, "CONTRACT_REQUEST", sentence);
}

/// The stream's own parser has bounded the bytes; these messages hold no more than they take.
template <class Message>
Result<Message> decode(const Bytes& payload) {
    Message message;
    if (!message.ParseFromString(payload)) return refuse("unmarshal failed: proto: cannot parse");
    return message;
}

enum class Access { Read, Write };

Result<Execution::Permission> permissionOf(Execution& execution, const std::string& collection) {
    ASSIGN_OR_RETURN(const auto config,
                     collectionOf(*execution.simulation, execution.contract, collection));
    if (!config)
        return refuse(fmt::format("collection {}/{}/{} could not be found", execution.channelName(),
                                  execution.contract, collection));
    if (!config->memberOnlyRead && !config->memberOnlyWrite)
        return Execution::Permission{true, true};
    const auto& msps = execution.simulation->bundle().msps();
    auto policy = policy::compileKeyPolicy(config->memberOrgsPolicy, msps);
    if (!policy.ok())
        return withContext(policy.status(),
                           fmt::format("error setting up collection {}", collection));
    const auto creator = msps->deserialize(execution.proposal->signatureHeader.creator);
    if (creator.ok()) {
        const identity::IdentityPtr identities[] = {*creator};
        if ((*policy)->isSatisfiedBy(identities)) return Execution::Permission{true, true};
    }
    return Execution::Permission{!config->memberOnlyRead, !config->memberOnlyWrite};
}

Status checkPrivate(const Execution& execution) {
    if (execution.isInit) return refuse("private data APIs are not allowed in chaincode Init()");
    return {};
}

Status checkAccess(Execution& execution, const std::string& collection, Access access) {
    RETURN_IF_ERROR(checkPrivate(execution));
    auto known = execution.permissions.find(collection);
    if (known == execution.permissions.end()) {
        ASSIGN_OR_RETURN(const auto permission, permissionOf(execution, collection));
        known = execution.permissions.emplace(collection, permission).first;
    }
    const bool allowed = access == Access::Read ? known->second.read : known->second.write;
    if (allowed) return {};
    return refuse(
        fmt::format("tx creator does not have {} access permission on privatedata in "
                    "chaincodeName:{} collectionName: {}",
                    access == Access::Read ? "read" : "write", execution.contract, collection));
}

Status checkMetadataCapability(const Execution& execution) {
    if (execution.simulation->bundle().capabilities().keyLevelEndorsement) return {};
    return refuse(
        "key level endorsement is not enabled, channel application capability of V1_3 or "
        "later is required");
}

Result<Bytes> valueOf(Execution& execution, const std::string& collection, const std::string& key) {
    Simulation& simulation = *execution.simulation;
    auto value = collection.empty() ? simulation.get(execution.contract, key)
                                    : simulation.getPrivate(execution.contract, collection, key);
    RETURN_IF_ERROR(value.status());
    return *value ? **std::move(value) : Bytes();
}

Result<Bytes> getState(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::GetState>(payload));
    if (!request.collection().empty())
        RETURN_IF_ERROR(checkAccess(execution, request.collection(), Access::Read));
    return valueOf(execution, request.collection(), request.key());
}

Result<Bytes> getStateMultiple(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::GetStateMultiple>(payload));
    if (!request.collection().empty())
        RETURN_IF_ERROR(checkAccess(execution, request.collection(), Access::Read));
    ::protos::GetStateMultipleResult result;
    for (const std::string& key : request.keys()) {
        ASSIGN_OR_RETURN(*result.add_values(), valueOf(execution, request.collection(), key));
    }
    return wire::serialize(result);
}

Result<Bytes> getPrivateDataHash(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::GetState>(payload));
    RETURN_IF_ERROR(checkPrivate(execution));
    ASSIGN_OR_RETURN(auto hash, execution.simulation->getPrivateHash(
                                    execution.contract, request.collection(), request.key()));
    return hash ? *std::move(hash) : Bytes();
}

Result<Bytes> getMetadata(Execution& execution, const Bytes& payload) {
    RETURN_IF_ERROR(checkMetadataCapability(execution));
    ASSIGN_OR_RETURN(const auto request, decode<::protos::GetStateMetadata>(payload));
    if (!request.collection().empty())
        RETURN_IF_ERROR(checkAccess(execution, request.collection(), Access::Read));
    Simulation& simulation = *execution.simulation;
    auto metadata =
        request.collection().empty()
            ? simulation.metadata(execution.contract, request.key())
            : simulation.privateMetadata(execution.contract, request.collection(), request.key());
    RETURN_IF_ERROR(metadata.status());
    ::protos::StateMetadataResult result;
    for (const auto& [name, value] : *metadata) {
        auto* entry = result.add_entries();
        entry->set_metakey(name);
        entry->set_value(value);
    }
    return wire::serialize(result);
}

Status put(Execution& execution, const std::string& collection, const std::string& key,
           BytesView value) {
    if (collection.empty()) return execution.simulation->put(execution.contract, key, value);
    RETURN_IF_ERROR(checkAccess(execution, collection, Access::Write));
    return execution.simulation->putPrivate(execution.contract, collection, key, value);
}

Status purge(Execution& execution, const std::string& collection, const std::string& key) {
    if (!execution.simulation->bundle().capabilities().purgePrivateData)
        return refuse(
            "purge private data is not enabled, channel application capability of V2_5 "
            "or later is required");
    if (collection.empty()) return refuse("only applicable for private data");
    RETURN_IF_ERROR(checkAccess(execution, collection, Access::Write));
    return execution.simulation->purgePrivate(execution.contract, collection, key);
}

Status putMetadata(Execution& execution, const std::string& collection, const std::string& key,
                   const ::protos::StateMetadata& metadata) {
    RETURN_IF_ERROR(checkMetadataCapability(execution));
    const Simulation::Metadata entries{{metadata.metakey(), metadata.value()}};
    if (collection.empty())
        return execution.simulation->putMetadata(execution.contract, key, entries);
    RETURN_IF_ERROR(checkAccess(execution, collection, Access::Write));
    return execution.simulation->putPrivateMetadata(execution.contract, collection, key, entries);
}

Result<Bytes> putState(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::PutState>(payload));
    RETURN_IF_ERROR(put(execution, request.collection(), request.key(), request.value()));
    return Bytes();
}

Result<Bytes> delState(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::DelState>(payload));
    RETURN_IF_ERROR(put(execution, request.collection(), request.key(), {}));
    return Bytes();
}

Result<Bytes> purgePrivateData(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::PurgePrivateState>(payload));
    RETURN_IF_ERROR(purge(execution, request.collection(), request.key()));
    return Bytes();
}

Result<Bytes> putStateMetadata(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::PutStateMetadata>(payload));
    RETURN_IF_ERROR(
        putMetadata(execution, request.collection(), request.key(), request.metadata()));
    return Bytes();
}

Result<Bytes> writeBatch(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto batch, decode<::protos::WriteBatchState>(payload));
    for (const auto& record : batch.rec()) {
        switch (record.type()) {
            case ::protos::WriteRecord::PUT_STATE:
                RETURN_IF_ERROR(put(execution, record.collection(), record.key(), record.value()));
                break;
            case ::protos::WriteRecord::DEL_STATE:
                RETURN_IF_ERROR(put(execution, record.collection(), record.key(), {}));
                break;
            case ::protos::WriteRecord::PURGE_PRIVATE_DATA:
                RETURN_IF_ERROR(purge(execution, record.collection(), record.key()));
                break;
            case ::protos::WriteRecord::PUT_STATE_METADATA:
                RETURN_IF_ERROR(
                    putMetadata(execution, record.collection(), record.key(), record.metadata()));
                break;
            default:
                return refuse("unknown operation type");
        }
    }
    return Bytes();
}

// ---- queries ----

constexpr std::size_t kMaxQueries = 256;  // of one transaction at a time

Result<Bytes> nextBatch(Execution& execution, const std::string& id) {
    const auto found = execution.queries.find(id);
    if (found == execution.queries.end()) return refuse("query iterator not found");
    const auto response = found->second->next(id);
    if (!response.ok() || !response->has_more()) execution.queries.erase(found);
    RETURN_IF_ERROR(response.status());
    return wire::serialize(*response);
}

template <class... Arguments>
Result<Bytes> begin(Execution& execution, Arguments&&... arguments) {
    if (execution.queries.size() >= kMaxQueries)
        return refuse(fmt::format("more than {} queries are open", kMaxQueries));
    const std::string id = fmt::format("{}", ++execution.lastQuery);
    execution.queries.emplace(
        id, std::make_unique<PendingQuery>(std::forward<Arguments>(arguments)...));
    return nextBatch(execution, id);
}

struct Page {
    bool isPage = false;
    std::int32_t size = 0;
    std::string bookmark;
    std::uint32_t limit = 0;  ///< rows altogether
};

Result<Page> pageOf(const Execution& execution, const Bytes& metadata) {
    Page page;
    page.limit = execution.simulation->limits().totalQueryLimit;
    if (metadata.empty()) return page;
    ASSIGN_OR_RETURN(const auto message, decode<::protos::QueryMetadata>(metadata));
    page.size = message.pagesize();
    page.bookmark = message.bookmark();
    page.isPage = page.size != 0 || !page.bookmark.empty();
    if (page.size > 0) page.limit = std::min(page.limit, static_cast<std::uint32_t>(page.size));
    return page;
}

Result<Bytes> getStateByRange(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::GetStateByRange>(payload));
    ASSIGN_OR_RETURN(Page page, pageOf(execution, request.metadata()));
    Simulation& simulation = *execution.simulation;
    const std::string& ns = execution.contract;
    std::unique_ptr<Rows> rows;
    if (!request.collection().empty()) {
        page.isPage = false;
        RETURN_IF_ERROR(checkAccess(execution, request.collection(), Access::Read));
        ASSIGN_OR_RETURN(rows, simulation.privateRange(ns, request.collection(), request.startkey(),
                                                       request.endkey()));
    } else if (page.isPage) {
        const std::string& start = page.bookmark.empty() ? request.startkey() : page.bookmark;
        ASSIGN_OR_RETURN(rows, simulation.rangePage(ns, start, request.endkey()));
    } else {
        ASSIGN_OR_RETURN(rows, simulation.range(ns, request.startkey(), request.endkey()));
    }
    return begin(execution, std::move(rows), ns, page.limit, page.isPage);
}

Result<Bytes> getQueryResult(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::GetQueryResult>(payload));
    ASSIGN_OR_RETURN(Page page, pageOf(execution, request.metadata()));
    Simulation& simulation = *execution.simulation;
    const std::string& ns = execution.contract;
    std::unique_ptr<Rows> rows;
    if (!request.collection().empty()) {
        page.isPage = false;
        RETURN_IF_ERROR(checkAccess(execution, request.collection(), Access::Read));
        ASSIGN_OR_RETURN(rows, simulation.privateQuery(ns, request.collection(), request.query()));
    } else if (page.isPage) {
        ASSIGN_OR_RETURN(rows, simulation.queryPage(ns, request.query(), page.bookmark, page.size));
    } else {
        ASSIGN_OR_RETURN(rows, simulation.query(ns, request.query()));
    }
    return begin(execution, std::move(rows), ns, page.limit, page.isPage);
}

Result<Bytes> getHistory(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::GetHistoryForKey>(payload));
    ASSIGN_OR_RETURN(auto history,
                     execution.simulation->history(execution.contract, request.key()));
    return begin(execution, std::move(history), execution.simulation->limits().totalQueryLimit);
}

Result<Bytes> queryNext(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::QueryStateNext>(payload));
    return nextBatch(execution, request.id());
}

Result<Bytes> queryClose(Execution& execution, const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto request, decode<::protos::QueryStateClose>(payload));
    if (const auto found = execution.queries.find(request.id()); found != execution.queries.end())
        execution.queries.erase(found);
    ::protos::QueryResponse response;
    response.set_id(request.id());
    return wire::serialize(response);
}

}  // namespace

bool isRequest(ChaincodeMessage::Type type) {
    return type == ChaincodeMessage::INVOKE_CHAINCODE ||
           (type >= ChaincodeMessage::GET_STATE && type <= ChaincodeMessage::DEL_STATE) ||
           (type >= ChaincodeMessage::GET_STATE_BY_RANGE &&
            type <= ChaincodeMessage::GET_STATE_MULTIPLE && type != ChaincodeMessage::KEEPALIVE);
}

bool isSlow(const ChaincodeMessage& request) {
    constexpr std::size_t kSmallBatch = 64U << 10;
    switch (request.type()) {
        case ChaincodeMessage::GET_STATE_BY_RANGE:
        case ChaincodeMessage::GET_QUERY_RESULT:
        case ChaincodeMessage::GET_HISTORY_FOR_KEY:
        case ChaincodeMessage::QUERY_STATE_NEXT:
            return true;
        case ChaincodeMessage::WRITE_BATCH_STATE:
        case ChaincodeMessage::GET_STATE_MULTIPLE:
            return request.payload().size() > kSmallBatch;
        default:
            return false;
    }
}

Result<Bytes> answerRequest(Execution& execution, const ChaincodeMessage& request) {
    const Bytes& payload = request.payload();
    switch (request.type()) {
        case ChaincodeMessage::GET_STATE:
            return getState(execution, payload);
        case ChaincodeMessage::PUT_STATE:
            return putState(execution, payload);
        case ChaincodeMessage::DEL_STATE:
            return delState(execution, payload);
        case ChaincodeMessage::GET_STATE_BY_RANGE:
            return getStateByRange(execution, payload);
        case ChaincodeMessage::GET_QUERY_RESULT:
            return getQueryResult(execution, payload);
        case ChaincodeMessage::QUERY_STATE_NEXT:
            return queryNext(execution, payload);
        case ChaincodeMessage::QUERY_STATE_CLOSE:
            return queryClose(execution, payload);
        case ChaincodeMessage::GET_HISTORY_FOR_KEY:
            return getHistory(execution, payload);
        case ChaincodeMessage::GET_STATE_METADATA:
            return getMetadata(execution, payload);
        case ChaincodeMessage::PUT_STATE_METADATA:
            return putStateMetadata(execution, payload);
        case ChaincodeMessage::GET_PRIVATE_DATA_HASH:
            return getPrivateDataHash(execution, payload);
        case ChaincodeMessage::PURGE_PRIVATE_DATA:
            return purgePrivateData(execution, payload);
        case ChaincodeMessage::WRITE_BATCH_STATE:
            return writeBatch(execution, payload);
        case ChaincodeMessage::GET_STATE_MULTIPLE:
            return getStateMultiple(execution, payload);
        default:
            return refuse("not a request");
    }
}

}  // namespace chancery::node
