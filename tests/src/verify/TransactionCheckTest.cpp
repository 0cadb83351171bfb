#include "src/verify/TransactionCheck.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/policy/Policy.h"
#include "src/policy/PolicyTree.h"
#include "src/protocol/Transaction.h"
#include "tests/src/verify/Ledger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::test;
using protocol::ValidationCode;

class TransactionCheckTest : public QObject {
    Q_OBJECT

private:
    static verify::PreparedTransaction prepared(const Bytes& envelope) {
        return verify::prepareTransaction(
            protocol::Transaction::decode(protocol::SharedBytes(envelope)), *after277().bundle);
    }

    // What an orderer that has this channel answers: 400 for what it cannot deal with, 403 for who
    // may not write, 200 otherwise.
    static int answerOfOrderer(const Bytes& envelope) {
        const auto tx = protocol::Transaction::decode(protocol::SharedBytes(envelope));
        const channel::Bundle& bundle = *after277().bundle;
        if (tx.channelHeader.channelId != bundle.channelId().str()) return 400;
        if (tx.channelHeader.type == protocol::HeaderType::Config) return 400;
        const auto creator = bundle.msps()->deserialize(tx.signatureHeader.creator);
        if (creator.ok() && tx.channelHeader.timestamp &&
            absl::FromUnixSeconds(tx.channelHeader.timestamp->seconds) >
                (*creator)->certificate().notAfter())
            return 400;
        const policy::SignedData one{tx.envelope.payload, tx.signatureHeader.creator,
                                     tx.envelope.signature};
        const auto writers = bundle.policies().find("/Channel/Writers");
        return policy::evaluate(*writers, {&one, 1}, *bundle.msps()).ok() ? 200 : 403;
    }

private slots:
    void answersOfTheOrderer() {
        const std::map<int, std::string> names{{400, "BAD_REQUEST"}, {403, "FORBIDDEN"}};
        for (const auto& row : facts()["chain"]["refused_by_orderer"]) {
            const auto status = row.at("status").get<int>();
            const auto info = row.at("info").get<std::string>();
            QCOMPARE(row.at("status_name").get<std::string>(), names.at(status));
            QVERIFY(!info.empty());
            QCOMPARE(info.find("'Writers'") != std::string::npos, status == 403);
            if (row.contains("envelope_hex")) {
                const Bytes envelope = *fromHex(row["envelope_hex"].get<std::string>());
                QVERIFY2(answerOfOrderer(envelope) == status, row.at("label").dump().c_str());
                continue;
            }
            // It was too large to be kept; the limit is the channel's.
            QCOMPARE(status, 400);
            const auto limit = after277().bundle->orderer()->batchSize.absoluteMaxBytes;
            QVERIFY2(info.ends_with(fmt::format("exceeds maximum allowed {} bytes", limit)),
                     info.c_str());
        }
    }

    // An orderer refuses them at the door; had it not, peers would have given these codes.
    void whatTheOrdererRefused() {
        struct Expectation {
            ValidationCode code;
            const char* reason;
        };
        const std::map<std::string, Expectation> table{
            {"client signature broken", {ValidationCode::BadCreatorSignature, "BAD_SIGNATURE"}},
            {"client signature high-S", {ValidationCode::BadCreatorSignature, "HIGH_S"}},
            {"client signature of someone else",
             {ValidationCode::BadCreatorSignature, "BAD_SIGNATURE"}},
            {"no client signature", {ValidationCode::BadCreatorSignature, "NO_SIGNATURE"}},
            {"creator of a foreign CA", {ValidationCode::BadCreatorSignature, "UNKNOWN_CA"}},
            {"creator revoked by the CRL", {ValidationCode::BadCreatorSignature, "REVOKED"}},
            // Peers do not look at the validity dates of a certificate.
            {"creator expired", {ValidationCode::Valid, ""}},
            {"creator of an org that is not in the channel",
             {ValidationCode::BadCreatorSignature, "UNKNOWN_MSP"}},
            {"creator with two role OUs",
             {ValidationCode::BadCreatorSignature, "SEVERAL_ROLE_OUS"}},
            {"unknown channel", {ValidationCode::BadCreatorSignature, "OTHER_CHANNEL"}},
            // What a configuration holds is looked at when it is applied.
            {"type CONFIG sent by a client", {ValidationCode::Valid, ""}},
            {"empty envelope", {ValidationCode::BadCommonHeader, "NO_HEADER"}},
            {"payload undecodable", {ValidationCode::BadPayload, "UNREADABLE"}},
            {"no signature header", {ValidationCode::BadCommonHeader, "NO_NONCE"}},
        };
        for (const auto& row : facts()["chain"]["refused_by_orderer"]) {
            const auto label = row["label"].get<std::string>();
            if (!row.contains("envelope_hex")) {
                QCOMPARE(label, std::string("larger than absolute_max_bytes"));  // left out
                continue;
            }
            const auto expected = table.find(label);
            QVERIFY2(expected != table.end(), label.c_str());
            const auto found = prepared(*fromHex(row["envelope_hex"].get<std::string>()));
            QVERIFY2(found.form == expected->second.code,
                     (label + ": " + nameOf(found.form)).c_str());
            const std::string reason = found.cause ? found.cause->reason : "";
            QVERIFY2(reason == expected->second.reason, (label + ": " + reason).c_str());
        }
    }

    void anyBytesGiveACode() {
        for (const Bytes& bytes : {Bytes(), Bytes("\0", 1), Bytes("\xff\xff\xff", 3),
                                   Bytes("\x0a\x02\x0a\x00", 4), Bytes(1000, '\x0a')}) {
            const auto found = prepared(bytes);
            QVERIFY(found.form != ValidationCode::Valid);
            QVERIFY(found.cause.has_value());
        }
    }
};

CHANCERY_TEST(TransactionCheckTest)
#include "TransactionCheckTest.moc"
