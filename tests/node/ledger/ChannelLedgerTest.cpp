#include "node/ledger/ChannelLedger.h"

#include <atomic>
#include <thread>

#include "src/base/Crc32c.h"
#include "src/base/Encoding.h"
#include "src/base/File.h"
#include "src/protocol/BlockBuilder.h"
#include "src/protocol/CommitHash.h"
#include "src/store/Connection.h"
#include "tests/node/ledger/FaultyDisk.h"
#include "tests/node/ledger/JudgedChain.h"
#include "tests/node/ledger/SmallChain.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using test::freshFolder;
using test::judgedChain;
using test::openLedger;
namespace fs = std::filesystem;

/// The golden ledger, committed as a peer commits it.
class ChannelLedgerTest : public QObject {
    Q_OBJECT

    fs::path m_folder;
    std::unique_ptr<ChannelLedger> m_ledger;

private slots:
    void initTestCase() {
        m_folder = freshFolder();
        m_ledger = openLedger(m_folder);
        for (const auto& judged : judgedChain()) {
            VERIFY_OK(m_ledger->commit(judged.commit()));
            const auto view = m_ledger->view();
            VERIFY_OK(view);
            QCOMPARE((*view)->height(), judged.block.number() + 1);
            QCOMPARE(test::difference(**view, *judged.state), std::string());
        }
        QCOMPARE(test::difference(m_ledger->writerView(), *judgedChain().back().state),
                 std::string());
    }

    void validationOverTheLedgerGivesTheRecordedCodes() {
        const fs::path folder = freshFolder();
        auto ledger = openLedger(folder);
        auto verdict = verify::Validator::validateGenesis(judgedChain()[0].block);
        VERIFY_OK(verdict);
        VERIFY_OK(ledger->commit(judgedChain()[0].commit()));
        verify::Validator validator(verdict->config, ledger->writerView());
        Bytes previous;
        for (std::size_t n = 1; n < judgedChain().size(); ++n) {
            const auto& judged = judgedChain()[n];
            auto next = validator.validate(judged.prepared);
            VERIFY_OK(next);
            QVERIFY2(next->codes() == judged.block.validationCodes(),
                     fmt::format("block {}", n).c_str());
            previous = protocol::computeCommitHash(next->codes(),
                                                   next->updates.toBatch().serialize(), previous);
            QCOMPARE(previous, Bytes(judged.block.commitHash().value()));
            Commit commit = judged.commit();
            commit.updates = &next->updates;
            VERIFY_OK(ledger->commit(commit));
            QCOMPARE(ledger->lastCommitHash(), previous);
            validator.committed(*next);
        }
        ledger.reset();
        QVERIFY(test::dumpDatabase(folder) == test::dumpDatabase(m_folder));
    }

    void finalStateIsThePeers() {
        const auto view = m_ledger->view().value();
        const auto& chain = test::facts()["chain"];
        std::size_t keys = 0;
        for (const auto& fact : chain["public_state"]) {
            const auto value =
                view->get(fact["namespace"].get<std::string>(), fact["key"].get<std::string>());
            VERIFY_OK(value);
            QVERIFY(value->has_value());
            QCOMPARE((*value)->version.block, fact["version"][0].get<BlockNumber>());
            QCOMPARE((*value)->version.transaction, fact["version"][1].get<std::uint64_t>());
            if (fact.contains("value_hex"))
                QCOMPARE(toHex((*value)->value), fact["value_hex"].get<std::string>());
            QCOMPARE((*value)->value.size(), fact["value_len"].get<std::size_t>());
            ++keys;
        }
        for (const auto& fact : chain["private_hashed_state"]) {
            const auto ns = verify::hashedNamespace(fact["namespace"].get<std::string>(),
                                                    fact["collection"].get<std::string>());
            const auto value = view->get(ns, fromHex(fact["key_hash"].get<std::string>()).value());
            VERIFY_OK(value);
            QVERIFY(value->has_value());
            QCOMPARE(toHex((*value)->value), fact["value_hash"].get<std::string>());
            QCOMPARE((*value)->version.block, fact["version"][0].get<BlockNumber>());
            ++keys;
        }
        QCOMPARE(keys, judgedChain().back().state->keyCount());
    }

