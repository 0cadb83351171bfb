#include <QAbstractItemModelTester>
#include <QTest>

#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"
#include "ui/models/EndorsementModel.h"
#include "ui/models/EnvelopeModel.h"
#include "ui/models/EvidenceReportPdf.h"
#include "ui/models/FindingsModel.h"
#include "ui/models/KeyHistoryModel.h"
#include "ui/models/LedgerQueryText.h"
#include "ui/models/LedgerText.h"
#include "ui/models/ReadWriteModel.h"
#include "ui/models/ValueDiff.h"

using namespace chancery;
using namespace chancery::ui;
using Mark = LedgerSegment::Mark;
using Mode = QAbstractItemModelTester::FailureReportingMode;

class LedgerValuesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatChangedInJsonStandsFirst() {
        const ValueDiff diff = ValueDiff::of(R"({"balance":18420,"ccy":"EUR"})",
                                             R"({"balance":17170,"ccy":"EUR","x":null})", true);
        QCOMPARE(diff.before,
                 (QVector<LedgerSegment>{{QStringLiteral("balance 18420"), Mark::Removed},
                                         {QStringLiteral("ccy EUR"), Mark::Plain}}));
        QCOMPARE(diff.after, (QVector<LedgerSegment>{{QStringLiteral("balance 17170"), Mark::Added},
                                                     {QStringLiteral("x null"), Mark::Added},
                                                     {QStringLiteral("ccy EUR"), Mark::Plain}}));
    }

    void otherValuesAreComparedAsAWhole() {
        QCOMPARE(ValueDiff::of("a", "b", true).before.front().mark, Mark::Removed);
        QCOMPARE(ValueDiff::of("a", "a", true).after.front().mark, Mark::Plain);
        QVERIFY(ValueDiff::of(std::nullopt, "{}", true).before.isEmpty());
        QCOMPARE(ValueDiff::of(R"({"a":1})", R"({"a":2})", false).after.front().text,
                 QStringLiteral(R"({"a":2})"));
        // Deep, broken and binary values give text, never a crash.
        QCOMPARE(
            ValueDiff::of(std::string(5000, '{'), std::string("\xff\x00", 2), true).after.size(),
            1);
    }

    void textOfTheLedgerIsHarmless() {
        const QString text = LedgerText::plain("a\u202eb\x1b[31m\n\xff");
        for (const QChar c : text) QVERIFY2(c.isPrint() && c.unicode() != 0x202e, qPrintable(text));
        QCOMPARE(LedgerText::shortId(QStringLiteral("0123456789abcdef"), 4, 4),
                 QStringLiteral("0123…cdef"));
        QCOMPARE(LedgerText::size(43'210), QStringLiteral("43 KB"));
        QCOMPARE(LedgerText::time(absl::FromUnixMillis(1773757925341)),
                 QStringLiteral("14:32:05.34"));
    }

    void everyValidationCodeOfTheVectorsHasWords() {
        for (const auto& [name, count] : test::facts()["chain"]["code_counts"].items()) {
            Q_UNUSED(count);
            bool found = false;
            for (int code = 0; code < 256 && !found; ++code)
                found = code == 0 ||
                        !LedgerText::codeWord({code, ""}).startsWith(QStringLiteral("Code"));
            QVERIFY2(found, name.c_str());
        }
        QCOMPARE(LedgerText::codeWord({11, "MVCC_READ_CONFLICT"}), QStringLiteral("Conflict"));
        QCOMPARE(LedgerText::codeWord({99, "?"}), QStringLiteral("Code 99"));
    }

    void readsAndWritesOfAKeyShareARow() {
        auto transaction = std::make_shared<usecase::TransactionDescription>();
        transaction->stateKnown = true;
        transaction->reads = {
            {"wallet", "", "acct/1", usecase::WrittenAt{7, 1}, usecase::WrittenAt{7, 1}, {}},
            {"wallet", "", "limit", usecase::WrittenAt{7, 2}, usecase::WrittenAt{9, 0}, {}}};
        transaction->writes = {{"wallet", "", "acct/1", "5", "6", false, {}, {}, {}},
                               {"wallet",
                                "hidden",
                                std::string(32, '\1'),
                                std::nullopt,
                                std::string(32, '\2'),
                                false,
                                {},
                                {},
                                {}}};
        transaction->rangeReads = {{"wallet", "a", "b", true, 3}};
        ReadWriteModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setTransaction(transaction);
        QCOMPARE(model.rowCount(), 6);  // two headings, two keys, a range, a private key
        QVERIFY(model.index(0, 0).data(GroupRole).toBool());
        QCOMPARE(model.index(1, ReadWriteModel::ReadAt).data().toString(), QStringLiteral("7 : 1"));
        QCOMPARE(model.index(1, ReadWriteModel::ReadAt).data(LevelRole).toInt(),
                 static_cast<int>(LedgerLevel::Good));
        QCOMPARE(model.index(2, ReadWriteModel::ReadAt).data(LevelRole).toInt(),
                 static_cast<int>(LedgerLevel::Bad));
        QCOMPARE(model.index(2, ReadWriteModel::After).data().toString(),
                 QStringLiteral("not written"));
        QVERIFY(model.index(5, ReadWriteModel::After)
                    .data()
                    .toString()
                    .startsWith(QStringLiteral("hash ")));
        QCOMPARE(model.index(1, 0).data(KeyBytesRole).toByteArray(), QByteArray("acct/1"));
        model.setDecoding(false);
        model.setTransaction(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void whoIsMissingIsListedToo() {
        auto transaction = std::make_shared<usecase::TransactionDescription>();
        transaction->endorsements = {{{MspId("AlphaMSP"), "peer0", {"peer"}, "aa"}, true, ""}};
        usecase::PolicyVerdict verdict;
        verdict.explanation = {
            false,
            "2 of 2",
            "",
            2,
            1,
            "",
            "",
            {},
            {{true, "AlphaMSP.peer", "a peer of AlphaMSP", 0, 0, "peer0", "", {}, {}},
             {false, "BetaMSP.peer", "a peer of BetaMSP", 0, 0, "", "", {}, {}}}};
        transaction->policies = {verdict};
        EndorsementModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setTransaction(transaction);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("BetaMSP"));
        QCOMPARE(model.index(1, EndorsementModel::Verdict).data().toString(),
                 QStringLiteral("Missing"));
    }

    void theEnvelopeTreeIsMadeWhereItIsOpened() {
        auto root = std::make_shared<usecase::EnvelopeNode>();
        root->parts.resize(2);
        root->parts[0].name = "payload";
        root->parts[0].parts.resize(3);
        root->parts[1].name = "signature";
        root->parts[1].value = "3045\u202e";
        EnvelopeModel model;
        model.setEnvelope(root);
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        QVERIFY(!model.canFetchMore({}));
        QCOMPARE(model.rowCount(), 2);
        const QModelIndex payload = model.index(0, 0);
        QCOMPARE(model.rowCount(payload), 0);
        QVERIFY(model.hasChildren(payload));
        model.fetchMore(payload);
        QCOMPARE(model.rowCount(payload), 3);
        QCOMPARE(model.parent(model.index(2, 0, payload)), payload);
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        QVERIFY(!model.index(1, EnvelopeModel::Value).data().toString().contains(QChar(0x202e)));
        model.setEnvelope(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void versionsOfAKeyAreComparedWithTheOnesBefore() {
        auto key = std::make_shared<usecase::KeyDescription>();
        key->history.resize(3);
        key->history[0].at = {9, 0};
        key->history[1].at = {5, 1};
        key->history[1].value = "b";
        key->history[2].at = {2, 0};
        key->history[2].value = "a";
        KeyHistoryModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        model.setKey(key);
        const auto text = [&](int row, int column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(text(0, KeyHistoryModel::After), QStringLiteral("deleted"));
        QCOMPARE(text(0, KeyHistoryModel::Before), QStringLiteral("b"));
        QCOMPARE(text(1, KeyHistoryModel::Before), QStringLiteral("a"));
        QCOMPARE(text(2, KeyHistoryModel::Before), QStringLiteral("did not exist"));
        StateModel state;
        QAbstractItemModelTester stateTester(&state, Mode::QtTest);
        state.setKeys({*key});
        QCOMPARE(state.index(0, StateModel::Value).data().toString(),
                 QStringLiteral("does not exist"));
    }

    void findingsOnlyGrowWhileVerificationRuns() {
        FindingsModel model;
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        usecase::LedgerFinding finding;
        finding.reason = "DATA_HASH_DIFFERS";
        finding.sentence = "differs";
        finding.block = 7;
        model.setFindings({finding});
        QPersistentModelIndex first = model.index(0, 0);
        model.setFindings({finding, finding});
        QVERIFY(first.isValid());
        QVERIFY(!model.index(0, FindingsModel::Meaning).data().toString().isEmpty());
        model.setFindings({});
        QCOMPARE(model.rowCount(), 0);
    }

    void termsBecomeChipsAndMistakesAreMarked() {
        const QString text = QStringLiteral("block>=1200 übrig size>25KB");
        const auto parts = LedgerQueryText::partsOf(text);
        QCOMPARE(parts.size(), std::size_t(2));
        QCOMPARE(parts[0].label, QStringLiteral("block ≥ 1,200"));
        QCOMPARE(text.mid(parts[1].begin, parts[1].end - parts[1].begin),
                 QStringLiteral("size>25KB"));
        QString error;
        QVERIFY(!LedgerQueryText::parse(QStringLiteral("block>=many"), &error));
        QVERIFY(!error.isEmpty());
        const auto wrong = LedgerQueryText::partsOf(QStringLiteral("block>=many key:a"));
        QCOMPARE(wrong.size(), std::size_t(2));
        QVERIFY(!wrong[0].error.isEmpty());
        QCOMPARE(wrong[0].begin, 0);  // the whole term, not its value alone
        QCOMPARE(wrong[0].end, 11);
        QVERIFY(wrong[1].error.isEmpty());
        QVERIFY(!LedgerQueryText::words(QStringLiteral("bl"), 2).empty());
    }

    void theReportBecomesAPdf() {
        const auto pdf =
            evidenceReportPdf("<h1>Evidence</h1><p>证据 <img src=\"file:///etc/passwd\"></p>", "x");
        QVERIFY(pdf.ok());
        QVERIFY(pdf->starts_with("%PDF-1.4"));
        QVERIFY(pdf->size() > 2000);
    }
};

CHANCERY_TEST(LedgerValuesTest)
#include "LedgerValuesTest.moc"
