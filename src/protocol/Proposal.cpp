#include "src/protocol/Proposal.h"

#include <fabric/common/common.pb.h>
#include <fabric/peer/chaincode.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fmt/format.h>

#include "src/crypto/Digest.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/MessageReaders.h"
#include "src/protocol/TxId.h"
#include "src/wire/Serialize.h"

namespace chancery::protocol {
namespace {

Status refuse(std::string_view reason, std::string_view path, std::string_view sentence) {
    return makeError(StatusCode::kInvalidArgument, reason, fmt::format("{}: {}", path, sentence),
                     {{"path", std::string(path)}});
}

/// Two fields of bytes, as SignedProposal, Proposal and Header have them.
struct Pair {
    BytesView first, second;
};
Result<Pair> decodePair(BytesView bytes, std::string_view name) {
    FieldReader reader(bytes, name);
    Pair out;
    const bool read = reader.each(bytes, [&](const wire::FieldScanner& field) {
        if (keyOf(field) == lengthField(1)) out.first = field.view();
        if (keyOf(field) == lengthField(2)) out.second = field.view();
        return true;
    });
    if (!read) return reader.status();
    return out;
}

Bytes encodeInvocation(const ProposalRequest& request) {
    ::protos::ChaincodeInvocationSpec message;
    auto* spec = message.mutable_chaincode_spec();
    spec->set_type(static_cast<::protos::ChaincodeSpec_Type>(request.chaincodeType));
    spec->mutable_chaincode_id()->set_name(request.chaincode);
    auto* input = spec->mutable_input();
    for (const Bytes& arg : request.args) input->add_args(arg);
    input->set_is_init(request.isInit);
    return wire::serialize(message);
}

Bytes encodeProposalPayload(const ProposalRequest& request) {
    ::protos::ChaincodeProposalPayload message;
    message.set_input(encodeInvocation(request));
    for (const auto& [key, value] : request.transient)
        (*message.mutable_transientmap())[key] = value;
    return wire::serialize(message);
}

/// Everything below the signed proposal, in the order in which a peer takes it apart.
Status unpackHeaders(UnpackedProposal& out) {
    ASSIGN_OR_RETURN(const Pair proposal, decodePair(out.proposal, "proposal"));
    ASSIGN_OR_RETURN(const Pair header, decodePair(proposal.first, "proposal.header"));
    out.payload = proposal.second;
    out.channelHeaderBytes = header.first;
    out.signatureHeaderBytes = header.second;
    ASSIGN_OR_RETURN(out.channelHeader, decodeChannelHeader(header.first));
    ASSIGN_OR_RETURN(out.signatureHeader, decodeSignatureHeader(header.second));
    ASSIGN_OR_RETURN(const auto chaincode, decodeHeaderExtension(out.channelHeader.extension));
    if (!chaincode)
        return refuse("MISSING_FIELD", "proposal.header.extension.chaincode_id", "is missing");
    if (chaincode->name.empty())
        return refuse("MISSING_FIELD", "proposal.header.extension.chaincode_id.name", "is empty");
    out.chaincode = chaincode->name;
    return {};
}

Status unpackPayload(UnpackedProposal& out) {
    ASSIGN_OR_RETURN(const auto parts, decodeProposalPayload(out.payload));
    ASSIGN_OR_RETURN(auto invocation, decodeInvocationSpec(parts.input));
    if (!invocation)
        return refuse("MISSING_FIELD", "proposal.payload.input.chaincode_spec", "is missing");
    if (!invocation->hasInput)
        return refuse("MISSING_FIELD", "proposal.payload.input.chaincode_spec.input", "is missing");
    out.invocation = *std::move(invocation);
    for (const auto& [key, value] : parts.transient) out.transient.emplace(key, value);
    ASSIGN_OR_RETURN(out.payloadWithoutTransient, withoutTransient(out.payload));
    return {};
}

Status checkHeaders(const UnpackedProposal& proposal) {
    const ChannelHeader& channel = proposal.channelHeader;
    if (channel.type != HeaderType::EndorserTransaction && channel.type != HeaderType::Config)
        return refuse("BAD_HEADER_TYPE", "proposal.header.channel_header.type",
                      fmt::format("{} cannot be proposed", nameOf(channel.type)));
    if (channel.epoch != 0)
        return refuse("BAD_EPOCH", "proposal.header.channel_header.epoch",
                      fmt::format("{}, must be 0", channel.epoch));
    if (proposal.signatureHeader.nonce.empty())
        return refuse("MISSING_FIELD", "proposal.header.signature_header.nonce", "is empty");
    if (proposal.signatureHeader.creator.empty())
        return refuse("MISSING_FIELD", "proposal.header.signature_header.creator", "is empty");
    const TxId expected =
        computeTxId(proposal.signatureHeader.nonce, proposal.signatureHeader.creator);
    if (channel.txId != expected.str())
        return makeError(
            StatusCode::kInvalidArgument, "BAD_TXID",
            fmt::format("transaction id {} does not follow from nonce and creator ({})",
                        printable(channel.txId, 200), expected.str()),
            {{"path", "proposal.header.channel_header.tx_id"}, {"expected", expected.str()}});
    return {};
}

}  // namespace

Result<Proposal> buildProposal(const ProposalRequest& request, BytesView creator, BytesView nonce,
                               absl::Time timestamp) {
    if (nonce.empty()) return refuse("MISSING_FIELD", "nonce", "is empty");
    if (creator.empty()) return refuse("MISSING_FIELD", "creator", "is empty");
    if (request.chaincode.empty()) return refuse("MISSING_FIELD", "chaincode", "is empty");
    Proposal out;
    out.txId = computeTxId(nonce, creator);
    const Bytes extension = encodeHeaderExtension(request.chaincode);
    ChannelHeader channel;
    channel.type = request.type;
    channel.timestamp = Timestamp::fromTime(timestamp);
    channel.channelId = request.channel.str();
    channel.txId = out.txId.str();
    channel.extension = extension;
    channel.tlsCertHash = request.tlsCertHash;
    out.channelHeader = encodeChannelHeader(channel);
    out.signatureHeader = encodeSignatureHeader({creator, nonce});
    out.payload = encodeProposalPayload(request);
    ::common::Header header;
    header.set_channel_header(out.channelHeader);
    header.set_signature_header(out.signatureHeader);
    ::protos::Proposal message;
    message.set_header(wire::serialize(header));
    message.set_payload(out.payload);
    out.bytes = wire::serialize(message);
    return out;
}

Bytes encodeSignedProposal(BytesView proposal, BytesView signature) {
    ::protos::SignedProposal message;
    message.set_proposal_bytes(std::string(proposal));
    message.set_signature(std::string(signature));
    return wire::serialize(message);
}

Result<UnpackedProposal> unpackProposal(SharedBytes signedProposal) {
    UnpackedProposal out;
    out.bytes = std::move(signedProposal);
    ASSIGN_OR_RETURN(const Pair outer, decodePair(out.bytes.view(), "signed_proposal"));
    out.proposal = outer.first;
    out.signature = outer.second;
    RETURN_IF_ERROR(unpackHeaders(out));
    RETURN_IF_ERROR(unpackPayload(out));
    RETURN_IF_ERROR(checkHeaders(out));
    if (out.signature.empty())
        return refuse("MISSING_FIELD", "signed_proposal.signature", "is empty");
    out.proposalHash = computeProposalHash(out.channelHeaderBytes, out.signatureHeaderBytes,
                                           out.payloadWithoutTransient);
    return out;
}

Result<Bytes> withoutTransient(BytesView chaincodeProposalPayload) {
    ASSIGN_OR_RETURN(const auto parts, decodeProposalPayload(chaincodeProposalPayload));
    ::protos::ChaincodeProposalPayload message;
    message.set_input(std::string(parts.input));
    return wire::serialize(message);
}

Bytes computeProposalHash(BytesView channelHeader, BytesView signatureHeader,
                          BytesView payloadWithoutTransient) {
    return crypto::sha256({channelHeader, signatureHeader, payloadWithoutTransient});
}

}  // namespace chancery::protocol