    void historiesAreThePeers() {
        const auto view = m_ledger->view().value();
        std::size_t compared = 0;
        for (const auto& fact : test::facts()["chain"]["history_answers"]) {
            const auto contract = fact.value("namespace", "assets");
            auto scan = view->history(contract, fact["key"].get<std::string>());
            VERIFY_OK(scan);
            for (const auto& expected : fact["entries"]) {
                const auto change = (*scan)->next();
                VERIFY_OK(change);
                QVERIFY2(change->has_value(), fact.dump().c_str());
                QCOMPARE((*change)->txId.str(), expected["txid"].get<std::string>());
                QCOMPARE((*change)->isDelete, expected["is_delete"].get<bool>());
                QCOMPARE(absl::ToUnixNanos((*change)->time),
                         expected["timestamp_seconds"].get<std::int64_t>() * 1'000'000'000 +
                             expected["timestamp_nanos"].get<std::int64_t>());
                const auto& value = expected["value"];
                QCOMPARE(toBase64((*change)->value),
                         value.is_null() ? std::string() : value.get<std::string>());
                ++compared;
            }
            QVERIFY(!(*scan)->next()->has_value());
        }
        QVERIFY(compared > 100);
        QVERIFY(!(*view->history("assets", "nothing"))->next()->has_value());
        QVERIFY(!(*view->history("nothing", "nothing"))->next()->has_value());
    }

    void rangesAndVersions() {
        const auto view = m_ledger->view().value();
        const auto& state = *judgedChain().back().state;
        for (const StateView* reader :
             std::vector<const StateView*>{view.get(), &m_ledger->writerView()})
            for (const auto& [start, end] :
                 {std::pair("", ""), std::pair("pub:c", "pub:row050"), std::pair("pub:row", ""),
                  std::pair("z", "a"), std::pair("", "pub:row150")}) {
                auto ours = reader->range("assets", start, end).value();
                auto theirs = state.range("assets", start, end).value();
                for (;;) {
                    const auto a = ours->next().value();
                    const auto b = theirs->next().value();
                    QCOMPARE(a.has_value(), b.has_value());
                    if (!a) break;
                    QCOMPARE(std::string(a->key), std::string(b->key));
                    QVERIFY(a->version == b->version);
                }
            }
        for (const auto& fact : test::facts()["chain"]["range_answers"]) {
            // The shim puts this in the place of an empty start: there is a key without characters.
            const std::string start = fact["start"];
            auto rows = view->scan(fact["namespace"].get<std::string>(),
                                   start.empty() ? "\x01" : start, fact["end"].get<std::string>())
                            .value();
            for (const auto& key : fact["keys_in_order"])
                QCOMPARE(rows->next().value()->key, key.get<std::string>());
            QVERIFY(!rows->next()->has_value());
        }
    }

    void transactionsAreFoundAtTheirFirstPlace() {
        std::map<std::string, TransactionPlace> first;
        for (const auto& judged : judgedChain()) {
            const auto codes = judged.block.validationCodes();
            for (std::size_t i = 0; i < codes.size(); ++i)
                if (!judged.txIds[i].empty())
                    first.emplace(judged.txIds[i].str(),
                                  TransactionPlace{{judged.block.number(), i}, codes[i]});
        }
        QVERIFY(first.size() > 350);
        const auto view = m_ledger->view().value();
        for (const auto& [id, place] : first) {
            const auto found = m_ledger->findTransaction(TxId(id));
            VERIFY_OK(found);
            QVERIFY(found->has_value());
            QVERIFY((*found)->place == place.place);
            QCOMPARE(int((*found)->code), int(place.code));
            QVERIFY(*view->hasTransaction(id));
            QVERIFY(*m_ledger->writerView().hasTransaction(id));
        }
        for (const std::string& unknown :
             {std::string(64, 'a'), std::string("x"), std::string(), std::string(64, 'G')}) {
            QVERIFY(!m_ledger->findTransaction(TxId(unknown))->has_value());
            QVERIFY(!*view->hasTransaction(unknown));
        }
        for (const auto& judged : judgedChain())
            QCOMPARE(m_ledger->findBlock(judged.block.header().hash()).value(),
                     std::optional(judged.block.number()));
        QVERIFY(!m_ledger->findBlock(Bytes(32, 'x'))->has_value());
    }

