#include "src/protocol/TransactionBuilder.h"

#include <fabric/common/common.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fabric/peer/proposal_response.pb.h>
#include <fmt/format.h>

#include <set>

#include "src/crypto/Digest.h"
#include "src/protocol/Block.h"
#include "src/protocol/Event.h"
#include "src/protocol/Proposal.h"
#include "src/wire/Serialize.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;

namespace {

/// The proposal that a transaction of the ledger was made of, with transient data that it does not
/// show.
Bytes proposalOf(const Transaction& tx) {
    ::protos::ChaincodeProposalPayload payload;
    payload.ParseFromString(std::string(tx.actions[0].proposalPayload));
    (*payload.mutable_transientmap())["secret"] = "value";
    ::common::Header header;
    header.set_channel_header(std::string(tx.payload.channelHeader));
    header.set_signature_header(std::string(tx.payload.signatureHeader));
    ::protos::Proposal message;
    message.set_header(wire::serialize(header));
    message.set_payload(wire::serialize(payload));
    return wire::serialize(message);
}

bool endorsersRepeat(const Transaction& tx) {
    std::set<BytesView> seen;
    for (const Endorsement& endorsement : tx.actions[0].endorsements)
        if (!seen.insert(endorsement.endorser).second) return true;
    return false;
}

std::vector<ProposalResponse> responsesOf(const Transaction& tx) {
    std::vector<ProposalResponse> out;
    for (const Endorsement& endorsement : tx.actions[0].endorsements) {
        ::protos::ProposalResponse message;
        message.set_version(1);
        message.mutable_response()->set_status(tx.actions[0].response->status);
        message.set_payload(std::string(tx.actions[0].responsePayload));
        message.mutable_endorsement()->set_endorser(std::string(endorsement.endorser));
        message.mutable_endorsement()->set_signature(std::string(endorsement.signature));
        out.push_back(decodeProposalResponse(SharedBytes(wire::serialize(message))).value());
    }
    return out;
}

struct Endorser {
    Bytes identity;
    Result<Bytes> operator()(BytesView message) const {
        return crypto::sha256({identity, message});
    }
};

const Bytes kClient = encodeSerializedIdentity({"AlphaMSP", "certificate"});

/// A contract run by two endorsers, and what a client does with it.
struct Scene {
    Proposal proposal;
    SimulationResult result;

    Scene() {
        ProposalRequest request;
        request.channel = ChannelId("ch");
        request.chaincode = "cc";
        request.args = {"put"};
        request.transient = {{"k", "v"}};
        proposal = buildProposal(request, kClient, "nonce", absl::UnixEpoch()).value();
        const auto unpacked =
            unpackProposal(SharedBytes(encodeSignedProposal(proposal.bytes, "s"))).value();
        result.proposalHash = unpacked.proposalHash;
        result.results = "";
        result.event = encodeChaincodeEvent({"cc", proposal.txId.str(), "done", "payload"});
        result.responseMessage = "fine";
        result.responsePayload = "answer";
        result.chaincode = "cc";
        result.chaincodeVersion = "1.0";
    }
    ProposalResponse answer(const Bytes& endorser) const { return answer(result, endorser); }
    static ProposalResponse answer(const SimulationResult& what, const Bytes& endorser) {
        return decodeProposalResponse(
                   SharedBytes(endorse(what, endorser, Endorser{endorser}).value()))
            .value();
    }
    std::string refusal(const std::vector<ProposalResponse>& responses) const {
        return reasonOf(assembleTransaction(proposal.bytes, responses).status());
    }
};

}  // namespace

