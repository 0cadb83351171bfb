#include "node/contract/ShimCodec.h"

#include <fmt/format.h>

#include "fabric/common/policies.pb.h"
#include "fabric/ledger/queryresult.pb.h"
#include "fabric/msp/msp_principal.pb.h"
#include "fabric/peer/chaincode.pb.h"
#include "fabric/peer/chaincode_shim.pb.h"
#include "fabric/peer/proposal_response.pb.h"
#include "src/wire/Parse.h"
#include "src/wire/Serialize.h"

namespace chancery::node::contract {
namespace {

using Message = protos::ChaincodeMessage;

template <class M>
Bytes keyAndCollection(const std::vector<Bytes>& words) {
    M message;
    message.set_collection(words[0]);
    message.set_key(words[1]);
    return wire::serialize(message);
}

// Nothing when no page is wanted.
Bytes pageOf(int pageSize, const Bytes& bookmark) {
    if (pageSize < 0) return {};
    protos::QueryMetadata page;
    page.set_pagesize(pageSize);
    page.set_bookmark(bookmark);
    return wire::serialize(page);
}

Bytes encodePut(const std::vector<Bytes>& words) {
    protos::PutState put;
    put.set_collection(words[0]);
    put.set_key(words[1]);
    put.set_value(words[2]);
    return wire::serialize(put);
}

Bytes encodeRange(const Question& question) {
    protos::GetStateByRange range;
    range.set_collection(question.words[0]);
    range.set_startkey(question.words[1]);
    range.set_endkey(question.words[2]);
    range.set_metadata(pageOf(question.pageSize, question.words[3]));
    return wire::serialize(range);
}

Bytes encodeQuery(const Question& question) {
    protos::GetQueryResult query;
    query.set_collection(question.words[0]);
    query.set_query(question.words[1]);
    query.set_metadata(pageOf(question.pageSize, question.words[2]));
    return wire::serialize(query);
}

Bytes encodeMetadata(const std::vector<Bytes>& words) {
    protos::PutStateMetadata put;
    put.set_collection(words[0]);
    put.set_key(words[1]);
    put.mutable_metadata()->set_metakey(words[2]);
    put.mutable_metadata()->set_value(words[3]);
    return wire::serialize(put);
}

Bytes encodeInvocation(const std::vector<Bytes>& words) {
    protos::ChaincodeSpec spec;
    spec.mutable_chaincode_id()->set_name(words[0]);
    spec.mutable_input();
    for (std::size_t i = 1; i < words.size(); ++i) spec.mutable_input()->add_args(words[i]);
    return wire::serialize(spec);
}

template <class M>
Bytes single(void (*set)(M&, const Bytes&), const Bytes& word) {
    M message;
    set(message, word);
    return wire::serialize(message);
}

std::size_t wordsOf(int type) {
    switch (type) {
        case Message::GET_STATE:
        case Message::GET_PRIVATE_DATA_HASH:
        case Message::DEL_STATE:
        case Message::PURGE_PRIVATE_DATA:
        case Message::GET_STATE_METADATA:
            return 2;
        case Message::PUT_STATE:
        case Message::GET_QUERY_RESULT:
            return 3;
        case Message::GET_STATE_BY_RANGE:
        case Message::PUT_STATE_METADATA:
            return 4;
        case Message::QUERY_STATE_NEXT:
        case Message::QUERY_STATE_CLOSE:
        case Message::GET_HISTORY_FOR_KEY:
        case Message::INVOKE_CHAINCODE:
            return 1;
        default:
            return 0;
    }
}

Answer failure(std::string_view sentence) {
    Answer answer;
    answer.failed = true;
    answer.bytes = std::string(sentence);
    return answer;
}

Status appendRow(int answerType, const Bytes& bytes, Answer& answer) {
    if (answerType == Message::GET_HISTORY_FOR_KEY) {
        ASSIGN_OR_RETURN(auto row, wire::parse<queryresult::KeyModification>(bytes, "row"));
        answer.parts.emplace_back(Text{std::move(*row.mutable_tx_id())});
        answer.parts.emplace_back(std::move(*row.mutable_value()));
        answer.parts.emplace_back(row.is_delete());
        answer.parts.emplace_back(static_cast<double>(row.timestamp().seconds()));
        answer.parts.emplace_back(static_cast<double>(row.timestamp().nanos()));
        return {};
    }
    ASSIGN_OR_RETURN(auto row, wire::parse<queryresult::KV>(bytes, "row"));
    answer.parts.emplace_back(Text{std::move(*row.mutable_key())});
    answer.parts.emplace_back(std::move(*row.mutable_value()));
    return {};
}

Result<Answer> decodeRows(int answerType, const Bytes& payload) {
    ASSIGN_OR_RETURN(auto response, wire::parse<protos::QueryResponse>(payload, "QueryResponse"));
    protos::QueryResponseMetadata page;
    if (!response.metadata().empty()) {
        ASSIGN_OR_RETURN(page,
                         wire::parse<protos::QueryResponseMetadata>(response.metadata(), "page"));
    }
    Answer answer;
    answer.isList = true;
    answer.parts.reserve(5 + 5 * static_cast<std::size_t>(response.results_size()));
    answer.parts.emplace_back(Text{std::move(*response.mutable_id())});
    answer.parts.emplace_back(response.has_more());
    answer.parts.emplace_back(!response.metadata().empty());
    answer.parts.emplace_back(static_cast<double>(page.fetched_records_count()));
    answer.parts.emplace_back(Text{page.bookmark()});
    for (const auto& row : response.results())
        RETURN_IF_ERROR(appendRow(answerType, row.resultbytes(), answer));
    return answer;
}

Result<Answer> decodeInvocation(const Bytes& payload) {
    ASSIGN_OR_RETURN(const auto inner, wire::parse<Message>(payload, "ChaincodeMessage"));
    ASSIGN_OR_RETURN(auto response, wire::parse<protos::Response>(inner.payload(), "Response"));
    Answer answer;
    answer.isList = true;
    answer.parts.emplace_back(inner.type() == Message::COMPLETED);
    answer.parts.emplace_back(static_cast<double>(response.status()));
    answer.parts.emplace_back(Text{std::move(*response.mutable_message())});
    answer.parts.emplace_back(std::move(*response.mutable_payload()));
    return answer;
}

Result<Answer> decodeStateMetadata(const Bytes& payload) {
    ASSIGN_OR_RETURN(auto result,
                     wire::parse<protos::StateMetadataResult>(payload, "StateMetadataResult"));
    Answer answer;
    answer.isList = true;
    for (auto& entry : *result.mutable_entries()) {
        answer.parts.emplace_back(Text{std::move(*entry.mutable_metakey())});
        answer.parts.emplace_back(std::move(*entry.mutable_value()));
    }
    return answer;
}

Result<Answer> decodeResponse(int answerType, const Bytes& payload) {
    switch (answerType) {
        case Message::GET_STATE_BY_RANGE:
        case Message::GET_QUERY_RESULT:
        case Message::GET_HISTORY_FOR_KEY:
        case Message::QUERY_STATE_CLOSE:
            return decodeRows(answerType, payload);
        case Message::INVOKE_CHAINCODE:
            return decodeInvocation(payload);
        case Message::GET_STATE_METADATA:
            return decodeStateMetadata(payload);
        default: {
            Answer answer;
            answer.bytes = payload;
            return answer;
        }
    }
}

}  // namespace

bool Question::isWrite() const {
    return type == Message::PUT_STATE || type == Message::DEL_STATE ||
           type == Message::PUT_STATE_METADATA || type == Message::PURGE_PRIVATE_DATA;
}

int Question::answerType() const {
    if (type != Message::QUERY_STATE_NEXT) return type;
    return pageSize == 1 ? Message::GET_HISTORY_FOR_KEY : Message::GET_STATE_BY_RANGE;
}

std::uint64_t Question::size() const {
    std::uint64_t sum = 0;
    for (const Bytes& word : words) sum += word.size();
    return sum;
}

Result<Bytes> encodeQuestion(const Question& question) {
    const auto& words = question.words;
    const std::size_t wanted = wordsOf(question.type);
    const bool anyNumber = question.type == Message::INVOKE_CHAINCODE && !words.empty();
    if (wanted == 0 || (words.size() != wanted && !anyNumber))
        return makeError(StatusCode::kInvalidArgument, "BAD_QUESTION",
                         fmt::format("a message of type {} with {} parts is no question",
                                     question.type, words.size()));
    switch (question.type) {
        case Message::GET_STATE:
        case Message::GET_PRIVATE_DATA_HASH:
            return keyAndCollection<protos::GetState>(words);
        case Message::DEL_STATE:
            return keyAndCollection<protos::DelState>(words);
        case Message::PURGE_PRIVATE_DATA:
            return keyAndCollection<protos::PurgePrivateState>(words);
        case Message::GET_STATE_METADATA:
            return keyAndCollection<protos::GetStateMetadata>(words);
        case Message::PUT_STATE:
            return encodePut(words);
        case Message::GET_STATE_BY_RANGE:
            return encodeRange(question);
        case Message::GET_QUERY_RESULT:
            return encodeQuery(question);
        case Message::PUT_STATE_METADATA:
            return encodeMetadata(words);
        case Message::QUERY_STATE_NEXT:
            return single<protos::QueryStateNext>(
                [](protos::QueryStateNext& m, const Bytes& id) { m.set_id(id); }, words[0]);
        case Message::QUERY_STATE_CLOSE:
            return single<protos::QueryStateClose>(
                [](protos::QueryStateClose& m, const Bytes& id) { m.set_id(id); }, words[0]);
        case Message::GET_HISTORY_FOR_KEY:
            return single<protos::GetHistoryForKey>(
                [](protos::GetHistoryForKey& m, const Bytes& key) { m.set_key(key); }, words[0]);
        default:
            return encodeInvocation(words);
    }
}

Answer decodeAnswer(int answerType, const protos::ChaincodeMessage& message) {
    if (message.type() != Message::RESPONSE) return failure(message.payload());
    auto answer = decodeResponse(answerType, message.payload());
    return answer.ok() ? *std::move(answer) : failure(messageOf(answer.status()));
}

Bytes encodeKeyPolicy(const std::vector<std::pair<std::string, int>>& members) {
    common::SignaturePolicyEnvelope envelope;
    auto& all = *envelope.mutable_rule()->mutable_n_out_of();
    all.set_n(static_cast<std::int32_t>(members.size()));
    for (std::size_t i = 0; i < members.size(); ++i) {
        common::MSPRole role;
        role.set_msp_identifier(members[i].first);
        role.set_role(static_cast<common::MSPRole::MSPRoleType>(members[i].second));
        envelope.add_identities()->set_principal(wire::serialize(role));
        all.add_rules()->set_signed_by(static_cast<std::int32_t>(i));
    }
    return wire::serialize(envelope);
}

Result<std::vector<std::pair<std::string, int>>> decodeKeyPolicy(BytesView bytes) {
    ASSIGN_OR_RETURN(const auto envelope,
                     wire::parse<common::SignaturePolicyEnvelope>(bytes, "endorsement policy"));
    std::vector<std::pair<std::string, int>> members;
    for (const auto& principal : envelope.identities()) {
        if (principal.principal_classification() != common::MSPPrincipal::ROLE) continue;
        ASSIGN_OR_RETURN(const auto role,
                         wire::parse<common::MSPRole>(principal.principal(), "role"));
        members.emplace_back(role.msp_identifier(), static_cast<int>(role.role()));
    }
    return members;
}

}  // namespace chancery::node::contract