    void collectionsStandFromTheirBlockOn() {
        QVERIFY(!m_ledger->collectionsAt("vault", 9)->has_value());
        QVERIFY(m_ledger->collectionsAt("vault", 10)->has_value());
        QVERIFY(m_ledger->collectionsAt("vault", ~0ULL)->has_value());
        QVERIFY(!m_ledger->collectionsAt("assets", 277)->has_value());
    }

    void aViewDoesNotChange() {
        const fs::path folder = freshFolder();
        auto ledger = openLedger(folder);
        std::vector<std::unique_ptr<StateView>> views;
        for (const auto& judged : judgedChain()) {
            VERIFY_OK(ledger->commit(judged.commit()));
            if (judged.block.number() % 40 == 3) views.push_back(ledger->view().value());
        }
        for (const auto& view : views) {
            const auto& state = *judgedChain()[view->height() - 1].state;
            QCOMPARE(test::difference(*view, state), std::string());
        }
    }

    void viewsAreForAnyThreadWhileCommitsGoOn() {
        auto ledger = openLedger(freshFolder());
        VERIFY_OK(ledger->commit(judgedChain()[0].commit()));
        std::atomic<int> wrong{0};
        std::atomic<bool> done{false};
        std::vector<std::thread> readers;
        for (int r = 0; r < 3; ++r)
            readers.emplace_back([&] {
                while (!done) {
                    const auto view = ledger->view();
                    if (!view.ok() ||
                        !test::difference(**view, *judgedChain()[(*view)->height() - 1].state)
                             .empty())
                        ++wrong;
                    const auto height = ledger->height();
                    const auto& judged = judgedChain()[height - 1];
                    if (!ledger->blocks().read(judged.block.number()).ok()) ++wrong;
                    ledger->findTransaction(judged.txIds[0]).IgnoreError();
                }
            });
        for (std::size_t n = 1; n < judgedChain().size(); ++n)
            if (!ledger->commit(judgedChain()[n].commit()).ok()) ++wrong;
        done = true;
        for (auto& reader : readers) reader.join();
        QCOMPARE(wrong.load(), 0);
    }

    void tooManyViewsAreRefused() {
        auto ledger = openLedger(freshFolder(), {.maxViews = 2});
        VERIFY_OK(ledger->commit(judgedChain()[0].commit()));
        auto one = ledger->view().value();
        auto two = ledger->view().value();
        QCOMPARE(reasonOf(ledger->view().status()), std::string("TOO_MANY_VIEWS"));
        // Single questions do not depend on them.
        VERIFY_OK(ledger->findTransaction(judgedChain()[0].txIds[0]));
        one.reset();
        VERIFY_OK(ledger->view());
    }

    void afterAnErrorOfTheCallerNothingHasChanged() {
        const fs::path folder = freshFolder();
        auto ledger = openLedger(folder);
        VERIFY_OK(ledger->commit(judgedChain()[0].commit()));
        QCOMPARE(reasonOf(ledger->commit(judgedChain()[2].commit())),
                 std::string("BLOCK_OUT_OF_ORDER"));
        Commit bad = judgedChain()[1].commit();
        bad.txIds.clear();
        QCOMPARE(reasonOf(ledger->commit(bad)), std::string("BAD_COMMIT"));
        QCOMPARE(ledger->height(), BlockNumber{1});
        VERIFY_OK(ledger->commit(judgedChain()[1].commit()));
    }

    void anotherProcessIsKeptOut() {
        QCOMPARE(
            reasonOf(ChannelLedger::open(m_folder, ChannelId("tradechannel"), {}, {}).status()),
            std::string("IN_USE"));
    }

    void killedAtAnyPointItCatchesUp() {
        constexpr std::size_t kBlocks = 40;
        const auto run = [](const fs::path& folder) {
            auto ledger = openLedger(folder, {}, test::replayJudged());
            for (std::size_t n = ledger->height(); n < kBlocks; ++n)
                if (!ledger->commit(judgedChain()[n].commit()).ok())
                    throw std::runtime_error("commit");
        };
        const fs::path whole = freshFolder();
        run(whole);
        const std::string expected = test::dumpDatabase(whole);
        for (const char* const pointName :
             {"block-appended", "hashes-written", "private-data-written", "state-written",
              "state-committed"}) {
            const std::string point = pointName;
            for (const std::size_t at : {0U, 1U, 13U, 39U}) {
                const fs::path folder = freshFolder();
                std::size_t committed = 0;
                bool hit = false;
                {
                    ChannelLedger::Options options;
                    options.reached = [&](std::string_view step) {
                        hit = hit || (step == point && committed == at);
                        return step == point && committed == at ? absl::AbortedError("killed")
                                                                : absl::OkStatus();
                    };
                    auto ledger = openLedger(folder, options);
                    for (; committed < kBlocks; ++committed)
                        if (!ledger->commit(judgedChain()[committed].commit()).ok()) break;
                    QVERIFY(!ledger->commit(judgedChain()[committed].commit()).ok());
                }
                QVERIFY2(hit && committed == at, point.c_str());
                run(folder);
                QVERIFY2(test::dumpDatabase(folder) == expected, point.c_str());
            }
        }
    }