class TransactionBuilderTest : public QObject {
    Q_OBJECT

private slots:
    /// Every valid transaction of the vectors, assembled again from its parts, to the byte.
    void transactionsOfTheLedger() {
        int assembled = 0;
        int repeating = 0;
        int refused = 0;
        for (int number = 1; number < 278; ++number) {
            const auto block =
                Block::parse(test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", number)));
            VERIFY_OK(block);
            const auto codes = block->validationCodes();
            const auto transactions = block->transactions();
            for (std::size_t i = 0; i < transactions.size(); ++i) {
                const Transaction& tx = transactions[i];
                if (codes[i] != ValidationCode::Valid || !tx.isEndorserTransaction()) continue;
                if (endorsersRepeat(tx)) {  // by hand; a client's transaction counts each once
                    ++repeating;
                    continue;
                }
                QCOMPARE(tx.recomputedTxId().str(), std::string(tx.channelHeader.txId));
                QCOMPARE(tx.recomputedProposalHash(tx.actions[0]),
                         Bytes(tx.actions[0].proposalHash));
                const auto payload = assembleTransaction(proposalOf(tx), responsesOf(tx));
                const std::int32_t status = tx.actions[0].response->status;
                if (status < 200 ||
                    status >= 400) {  // by hand: peers take what clients would not send
                    QCOMPARE(reasonOf(payload.status()), std::string("PROPOSAL_REFUSED"));
                    ++refused;
                    continue;
                }
                VERIFY_OK(payload);
                QVERIFY2(*payload == tx.envelope.payload,
                         fmt::format("block {} transaction {}", number, i).c_str());
                ++assembled;
            }
        }
        QCOMPARE(assembled + repeating + refused, 317);
        QCOMPARE(refused, 1);
        QCOMPARE(repeating, 1);
    }

    void endorsedProposalBecomesATransaction() {
        const Scene scene;
        const std::vector<ProposalResponse> responses{scene.answer("A"), scene.answer("B"),
                                                      scene.answer("A")};
        QCOMPARE(responses[0].version, 1);
        QCOMPARE(responses[0].response.value().payload, BytesView("answer"));
        QCOMPARE(responses[0].actionResponse.value().message, std::string_view("fine"));
        QCOMPARE(responses[0].chaincodeId.value().version, std::string_view("1.0"));
        QCOMPARE(Bytes(responses[1].endorsement.value().signature),
                 crypto::sha256({"B", endorsementMessage(responses[1].payload, "B")}));
        const auto envelope =
            assembleSignedTransaction(scene.proposal.bytes, responses, kClient, Endorser{"client"});
        VERIFY_OK(envelope);
        const auto tx = Transaction::decode(SharedBytes(*envelope));
        QVERIFY(tx.faults.empty());
        QCOMPARE(tx.recomputedTxId(), scene.proposal.txId);
        QCOMPARE(std::string(tx.channelHeader.txId), scene.proposal.txId.str());
        const TransactionAction& action = tx.actions.at(0);
        QCOMPARE(action.endorsements.size(), std::size_t{2});
        QCOMPARE(tx.recomputedProposalHash(action), Bytes(action.proposalHash));
        QVERIFY(!action.hasTransient);
        QCOMPARE(action.event.value().name, std::string_view("done"));
        QCOMPARE(tx.function(), std::string_view("put"));
        QCOMPARE(Bytes(tx.envelope.signature), crypto::sha256({"client", tx.envelope.payload}));
    }

    void refusals() {
        const Scene scene;
        QCOMPARE(scene.refusal({}), std::string("NO_RESPONSES"));
        Scene other;
        other.result.responsePayload = "another answer";
        QCOMPARE(scene.refusal({scene.answer("A"), other.answer("B")}),
                 std::string("RESULTS_DIFFER"));
        other.result.responseStatus = 500;
        QCOMPARE(scene.refusal({other.answer("A")}), std::string("PROPOSAL_REFUSED"));
        const auto bare = decodeProposalResponse(
            SharedBytes(encodeRefusal(200, "", encodeResponsePayload(scene.result))));
        QCOMPARE(scene.refusal({*bare}), std::string("NOT_ENDORSED"));
        const auto refused = decodeProposalResponse(SharedBytes(encodeRefusal(403, "no")));
        VERIFY_OK(refused);
        QCOMPARE(refused->response.value().message, std::string_view("no"));
        QVERIFY(refused->payload.empty() && !refused->endorsement && !refused->chaincodeId);
        QCOMPARE(scene.refusal({*refused}), std::string("PROPOSAL_REFUSED"));
        Scene elsewhere;
        elsewhere.result.proposalHash = "of another proposal";
        QCOMPARE(scene.refusal({elsewhere.answer("A")}), std::string("PROPOSAL_HASH_MISMATCH"));
        QCOMPARE(
            reasonOf(assembleSignedTransaction(scene.proposal.bytes, std::vector{scene.answer("A")},
                                               "somebody else", Endorser{"x"})
                         .status()),
            std::string("WRONG_SIGNER"));
        QCOMPARE(reasonOf(assembleTransaction("\xff", std::vector{scene.answer("A")}).status()),
                 std::string("MALFORMED_PROTOBUF"));
        const Signer failing = [](BytesView) -> Result<Bytes> {
            return makeError(StatusCode::kUnavailable, "NO_KEY", "the token is gone");
        };
        QCOMPARE(reasonOf(endorse(scene.result, "A", failing).status()), std::string("NO_KEY"));
    }

    void responsesAreDecodedTotally() {
        const Scene scene;
        const Bytes good = endorse(scene.result, "A", Endorser{"A"}).value();
        for (std::size_t size = 0; size < good.size(); ++size)
            (void)decodeProposalResponse(SharedBytes(good.substr(0, size))).ok();
        const Status status =
            decodeProposalResponse(SharedBytes(Bytes("\x22\x02\x12\x05", 4))).status();
        QCOMPARE(argumentOf(status, "path"), std::string("proposal_response.response"));
        QCOMPARE(argumentOf(status, "offset"), std::string("2"));
    }
};

CHANCERY_TEST(TransactionBuilderTest)
#include "TransactionBuilderTest.moc"
