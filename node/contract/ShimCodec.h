#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "src/base/Bytes.h"
#include "src/base/Status.h"

namespace protos {
class ChaincodeMessage;
}

namespace chancery::node::contract {

/// What a contract asks its peer. `words` in the order of the message's meaning:
///   GET_STATE, GET_PRIVATE_DATA_HASH, DEL_STATE, PURGE_PRIVATE_DATA, GET_STATE_METADATA:
///   collection
///     and key
///   PUT_STATE: collection, key, value
///   GET_STATE_BY_RANGE: collection, first key, end key, bookmark
///   GET_QUERY_RESULT: collection, query, bookmark
///   QUERY_STATE_NEXT, QUERY_STATE_CLOSE: id
///   GET_HISTORY_FOR_KEY: key
///   PUT_STATE_METADATA: collection, key, name of the entry, value
///   INVOKE_CHAINCODE: name, then the arguments
struct Question {
    int type = 0;       ///< ChaincodeMessage.Type
    int pageSize = -1;  ///< rows of a page; negative: not paginated
    std::vector<Bytes> words;

    bool isWrite() const;
    /// How its answer is read: the type, or for QUERY_STATE_NEXT that of the query which it goes on
    /// with (a page size of 1 stands for history there).
    int answerType() const;
    std::uint64_t size() const;  ///< bytes of all words
};

/// The payload of the message (fact sheet B §5.1). INVALID_ARGUMENT (BAD_QUESTION) for a type that
/// is no question or the wrong number of words.
Result<Bytes> encodeQuestion(const Question& question);

/// Bytes, text, number or truth value, as they go to the contract.
struct Text {
    std::string value;
};
using AnswerPart = std::variant<Bytes, Text, double, bool>;

/// What the peer answered.
struct Answer {
    bool failed = false;  ///< `bytes` is the sentence
    bool isList = false;  ///< `parts`; otherwise `bytes`
    Bytes bytes;
    /// Rows of queries: id, whether more follow, whether there is metadata, its count, its
    /// bookmark, then key and value per row; or transaction id, value, is-delete, seconds,
    /// nanoseconds. State metadata: name and value per entry. An invocation: completed, status,
    /// message, payload.
    std::vector<AnswerPart> parts;
};

/// From RESPONSE or ERROR; `answerType` is that of the question. What cannot be decoded is a failed
/// answer.
Answer decodeAnswer(int answerType, const protos::ChaincodeMessage& message);

/// SignaturePolicyEnvelope that asks for a signature of every one of these (MSP id, role number):
/// what a key's endorsement policy looks like.
Bytes encodeKeyPolicy(const std::vector<std::pair<std::string, int>>& members);
/// The roles that stand in it. MALFORMED_PROTOBUF.
Result<std::vector<std::pair<std::string, int>>> decodeKeyPolicy(BytesView bytes);

}  // namespace chancery::node::contract
