#include "node/peer/GatewayRequests.h"

#include <fmt/format.h>

#include "src/protocol/Envelope.h"
#include "src/protocol/FieldReader.h"
#include "src/protocol/MessageReaders.h"

namespace chancery::node {
namespace {

using protocol::FieldReader;
using protocol::integerField;
using protocol::keyOf;
using protocol::lengthField;
using protocol::SharedBytes;

constexpr std::size_t kMaxOrganisations = 1000;

/// A message inside another one. Where it comes in several parts these are one message when they
/// are put behind each other, which is how parsers merge them.
class Inner {
public:
    void add(BytesView part) {
        if (m_count++ == 0) {
            m_view = part;
            return;
        }
        if (m_count == 2) m_joined = m_view;
        m_joined.append(part);
    }
    bool isThere() const { return m_count > 0; }
    SharedBytes take(const SharedBytes& whole) {
        return m_count > 1 ? SharedBytes(std::move(m_joined)) : whole.slice(m_view);
    }

private:
    std::size_t m_count = 0;
    BytesView m_view;
    Bytes m_joined;
};

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

Status invalid(const std::string& sentence) {
    return {StatusCode::kInvalidArgument, sentence};
}
Status unreadable(const char* what, const Status& why) {
    return invalid(fmt::format("error unmarshalling {}: {}", what, messageOf(why)));
}

}  // namespace

Result<ProposalCall> decodeProposalCall(SharedBytes bytes) {
    ProposalCall out;
    out.bytes = std::move(bytes);
    FieldReader reader(out.bytes.view(), "request");
    Inner proposal;
    const bool read = reader.each(out.bytes.view(), [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                return reader.text(field, out.transactionId, "transaction_id");
            case lengthField(2):
                return reader.text(field, out.channelId, "channel_id");
            case lengthField(3):
                proposal.add(field.view());
                return true;
            case lengthField(4): {
                std::string_view name;
                if (!reader.text(field, name, "organizations")) return false;
                if (out.organisations.size() == kMaxOrganisations) return reader.tooMany(field);
                out.organisations.emplace_back(name);
                return true;
            }
            default:
                return true;
        }
    });
    if (!read) return reader.status();
    out.signedProposal = proposal.take(out.bytes);
    return out;
}

Result<ProposalTarget> decodeTarget(BytesView signedProposal, std::string_view nothingThere) {
    ProposalTarget out;
    const auto outer = decodePair(signedProposal, "signed_proposal");
    if (!outer.ok()) return unreadable("SignedProposal", outer.status());
    out.proposal = outer->first;
    if (out.proposal.empty()) return invalid(std::string(nothingThere));
    const auto parts = decodePair(out.proposal, "proposal");
    if (!parts.ok()) return unreadable("Proposal", parts.status());
    const auto headers = decodePair(parts->first, "header");
    if (!headers.ok()) return unreadable("Header", headers.status());
    const auto header = protocol::decodeChannelHeader(headers->first);
    if (!header.ok()) return unreadable("ChannelHeader", header.status());
    const auto payload = protocol::decodeProposalPayload(parts->second);
    if (!payload.ok()) return unreadable("ChaincodeProposalPayload", payload.status());
    const auto invocation = protocol::decodeInvocationSpec(payload->input);
    if (!invocation.ok()) return unreadable("ChaincodeInvocationSpec", invocation.status());

    out.channel = header->channelId;
    out.hasTransient = !payload->transient.empty();
    if (out.channel.empty()) return invalid("no channel id provided");
    const auto missing = [&](const char* what) {
        return invalid(fmt::format("no {} is provided, channel id [{}]", what, out.channel));
    };
    if (!*invocation) return missing("chaincode spec");
    if (!(*invocation)->chaincodeId) return missing("chaincode id");
    out.chaincode = (*invocation)->chaincodeId->name;
    if (out.chaincode.empty()) return missing("chaincode name");
    return out;
}

Result<SubmitCall> decodeSubmitCall(SharedBytes bytes) {
    SubmitCall out;
    out.bytes = std::move(bytes);
    FieldReader reader(out.bytes.view(), "request");
    Inner envelope;
    const bool read = reader.each(out.bytes.view(), [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                return reader.text(field, out.transactionId, "transaction_id");
            case lengthField(2):
                return reader.text(field, out.channelId, "channel_id");
            case lengthField(3):
                envelope.add(field.view());
                return true;
            default:
                return true;
        }
    });
    if (!read) return reader.status();
    out.hasEnvelope = envelope.isThere();
    out.envelope = envelope.take(out.bytes);
    ASSIGN_OR_RETURN(const auto parts, decodePair(out.envelope.view(), "prepared_transaction"));
    out.signature = parts.second;
    return out;
}

Result<SignedCall> decodeSignedCall(SharedBytes bytes) {
    SignedCall out;
    out.bytes = std::move(bytes);
    ASSIGN_OR_RETURN(const auto parts, decodePair(out.bytes.view(), "request"));
    out.request = parts.first;
    out.signature = parts.second;
    return out;
}

Result<CommitStatusRequest> decodeCommitStatus(BytesView request) {
    CommitStatusRequest out;
    FieldReader reader(request, "request");
    const bool read = reader.each(request, [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                return reader.text(field, out.transactionId, "transaction_id");
            case lengthField(2):
                return reader.text(field, out.channelId, "channel_id");
            case lengthField(3):
                return FieldReader::bytes(field, out.identity);
            default:
                return true;
        }
    });
    if (!read) return reader.status();
    return out;
}

namespace {

using EventsStart = ChaincodeEventsRequest::Start;

/// orderer.SeekPosition: the last member of the oneof counts.
bool readPosition(FieldReader& reader, BytesView bytes, ChaincodeEventsRequest& out) {
    return reader.each(bytes, [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                out.start = EventsStart::Newest;
                return true;
            case lengthField(2):
                out.start = EventsStart::Oldest;
                return true;
            case lengthField(3):
                if (out.start != EventsStart::Specified) out.block = 0;
                out.start = EventsStart::Specified;
                return reader.inside("specified", [&] {
                    return reader.each(field.view(), [&](const wire::FieldScanner& inner) {
                        if (keyOf(inner) == integerField(1)) out.block = inner.integer();
                        return true;
                    });
                });
            case lengthField(4):
                out.start = EventsStart::NextCommit;
                return true;
            default:
                return true;
        }
    });
}

}  // namespace

Result<ChaincodeEventsRequest> decodeChaincodeEvents(BytesView request) {
    ChaincodeEventsRequest out;
    FieldReader reader(request, "request");
    const bool read = reader.each(request, [&](const wire::FieldScanner& field) {
        switch (keyOf(field)) {
            case lengthField(1):
                return reader.text(field, out.channelId, "channel_id");
            case lengthField(2):
                return reader.text(field, out.chaincode, "chaincode_id");
            case lengthField(3):
                return FieldReader::bytes(field, out.identity);
            case lengthField(4):
                return reader.inside("start_position",
                                     [&] { return readPosition(reader, field.view(), out); });
            case lengthField(5):
                return reader.text(field, out.afterTransactionId, "after_transaction_id");
            default:
                return true;
        }
    });
    if (!read) return reader.status();
    return out;
}

}  // namespace chancery::node
