#include "src/protocol/Proposal.h"

#include <fabric/common/common.pb.h>
#include <fabric/peer/chaincode.pb.h>
#include <fabric/peer/proposal.pb.h>
#include <fmt/format.h>

#include <functional>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/TxId.h"
#include "src/wire/Serialize.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::protocol;

namespace {

ProposalRequest request() {
    ProposalRequest out;
    out.channel = ChannelId("tradechannel");
    out.chaincode = "assets";
    out.args = {"put", "key", std::string("\0\xff", 2)};
    out.transient = {{"secret", "hidden"}, {"other", ""}};
    return out;
}

const absl::Time kTime = absl::FromUnixNanos(1'795'349'330'123'456'789);

Proposal proposal(const ProposalRequest& wanted = request()) {
    return buildProposal(wanted, "creator", "nonce", kTime).value();
}

/// The parts of a signed proposal, each of which a case may spoil.
struct Parts {
    ::common::ChannelHeader channel;
    ::common::SignatureHeader signature;
    ::protos::ChaincodeHeaderExtension extension;
    ::protos::ChaincodeInvocationSpec spec;
    Bytes signedWith = "signature";

    Parts() {
        const Proposal good = proposal();
        channel.ParseFromString(good.channelHeader);
        signature.ParseFromString(good.signatureHeader);
        extension.ParseFromString(channel.extension());
        ::protos::ChaincodeProposalPayload payload;
        payload.ParseFromString(good.payload);
        spec.ParseFromString(payload.input());
    }
    Bytes bytes() const {
        ::common::ChannelHeader header = channel;
        if (header.extension() != "\xff") header.set_extension(wire::serialize(extension));
        ::common::Header headers;
        headers.set_channel_header(wire::serialize(header));
        headers.set_signature_header(wire::serialize(signature));
        ::protos::ChaincodeProposalPayload payload;
        payload.set_input(wire::serialize(spec));
        ::protos::Proposal message;
        message.set_header(wire::serialize(headers));
        message.set_payload(wire::serialize(payload));
        return encodeSignedProposal(wire::serialize(message), signedWith);
    }
};

}  // namespace

Q_DECLARE_METATYPE(std::function<void(Parts&)>)

class ProposalTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsBuiltIsUnpacked() {
        const Proposal built = proposal();
        QCOMPARE(built.txId.str(), toHex(crypto::sha256("noncecreator")));
        const auto unpacked =
            unpackProposal(SharedBytes(encodeSignedProposal(built.bytes, "signature")));
        VERIFY_OK(unpacked);
        QCOMPARE(unpacked->proposal, BytesView(built.bytes));
        QCOMPARE(unpacked->signature, BytesView("signature"));
        QCOMPARE(unpacked->channelHeader.channelId, std::string_view("tradechannel"));
        QCOMPARE(unpacked->channelHeader.type, HeaderType::EndorserTransaction);
        QCOMPARE(unpacked->channelHeader.timestamp.value().time(), kTime);
        QCOMPARE(unpacked->chaincode, std::string_view("assets"));
        QCOMPARE(unpacked->invocation.args.size(), std::size_t{3});
        QCOMPARE(unpacked->invocation.args[2], BytesView("\0\xff", 2));
        QCOMPARE(unpacked->invocation.chaincodeId.value().name, std::string_view("assets"));
        QCOMPARE(unpacked->transient, request().transient);
        QVERIFY(unpacked->payloadWithoutTransient.size() < built.payload.size());
        QCOMPARE(unpacked->proposalHash, crypto::sha256({built.channelHeader, built.signatureHeader,
                                                         unpacked->payloadWithoutTransient}));
        QVERIFY(unpacked->payloadWithoutTransient.find("hidden") == Bytes::npos);
    }

    void headerExtensionVector() {
        QCOMPARE(toHex(encodeHeaderExtension("fb")), std::string("120412026662"));
    }

    void initAndConfigProposals() {
        ProposalRequest wanted = request();
        wanted.isInit = true;
        wanted.type = HeaderType::Config;
        wanted.channel = {};
        wanted.tlsCertHash = "hash";
        const auto unpacked =
            unpackProposal(SharedBytes(encodeSignedProposal(proposal(wanted).bytes, "s")));
        VERIFY_OK(unpacked);
        QVERIFY(unpacked->invocation.isInit);
        QVERIFY(unpacked->channelHeader.channelId.empty());
        QCOMPARE(unpacked->channelHeader.tlsCertHash, BytesView("hash"));
    }

    void nothingIsBuiltWithoutItsParts() {
        ProposalRequest nameless = request();
        nameless.chaincode.clear();
        for (const auto& status : {buildProposal(request(), "", "nonce", kTime).status(),
                                   buildProposal(request(), "creator", "", kTime).status(),
                                   buildProposal(nameless, "creator", "nonce", kTime).status()})
            QCOMPARE(reasonOf(status), std::string("MISSING_FIELD"));
    }

    void refusals_data() {
        QTest::addColumn<std::function<void(Parts&)>>("spoil");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("path");
        const auto row = [](const char* name, std::function<void(Parts&)> spoil, const char* reason,
                            const char* path) { QTest::newRow(name) << spoil << reason << path; };
        row(
            "no chaincode id", [](Parts& p) { p.extension.clear_chaincode_id(); }, "MISSING_FIELD",
            "proposal.header.extension.chaincode_id");
        row(
            "no chaincode name", [](Parts& p) { p.extension.mutable_chaincode_id()->clear_name(); },
            "MISSING_FIELD", "proposal.header.extension.chaincode_id.name");
        row(
            "undecodable extension", [](Parts& p) { p.channel.set_extension("\xff"); },
            "MALFORMED_PROTOBUF", "extension");
        row(
            "no spec", [](Parts& p) { p.spec.clear_chaincode_spec(); }, "MISSING_FIELD",
            "proposal.payload.input.chaincode_spec");
        row(
            "no input", [](Parts& p) { p.spec.mutable_chaincode_spec()->clear_input(); },
            "MISSING_FIELD", "proposal.payload.input.chaincode_spec.input");
        row(
            "type", [](Parts& p) { p.channel.set_type(2); }, "BAD_HEADER_TYPE",
            "proposal.header.channel_header.type");
        row(
            "epoch", [](Parts& p) { p.channel.set_epoch(1); }, "BAD_EPOCH",
            "proposal.header.channel_header.epoch");
        row(
            "no nonce", [](Parts& p) { p.signature.clear_nonce(); }, "MISSING_FIELD",
            "proposal.header.signature_header.nonce");
        row(
            "no creator", [](Parts& p) { p.signature.clear_creator(); }, "MISSING_FIELD",
            "proposal.header.signature_header.creator");
        row(
            "txid", [](Parts& p) { p.signature.set_nonce("another"); }, "BAD_TXID",
            "proposal.header.channel_header.tx_id");
        row(
            "no signature", [](Parts& p) { p.signedWith.clear(); }, "MISSING_FIELD",
            "signed_proposal.signature");
        // Of several faults a peer tells the first.
        row(
            "order",
            [](Parts& p) {
                p.signedWith.clear();
                p.signature.clear_nonce();
                p.channel.set_epoch(1);
            },
            "BAD_EPOCH", "proposal.header.channel_header.epoch");
    }
    void refusals() {
        QFETCH(std::function<void(Parts&)>, spoil);
        QFETCH(QString, reason);
        QFETCH(QString, path);
        Parts parts;
        QVERIFY(unpackProposal(SharedBytes(parts.bytes())).ok());
        spoil(parts);
        const Status status = unpackProposal(SharedBytes(parts.bytes())).status();
        QCOMPARE(QString::fromStdString(reasonOf(status)), reason);
        QCOMPARE(QString::fromStdString(argumentOf(status, "path")), path);
    }

    void anyBytesGiveAnError() {
        const Bytes good = Parts().bytes();
        for (std::size_t size = 0; size < good.size(); ++size)
            QVERIFY(!unpackProposal(SharedBytes(good.substr(0, size))).ok());
    }

    void envelopesAreWrittenAndRead() {
        ChannelHeader header;
        header.type = HeaderType::ConfigUpdate;
        header.version = 1;
        header.timestamp = Timestamp{-5, 7};
        header.channelId = "c";
        header.epoch = 3;
        const Bytes channel = encodeChannelHeader(header);
        const Bytes signature = encodeSignatureHeader({"creator", "nonce"});
        const Bytes payload = encodePayload(channel, signature, "data");
        const Bytes envelope = encodeEnvelope(payload, "signed");
        const auto outer = decodeEnvelope(envelope);
        VERIFY_OK(outer);
        QCOMPARE(outer->signature, BytesView("signed"));
        const auto inner = decodePayload(outer->payload);
        VERIFY_OK(inner);
        QVERIFY(inner->hasHeader);
        QCOMPARE(inner->data, BytesView("data"));
        const auto read = decodeChannelHeader(inner->channelHeader);
        VERIFY_OK(read);
        QCOMPARE(read->type, HeaderType::ConfigUpdate);
        QVERIFY((read->timestamp == Timestamp{-5, 7}));
        QCOMPARE(read->epoch, std::uint64_t{3});
        const Bytes identity = encodeSerializedIdentity({"AlphaMSP", "pem"});
        QCOMPARE(decodeSerializedIdentity(identity).value().mspId, std::string_view("AlphaMSP"));
        QCOMPARE(configSignatureMessage("header", "update"), Bytes("headerupdate"));
        QVERIFY(Timestamp::fromTime(absl::FromUnixNanos(-1)) == (Timestamp{-1, 999'999'999}));
    }

    void namesOfHeaderTypes() {
        QCOMPARE(nameOf(HeaderType::EndorserTransaction), std::string("ENDORSER_TRANSACTION"));
        QCOMPARE(nameOf(static_cast<HeaderType>(-3)), std::string("-3"));
        for (int type = 0; type <= ::common::HeaderType_MAX; ++type)
            QCOMPARE(nameOf(static_cast<HeaderType>(type)),
                     ::common::HeaderType_Name(static_cast<::common::HeaderType>(type)));
    }
};

CHANCERY_TEST(ProposalTest)
#include "ProposalTest.moc"
