#include "src/protocol/Snapshot.h"

#include <fmt/format.h>

#include <QTemporaryDir>
#include <filesystem>
#include <set>

#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/crypto/Digest.h"
#include "src/protocol/Block.h"
#include "src/protocol/Lifecycle.h"
#include "tests/src/protocol/FactShape.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::protocol;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr const char* kFolder = "ledger/snapshot_277";

using Files = std::map<std::string, SharedBytes>;

Files vectorFiles() {
    Files out;
    for (const auto& entry : fs::directory_iterator(test::vectorPath(kFolder)))
        out.emplace(entry.path().filename().string(), SharedBytes(readFile(entry.path()).value()));
    return out;
}

/// The two JSON files made to fit the others.
void seal(Files& files) {
    json signable = json::parse(files["_snapshot_signable_metadata.json"].view());
    for (auto& [name, hash] : signable["snapshot_files_raw_hashes"].items())
        if (files.contains(name)) hash = toHex(crypto::sha256(files[name].view()));
    files["_snapshot_signable_metadata.json"] = SharedBytes(signable.dump());
    json additional = json::parse(files["_snapshot_additional_metadata.json"].view());
    additional["snapshot_hash"] =
        toHex(crypto::sha256(files["_snapshot_signable_metadata.json"].view()));
    files["_snapshot_additional_metadata.json"] = SharedBytes(additional.dump());
}

/// Everything read to its end, or the first error.
Status readThrough(const Files& files) {
    ASSIGN_OR_RETURN(const auto snapshot, Snapshot::fromFiles(files));
    const auto drain = [](auto opened) -> Status {
        if (!opened.ok()) return opened.status();
        while (true) {
            ASSIGN_OR_RETURN(const auto record, (*opened)->next());
            if (!record) return {};
        }
    };
    RETURN_IF_ERROR(drain(snapshot->publicState()));
    RETURN_IF_ERROR(drain(snapshot->privateHashes()));
    RETURN_IF_ERROR(drain(snapshot->txIds()));
    return drain(snapshot->configHistory());
}

std::string hexOf(BytesView bytes) {
    return toHex(bytes);
}

/// All records of a state, public or of private hashes, in the form of the facts.
template <class Reader>
Result<json> statesOf(Result<Reader> opened) {
    RETURN_IF_ERROR(opened.status());
    json rows = json::array();
    while (true) {
        ASSIGN_OR_RETURN(const auto record, (*opened)->next());
        if (!record) break;
        json row{{"namespace", record->namespaceName},
                 {"version", {record->version.block, record->version.transaction}}};
        if (record->collection.empty()) {
            test::describeKey(row, record->key);
            test::describeValue(row, "value", record->value);
        } else {
            row["collection"] = record->collection;
            row["key_hash"] = hexOf(record->key);
            row["value_hash"] = hexOf(record->value);
        }
        if (!record->metadata.empty()) row["metadata_hex"] = hexOf(record->metadata);
        rows.push_back(std::move(row));
    }
    if ((*opened)->count() != rows.size())
        return makeError(StatusCode::kInternal, "WRONG_COUNT", "fewer records than were announced");
    return rows;
}

}  // namespace