    void aDatabaseThatIsLostIsMadeAgain() {
        const fs::path folder = freshFolder();
        {
            auto ledger = openLedger(folder);
            for (std::size_t n = 0; n < 30; ++n)
                VERIFY_OK(ledger->commit(judgedChain()[n].commit()));
        }
        const std::string expected = test::dumpDatabase(folder);
        for (const char* name : {"state.db", "state.db-wal", "state.db-shm"})
            fs::remove(folder / name);
        openLedger(folder, {}, test::replayJudged());
        QVERIFY(test::dumpDatabase(folder) == expected);
    }

    void anotherLayoutIsRefused_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("undo");
        QTest::newRow("newer state") << "state.db"
                                     << "PRAGMA user_version = 99"
                                     << "NEWER_SCHEMA"
                                     << "PRAGMA user_version = 1";
        QTest::newRow("other tables") << "state.db"
                                      << "DROP INDEX missing_expiry"
                                      << "OTHER_SCHEMA"
                                      << "CREATE INDEX missing_expiry ON missing(expires) WHERE "
                                         "expires > 0";
        QTest::newRow("another kind") << "state.db"
                                      << "PRAGMA application_id = 7"
                                      << "FOREIGN_DATABASE"
                                      << "PRAGMA application_id = 1128813388";
        QTest::newRow("newer transient store") << "transient.db"
                                               << "PRAGMA user_version = 2"
                                               << "NEWER_SCHEMA"
                                               << "PRAGMA user_version = 1";
    }
    void anotherLayoutIsRefused() {
        QFETCH(QString, file);
        QFETCH(QString, change);
        QFETCH(QString, cause);
        QFETCH(QString, undo);
        const fs::path folder = freshFolder();
        {
            auto ledger = openLedger(folder);
            for (std::size_t n = 0; n < 5; ++n)
                VERIFY_OK(ledger->commit(judgedChain()[n].commit()));
            VERIFY_OK(ledger->holdTransient(TxId("tx"), 4, "writes"));
        }
        const auto execute = [&](const QString& sql) {
            auto connection = store::Connection::open(folder / file.toStdString());
            return connection.ok() ? connection->execute(sql.toStdString()) : connection.status();
        };
        VERIFY_OK(execute(change));
        const Bytes before = *readFile(folder / file.toStdString());
        for (int i = 0; i < 2; ++i) {
            const auto ledger =
                ChannelLedger::open(folder, ChannelId("tradechannel"), {}, test::replayJudged());
            QCOMPARE(ledger.status().code(), StatusCode::kFailedPrecondition);
            QCOMPARE(reasonOf(ledger.status()), std::string("LEDGER_LAYOUT"));
            QCOMPARE(argumentOf(ledger.status(), "cause"), cause.toStdString());
            QCOMPARE(argumentOf(ledger.status(), "folder"), folder.string());
            const std::string text(messageOf(ledger.status()));
            QVERIFY2(text.find(file.toStdString()) != text.npos &&
                         text.find("join the channel again") != text.npos,
                     text.c_str());
        }
        QVERIFY(*readFile(folder / file.toStdString()) == before);
        VERIFY_OK(execute(undo));
        const auto ledger =
            ChannelLedger::open(folder, ChannelId("tradechannel"), {}, test::replayJudged());
        VERIFY_OK(ledger);
        QCOMPARE((*ledger)->height(), BlockNumber{5});
    }

    void blockFilesOfANewerFormatAreRefused() {
        const fs::path folder = freshFolder();
        {
            auto ledger = openLedger(folder);
            for (std::size_t n = 0; n < 3; ++n)
                VERIFY_OK(ledger->commit(judgedChain()[n].commit()));
        }
        const fs::path file = folder / "ledgerfile_000000000000";
        Bytes bytes = *readFile(file);
        bytes[8] = 2;
        const std::uint32_t check = crc32c(BytesView(bytes).substr(0, 32));
        for (std::size_t i = 0; i < 4; ++i)
            bytes[32 + i] = static_cast<char>(check >> (8 * i) & 0xFF);
        VERIFY_OK(writeFileAtomically(file, bytes));
        const auto ledger =
            ChannelLedger::open(folder, ChannelId("tradechannel"), {}, test::replayJudged());
        QCOMPARE(reasonOf(ledger.status()), std::string("LEDGER_LAYOUT"));
        QCOMPARE(argumentOf(ledger.status(), "cause"), std::string("NEWER_FORMAT"));
        const std::string text(messageOf(ledger.status()));
        QVERIFY2(text.find(file.string()) != text.npos, text.c_str());
        QVERIFY(*readFile(file) == bytes);
    }

    void blocksThatAreLostAreMissed() {
        const fs::path folder = freshFolder();
        {
            auto ledger = openLedger(folder);
            for (std::size_t n = 0; n < 5; ++n)
                VERIFY_OK(ledger->commit(judgedChain()[n].commit()));
        }
        const fs::path file = folder / "ledgerfile_000000000000";
        const Bytes bytes = *readFile(file);
        VERIFY_OK(writeFileAtomically(file, bytes.substr(0, bytes.size() - 1)));
        const auto ledger =
            ChannelLedger::open(folder, ChannelId("tradechannel"), {}, test::replayJudged());
        QCOMPARE(reasonOf(ledger.status()), std::string("LEDGER_DAMAGED"));
        QCOMPARE(argumentOf(ledger.status(), "file"), file.string());
        QVERIFY(!argumentOf(ledger.status(), "offset").empty());
    }

    void aFullDiskStopsAndGoesOn() {
        test::FaultyDisk disk;
        disk.spareSyncs(true);
        const fs::path folder = freshFolder();
        auto ledger = openLedger(folder, {.disk = &disk});
        for (std::size_t n = 0; n < 5; ++n) VERIFY_OK(ledger->commit(judgedChain()[n].commit()));
        disk.fail(0, ENOSPC, true);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(reasonOf(ledger->commit(judgedChain()[5].commit())), std::string("DISK_FULL"));
            QCOMPARE(test::difference(*ledger->view().value(), *judgedChain()[4].state),
                     std::string());
        }
        disk.heal();
        VERIFY_OK(ledger->commit(judgedChain()[5].commit()));
        // The same with the database: the block is there, its state is not.
        bool full = true;
        ledger.reset();
        ChannelLedger::Options options;
        options.reached = [&](std::string_view step) {
            return full && step == "state-written"
                       ? makeError(StatusCode::kResourceExhausted, "DISK_FULL", "full")
                       : absl::OkStatus();
        };
        ledger = openLedger(folder, options);
        QCOMPARE(reasonOf(ledger->commit(judgedChain()[6].commit())), std::string("DISK_FULL"));
        QCOMPARE(ledger->height(), BlockNumber{7});
        QCOMPARE(reasonOf(ledger->commit(judgedChain()[6].commit())), std::string("DISK_FULL"));
        QCOMPARE(test::difference(*ledger->view().value(), *judgedChain()[5].state), std::string());
        full = false;
        VERIFY_OK(ledger->commit(judgedChain()[6].commit()));
        VERIFY_OK(ledger->commit(judgedChain()[7].commit()));
        QCOMPARE(test::difference(*ledger->view().value(), *judgedChain()[7].state), std::string());
    }

    void withoutHistoryThereIsNone() {
        auto ledger = openLedger(freshFolder(), {.history = false});
        for (std::size_t n = 0; n < 60; ++n) VERIFY_OK(ledger->commit(judgedChain()[n].commit()));
        const auto view = ledger->view().value();
        auto rows = view->scan("assets", "", "").value();
        const auto row = rows->next().value();
        QVERIFY(row.has_value());
        QVERIFY(!(*view->history("assets", row->key))->next()->has_value());
    }
};

CHANCERY_TEST(ChannelLedgerTest)
#include "ChannelLedgerTest.moc"
