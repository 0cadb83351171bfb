#include "src/protocol/ReadWriteSetBuilder.h"

#include <fmt/format.h>

#include "src/base/Encoding.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Block.h"
#include "src/protocol/ReadWriteSet.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;

namespace {

RangeQueryRecorder::Outcome outcomeOf(const RangeQuery& query) {
    RangeQueryRecorder::Outcome out;
    if (const auto* reads = std::get_if<std::vector<KeyRead>>(&query.results))
        for (const KeyRead& read : *reads)
            out.reads.push_back({std::string(read.key), read.version});
    if (const auto* merkle = std::get_if<MerkleSummary>(&query.results)) {
        out.summary = {merkle->maxDegree, merkle->maxLevel, {}};
        for (const BytesView hash : merkle->hashes) out.summary->hashes.emplace_back(hash);
    }
    return out;
}

ReadWriteSetBuilder::Metadata metadataOf(const std::vector<MetadataEntry>& entries) {
    ReadWriteSetBuilder::Metadata out;
    for (const MetadataEntry& entry : entries) out.emplace(entry.name, entry.value);
    return out;
}

/// Everything of a set told to a builder, backwards so that its order must be the builder's own.
Bytes rebuilt(const ReadWriteSet& set) {
    ReadWriteSetBuilder builder;
    for (auto ns = set.namespaces.rbegin(); ns != set.namespaces.rend(); ++ns) {
        for (auto at = ns->writes.rbegin(); at != ns->writes.rend(); ++at)
            if (!builder.write(ns->name, at->key, at->value).ok()) return {};
        for (auto at = ns->reads.rbegin(); at != ns->reads.rend(); ++at)
            if (!builder.read(ns->name, at->key, at->version).ok()) return {};
        for (const RangeQuery& query : ns->rangeQueries)
            if (!builder
                     .rangeQuery(ns->name, query.startKey, query.endKey, query.exhausted,
                                 outcomeOf(query))
                     .ok())
                return {};
        for (auto at = ns->metadataWrites.rbegin(); at != ns->metadataWrites.rend(); ++at)
            if (!builder.writeMetadata(ns->name, at->key, metadataOf(at->entries)).ok()) return {};
    }
    return builder.build().publicSet;
}

bool hasCollections(const ReadWriteSet& set) {
    for (const auto& ns : set.namespaces)
        if (!ns.collections.empty()) return true;
    return false;
}

Bytes kvRwSetOf(const ReadWriteSetBuilder& builder) {
    const Bytes privateSet = builder.build().privateSet;
    const auto sets = decodePrivateReadWriteSet(privateSet);
    return sets.ok() && sets->size() == 1 ? Bytes((*sets)[0].bytes) : Bytes();
}

}  // namespace

