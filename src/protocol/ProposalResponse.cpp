#include "src/protocol/ProposalResponse.h"

#include <fabric/peer/proposal.pb.h>
#include <fabric/peer/proposal_response.pb.h>

#include "src/protocol/FieldReader.h"
#include "src/protocol/MessageReaders.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

void setResponse(std::int32_t status, std::string_view message, BytesView payload,
                 ::protos::Response& out) {
    out.set_status(status);
    out.set_message(std::string(message));
    out.set_payload(std::string(payload));
}

bool readOuter(FieldReader& reader, ProposalResponse& out) {
    return reader.each(out.bytes.view(), [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case integerField(1):
                out.version = static_cast<std::int32_t>(field.integer());
                return true;
            case lengthField(2):
                if (!out.timestamp) out.timestamp.emplace();
                return reader.inside("timestamp", [&] {
                    return readTimestamp(reader, field.view(), *out.timestamp);
                });
            case lengthField(4):
                if (!out.response) out.response.emplace();
                return reader.inside("response", [&] {
                    return readChaincodeResponse(reader, field.view(), *out.response);
                });
            case lengthField(5):
                return reader.bytes(field, out.payload);
            case lengthField(6):
                if (!out.endorsement) out.endorsement.emplace();
                return reader.inside("endorsement", [&] {
                    return readEndorsement(reader, field.view(), *out.endorsement);
                });
            case lengthField(7):
                return reader.bytes(field, out.interest);
        }
        return true;
    });
}

}  // namespace

Bytes encodeResponsePayload(const SimulationResult& result) {
    ::protos::ChaincodeAction action;
    action.set_results(result.results);
    action.set_events(result.event);
    setResponse(result.responseStatus, result.responseMessage, result.responsePayload,
                *action.mutable_response());
    action.mutable_chaincode_id()->set_name(result.chaincode);
    action.mutable_chaincode_id()->set_version(result.chaincodeVersion);
    ::protos::ProposalResponsePayload message;
    message.set_proposal_hash(result.proposalHash);
    message.set_extension(wire::serialize(action));
    return wire::serialize(message);
}

Result<Bytes> endorse(const SimulationResult& result, BytesView endorser, const Signer& signer) {
    const Bytes payload = encodeResponsePayload(result);
    ASSIGN_OR_RETURN(Bytes signature, signer(endorsementMessage(payload, endorser)));
    ::protos::ProposalResponse message;
    message.set_version(1);
    setResponse(result.responseStatus, result.responseMessage, result.responsePayload,
                *message.mutable_response());
    message.set_payload(payload);
    message.mutable_endorsement()->set_endorser(std::string(endorser));
    message.mutable_endorsement()->set_signature(std::move(signature));
    return wire::serialize(message);
}

Bytes encodeRefusal(std::int32_t status, std::string_view text, BytesView responsePayload) {
    ::protos::ProposalResponse message;
    setResponse(status, text, {}, *message.mutable_response());
    message.set_payload(std::string(responsePayload));
    return wire::serialize(message);
}

Result<ProposalResponse> decodeProposalResponse(SharedBytes bytes) {
    ProposalResponse out;
    out.bytes = std::move(bytes);
    FieldReader reader(out.bytes.view(), "proposal_response");
    if (!readOuter(reader, out)) return reader.status();
    TransactionAction action;
    RETURN_IF_ERROR(readResponsePayload(out.payload, action.proposalHash, action.actionBytes));
    RETURN_IF_ERROR(readChaincodeAction(action.actionBytes, action));
    out.proposalHash = action.proposalHash;
    out.chaincodeId = action.chaincodeId;
    out.actionResponse = action.response;
    return out;
}

}  // namespace chancery::protocol