class SnapshotTest : public QObject {
    Q_OBJECT

private slots:
    void metadata() {
        const auto snapshot = Snapshot::open(test::vectorPath(kFolder));
        VERIFY_OK(snapshot);
        const SnapshotInfo& info = (*snapshot)->info();
        json ours{{"signable_metadata",
                   {{"channel_name", info.channel.str()},
                    {"last_block_number", info.lastBlock},
                    {"last_block_hash", hexOf(info.lastBlockHash)},
                    {"previous_block_hash", hexOf(info.previousBlockHash)},
                    {"state_db_type", info.stateDbType}}},
                  {"additional_metadata",
                   {{"snapshot_hash", hexOf(info.snapshotHash)},
                    {"last_block_commit_hash", hexOf(info.lastCommitHash)}}}};
        for (const auto& [name, hash] : info.fileHashes)
            ours["signable_metadata"]["snapshot_files_raw_hashes"][name] = hexOf(hash);
        const auto found = test::differences(test::facts()["chain"]["snapshot"], ours);
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

    void publicState() {
        const auto snapshot = Snapshot::open(test::vectorPath(kFolder));
        VERIFY_OK(snapshot);
        const auto ours = statesOf((*snapshot)->publicState());
        VERIFY_OK(ours);
        const auto found = test::differences(test::facts()["chain"]["public_state"], *ours);
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

    void privateHashes() {
        const auto snapshot = Snapshot::open(test::vectorPath(kFolder));
        VERIFY_OK(snapshot);
        const auto ours = statesOf((*snapshot)->privateHashes());
        VERIFY_OK(ours);
        const auto found = test::differences(test::facts()["chain"]["private_hashed_state"], *ours);
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

    void txIdsAreThoseOfTheLedger() {
        const auto snapshot = Snapshot::open(test::vectorPath(kFolder));
        const auto reader = (*snapshot)->txIds();
        VERIFY_OK(reader);
        std::vector<std::string> ours;
        while (true) {
            const auto record = (*reader)->next();
            VERIFY_OK(record);
            if (!*record) break;
            ours.emplace_back(**record);
        }
        // In the order of the peer's index, whose keys begin with the id's length.
        std::set<std::pair<std::size_t, std::string>> filed;
        for (std::size_t i = 0; i < test::facts()["chain"]["blocks"].size(); ++i)
            for (const Transaction& tx :
                 Block::parse(test::vectorFile(fmt::format("ledger/blocks/block_{}.pb", i)))
                     ->transactions())
                filed.emplace(tx.filedTxId().str().size(), tx.filedTxId().str());
        std::vector<std::string> expected;
        for (const auto& [length, id] : filed) expected.push_back(id);
        const auto found = test::differences(json(expected), json(ours));
        QVERIFY2(found.empty(), test::summary(found).c_str());
    }

    void configHistory() {
        const auto snapshot = Snapshot::open(test::vectorPath(kFolder));
        const auto reader = (*snapshot)->configHistory();
        VERIFY_OK(reader);
        std::vector<std::string> ours;
        while (true) {
            const auto record = (*reader)->next();
            VERIFY_OK(record);
            if (!*record) break;
            std::string row = fmt::format("{} from {}:", (*record)->chaincode, (*record)->block);
            const auto collections = decodeCollections((*record)->collections);
            VERIFY_OK(collections);
            for (const Collection& collection : *collections) row += " " + collection.name;
            ours.push_back(row);
        }
        QCOMPARE(ours, std::vector<std::string>{"vault from 10: sharedAB onlyA"});
    }

    void everyChangedByteIsFound() {
        const Files good = vectorFiles();
        QVERIFY(readThrough(good).ok());
        for (const auto& [name, bytes] : good) {
            for (std::size_t at = 0; at < bytes.size(); at += 1 + bytes.size() / 50) {
                Files files = good;
                Bytes changed(bytes.view());
                changed[at] = static_cast<char>(changed[at] ^ 0x04);
                files[name] = SharedBytes(changed);
                const Status status = readThrough(files);
                // The commit hash stands beside the hashed files: nothing covers it.
                const bool covered = name != "_snapshot_additional_metadata.json";
                QVERIFY2(!covered || !status.ok(), fmt::format("{} byte {}", name, at).c_str());
                if (covered && !name.starts_with('_'))
                    QCOMPARE(reasonOf(status), std::string("HASH_MISMATCH"));
            }
        }
    }

    void damageBehindGoodHashesIsTold_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("offset");
        QTest::newRow("format") << "txids.data" << QByteArray("\x02") << "0";
        QTest::newRow("empty") << "public_state.metadata" << QByteArray() << "0";
        QTest::newRow("cut") << "txids.data"
                             << QByteArray(
                                    "\x01\x05"
                                    "abc")
                             << "1";
        QTest::newRow("count") << "txids.metadata" << QByteArray("\x01\x80") << "1";
        QTest::newRow("more ids than told") << "txids.metadata" << QByteArray("\x01\x01") << "8";
        QTest::newRow("count with a tail") << "txids.metadata" << QByteArray("\x01\x01\x01") << "2";
        QTest::newRow("namespaces") << "public_state.metadata" << QByteArray("\x01\x7f\x01") << "2";
        QTest::newRow("no version")
            << "public_state.data" << QByteArray("\x01\x02\x0a\x00", 4) << "4";
        QTest::newRow("no record") << "public_state.data" << QByteArray("\x01\x01\xff", 3) << "3";
        QTest::newRow("history key")
            << "confighistory.data" << QByteArray("\x01\x01k\x01v", 5) << "5";
    }
    void damageBehindGoodHashesIsTold() {
        QFETCH(QString, file);
        QFETCH(QByteArray, content);
        QFETCH(QString, offset);
        Files files = vectorFiles();
        files[file.toStdString()] = SharedBytes(content.toStdString());
        seal(files);
        const Status status = readThrough(files);
        QCOMPARE(reasonOf(status), std::string("BAD_SNAPSHOT"));
        QCOMPARE(QString::fromStdString(argumentOf(status, "offset")), offset);
    }

    void sumsOfCountsDoNotWrap() {
        Files files = vectorFiles();
        Bytes metadata("\x01\x02\x00", 3);
        for (int i = 0; i < 2; ++i)
            metadata += Bytes(9, '\xff') + "\x01" + (i == 0 ? Bytes(1, '\0') : "");
        files["public_state.metadata"] = SharedBytes(metadata);
        seal(files);
        QCOMPARE(reasonOf(readThrough(files)), std::string("BAD_SNAPSHOT"));
    }

    void withoutPrivateDataThereIsNoFile() {
        Files files = vectorFiles();
        files.erase("private_state_hashes.data");
        files.erase("private_state_hashes.metadata");
        QCOMPARE(reasonOf(readThrough(files)), std::string("NO_SUCH_FILE"));
        json signable = json::parse(files["_snapshot_signable_metadata.json"].view());
        signable["snapshot_files_raw_hashes"].erase("private_state_hashes.data");
        signable["snapshot_files_raw_hashes"].erase("private_state_hashes.metadata");
        files["_snapshot_signable_metadata.json"] = SharedBytes(signable.dump());
        seal(files);
        QVERIFY(readThrough(files).ok());
    }

    void oddListsAreRefused() {
        for (const char* name : {"../txids.data", "/etc/passwd", "", ".hidden", "a/b"}) {
            Files files = vectorFiles();
            json signable = json::parse(files["_snapshot_signable_metadata.json"].view());
            signable["snapshot_files_raw_hashes"][name] = "00";
            files["_snapshot_signable_metadata.json"] = SharedBytes(signable.dump());
            seal(files);
            QCOMPARE(reasonOf(readThrough(files)), std::string("BAD_SNAPSHOT"));
        }
    }

    void jsonThatIsNoneIsRefused() {
        for (const char* file :
             {"_snapshot_signable_metadata.json", "_snapshot_additional_metadata.json"})
            for (const char* text : {"", "[]", "null", "{", "{}", "{\"snapshot_hash\": 1}"}) {
                Files files = vectorFiles();
                files[file] = SharedBytes(Bytes(text));
                QCOMPARE(reasonOf(readThrough(files)), std::string("BAD_SNAPSHOT"));
            }
    }

    void linksAreNotFollowed() {
        QTemporaryDir temporary;
        const fs::path folder = fs::path(temporary.path().toStdString()) / "snapshot";
        fs::copy(test::vectorPath(kFolder), folder);
        VERIFY_OK(Snapshot::open(folder));
        fs::remove(folder / "txids.data");
        fs::create_symlink(test::vectorPath(std::string(kFolder) + "/txids.data"),
                           folder / "txids.data");
        const Status status = Snapshot::open(folder).status();
        QCOMPARE(reasonOf(status), std::string("BAD_SNAPSHOT"));
        QCOMPARE(argumentOf(status, "file"), std::string("txids.data"));
        QCOMPARE(Snapshot::open(folder / "nowhere").status().code(), StatusCode::kNotFound);
    }
};

CHANCERY_TEST(SnapshotTest)
#include "SnapshotTest.moc"