class ReadWriteSetBuilderTest : public QObject {
    Q_OBJECT

private slots:
    /// Whatever real peers recorded in public is built again, to the byte.
    void setsOfThePeersAreBuiltAgain() {
        int built = 0;
        for (const auto& row : test::facts()["chain"]["blocks"]) {
            const auto block = Block::parse(
                test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", row["number"].dump())));
            VERIFY_OK(block);
            for (std::size_t i = 0; i < block->transactionCount(); ++i) {
                const std::string intent = row["txs"][i].value("intent", "");
                const auto tx = block->transaction(i);
                const bool byHand = row["txs"][i].value("function", "") == "handmade";
                if (tx.actions.empty() || !tx.actions[0].readWriteSet || byHand) continue;
                if (hasCollections(*tx.actions[0].readWriteSet)) continue;
                QVERIFY2(rebuilt(*tx.actions[0].readWriteSet) == tx.actions[0].results,
                         fmt::format("{}:{} {}", block->number(), i, intent).c_str());
                ++built;
            }
        }
        QVERIFY(built > 280);
    }

    void privateWriteVector() {
        ReadWriteSetBuilder builder;
        QVERIFY(builder.privateWrite("fb", "coll", "p1", "secret").ok());
        QCOMPARE(toHex(kvRwSetOf(builder)), std::string("1a0c0a0270311a06736563726574"));
        const Bytes publicSet = builder.build().publicSet;
        const auto sets = decodeReadWriteSet(publicSet);
        VERIFY_OK(sets);
        QCOMPARE(sets->namespaces.size(), std::size_t{1});
        const CollectionReadWriteSet& trace = sets->namespaces[0].collections.at(0);
        QCOMPARE(toHex(trace.privateHash),
                 std::string("fc9cd68e40273460724adf816181c107f0706f61c06b7a40c2d3f5edc781d92c"));
        QVERIFY(toHex(trace.writes.at(0).keyHash).starts_with("f64551fcd6f07823"));
        QVERIFY(toHex(trace.writes.at(0).valueHash).starts_with("2bb80d537b1da3e3"));
    }

    void purgeVector() {
        ReadWriteSetBuilder builder;
        QVERIFY(builder.privatePurge("fb", "coll", "p2").ok());
        QCOMPARE(toHex(kvRwSetOf(builder)), std::string("1a060a0270321001"));
        const Bytes publicSet = builder.build().publicSet;
        const auto sets = decodeReadWriteSet(publicSet);
        VERIFY_OK(sets);
        const CollectionReadWriteSet& trace = sets->namespaces.at(0).collections.at(0);
        QCOMPARE(toHex(trace.privateHash),
                 std::string("663067e86c0ea7641cb4285961cbf22e549f523829e54e6fc4d017ca9d024d38"));
        QVERIFY(trace.writes.at(0).isPurge && trace.writes[0].deleteFlag);
        QVERIFY(trace.writes[0].valueHash.empty());
    }

    void collectionsAreOrderedByClearKey() {
        // SHA-256 of "b" (3e…) comes before that of "a" (ca…).
        ReadWriteSetBuilder builder;
        for (const char* key : {"b", "a", "c"}) {
            QVERIFY(builder.privateWrite("ns", "z", key, "v").ok());
            QVERIFY(builder.privateRead("ns", "y", key, Version{1, 2}).ok());
        }
        const Bytes publicSet = builder.build().publicSet;
        const auto sets = decodeReadWriteSet(publicSet);
        VERIFY_OK(sets);
        const auto& collections = sets->namespaces.at(0).collections;
        QCOMPARE(collections.at(0).collection, std::string_view("y"));
        QVERIFY(collections[0].privateHash.empty());
        QCOMPARE(collections.at(1).collection, std::string_view("z"));
        for (std::size_t i = 0; i < 3; ++i) {
            const Bytes hash = crypto::sha256(std::string(1, static_cast<char>('a' + i)));
            QCOMPARE(Bytes(collections[0].reads.at(i).keyHash), hash);
            QCOMPARE(Bytes(collections[1].writes.at(i).keyHash), hash);
        }
    }

    void privateMetadataKeepsTheKeyOnly() {
        ReadWriteSetBuilder builder;
        QVERIFY(builder.privateMetadata("ns", "c", "k", {{"VALIDATION_PARAMETER", "p"}}).ok());
        QCOMPARE(toHex(kvRwSetOf(builder)), std::string("22030a016b"));
        const Bytes publicSet = builder.build().publicSet;
        const auto sets = decodeReadWriteSet(publicSet);
        VERIFY_OK(sets);
        const auto& written = sets->namespaces.at(0).collections.at(0).metadataWrites.at(0);
        QCOMPARE(written.entries.at(0).value, BytesView("p"));
    }

    void firstReadAndLastWriteStand() {
        ReadWriteSetBuilder builder;
        QVERIFY(builder.read("ns", "k", Version{5, 1}).ok());
        QVERIFY(builder.read("ns", "k", std::nullopt).ok());
        QVERIFY(builder.write("ns", "k", "first").ok());
        QVERIFY(builder.remove("ns", "k").ok());
        const Bytes publicSet = builder.build().publicSet;
        const auto sets = decodeReadWriteSet(publicSet);
        VERIFY_OK(sets);
        const auto& ns = sets->namespaces.at(0);
        QVERIFY((ns.reads.at(0).version == Version{5, 1}));
        QVERIFY(ns.writes.at(0).deleteFlag && ns.writes[0].value.empty());
    }

    void versionZeroIsNotAMissingKey() {
        ReadWriteSetBuilder builder;
        QVERIFY(builder.read("ns", "a", Version{0, 0}).ok());
        QVERIFY(builder.read("ns", "b", std::nullopt).ok());
        const Bytes publicSet = builder.build().publicSet;
        const auto sets = decodeReadWriteSet(publicSet);
        VERIFY_OK(sets);
        QVERIFY((sets->namespaces.at(0).reads.at(0).version == Version{0, 0}));
        QVERIFY(!sets->namespaces[0].reads.at(1).version);
    }

    void textThatFabricCannotWriteIsRefused() {
        ReadWriteSetBuilder builder;
        const std::string bad("\xff\xfe");
        for (const Status& status :
             {builder.read(bad, "k", std::nullopt), builder.write("ns", bad, "v"),
              builder.rangeQuery("ns", "a", bad, true, {}),
              builder.privateWrite("ns", bad, "k", "v"), builder.privatePurge("ns", "c", bad),
              builder.writeMetadata("ns", "k", {{bad, "v"}}),
              builder.privateMetadata("ns", "c", bad, {})})
            QCOMPARE(reasonOf(status), std::string("NOT_UTF8"));
        QVERIFY(builder.build().publicSet.empty());
    }

    void privateDataIsHeldToItsHashes() {
        ReadWriteSetBuilder builder;
        QVERIFY(builder.privateWrite("ns", "c", "k", "v").ok());
        QVERIFY(builder.privatePurge("ns", "c", "gone").ok());
        const auto output = builder.build();
        const auto clear = decodePrivateReadWriteSet(output.privateSet);
        const auto sets = decodeReadWriteSet(output.publicSet);
        VERIFY_OK(clear);
        VERIFY_OK(sets);
        const CollectionReadWriteSet trace = sets->namespaces.at(0).collections.at(0);
        QVERIFY(checkPrivateData(clear->at(0), trace).ok());

        const auto refused = [&](const PrivateCollectionWrites& data,
                                 const CollectionReadWriteSet& against) {
            return reasonOf(checkPrivateData(data, against)) == "PRIVATE_DATA_MISMATCH";
        };
        CollectionReadWriteSet other = trace;
        other.writes.pop_back();
        QVERIFY(refused(clear->at(0), other));
        other = trace;
        other.collection = "d";
        QVERIFY(refused(clear->at(0), other));
        other = trace;
        other.writes[1].valueHash = other.writes[1].keyHash;
        QVERIFY(refused(clear->at(0), other));
        other = trace;
        other.writes[1].keyHash = other.writes[0].valueHash;
        QVERIFY(refused(clear->at(0), other));
        PrivateCollectionWrites changed = clear->at(0);
        const Bytes longer = Bytes(changed.bytes) + Bytes("\x28\x01", 2);
        changed.bytes = longer;
        QVERIFY(refused(changed, trace));
    }
};

CHANCERY_TEST(ReadWriteSetBuilderTest)
#include "ReadWriteSetBuilderTest.moc"
