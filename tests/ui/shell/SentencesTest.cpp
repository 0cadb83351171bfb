#include "ui/models/Sentences.h"

#include <QRegularExpression>
#include <QTranslator>
#include <set>

#include "src/channel/Sentences.h"
#include "src/usecase/DescribeLedger.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"
#include "tests/ui/shell/ShellFixture.h"

using namespace chancery;
using namespace chancery::ui;
using namespace chancery::test;

namespace {

bool hasChinese(const QString& text) {
    static const QRegularExpression letters(QStringLiteral("\\p{Han}"));
    return letters.match(text).hasMatch();
}

/// Names of the places of a template, without "|w".
std::set<QString> placesOf(const QString& text) {
    static const QRegularExpression place(QStringLiteral("\\{(\\w+)(\\|[wt])?\\}"));
    std::set<QString> names;
    for (auto all = place.globalMatch(text); all.hasNext();) names.insert(all.next().captured(1));
    return names;
}

}  // namespace

class SentencesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        const ShellFixture loadsResources;
        QVERIFY(m_chinese.load(QStringLiteral(":/translations/chancery_zh_CN.qm")));
    }

    void everyIdAndWordIsThereInChinese() {
        QVERIFY(Sentences::ids().size() > 400 && Sentences::words().size() > 40);
        for (const char* id : Sentences::ids()) {
            const QString text = m_chinese.translate("Sentences", id);
            QVERIFY2(!text.isEmpty(), id);
            QVERIFY2(text.count('[') == text.count(']') && text.count('{') == text.count('}'), id);
        }
        for (const char* word : Sentences::words())
            QVERIFY2(!m_chinese.translate("SentenceWords", word).isEmpty(), word);
    }

    void changesOfTheConfigurationNameTheSame() {
        for (const channel::SentenceTemplate& one : channel::sentenceTemplates()) {
            const std::string id = "CHANGE." + one.id;
            const QString chinese = m_chinese.translate("Sentences", id.c_str());
            QVERIFY2(!chinese.isEmpty(), id.c_str());
            std::set<QString> wanted = placesOf(QString::fromStdString(one.text));
            // An element is named by its path.
            if (wanted.erase("element") > 0) wanted.insert("path");
            QVERIFY2(placesOf(chinese) == wanted, id.c_str());
        }
    }

    void fillsTemplates() {
        const auto tell = [this](const Sentence& sentence) {
            return Sentences::tell(sentence, m_chinese);
        };
        QCOMPARE(tell(say("OF_CONTRACT", "contract {contract}", {{"contract", "资产\u202e"}})),
                 QStringLiteral("链码 资产\\u{202e}"));
        // What stands in brackets goes with its argument.
        QCOMPARE(tell(say("CODE_DIFFERS", "x", {{"recorded", "VALID"}})),
                 QStringLiteral("记录为 VALID。"));
        QCOMPARE(tell(say("CODE_DIFFERS", "{recorded} {right} {why}",
                          {{"recorded", "VALID"}, {"right", "BAD_PAYLOAD"}},
                          say("NO_NONCE", "The signature header has no nonce."))),
                 QStringLiteral("记录为 VALID，正确的是 BAD_PAYLOAD。签名头部没有随机数。"));
        // Without an argument that is needed, and without a template: English.
        QCOMPARE(tell(say("OF_CONTRACT", "some contract")), QStringLiteral("some contract"));
        QCOMPARE(tell(say("NOT_KNOWN", "a {b}", {{"b", "c"}})), QStringLiteral("a c"));
        QCOMPARE(tell(Sentence{"OR('A.peer')"}), QStringLiteral("OR('A.peer')"));
        const auto option = [&](const char* before, const char* after) {
            return tell(
                say("CHANGE.RAFT_OPTION_CHANGED", "x",
                    {{"option", "snapshot interval"}, {"before", before}, {"after", after}}));
        };
        QCOMPARE(option("12 bytes", "10 MiB"), QStringLiteral("Raft 的快照间隔：12 字节 → 10 MiB"));
        QCOMPARE(option("not set", "bytes"), QStringLiteral("Raft 的快照间隔：未设置 → bytes"));
        // English as it is, whatever else is installed.
        QCOMPARE(Sentences::tell(say("OF_CONTRACT", "contract {contract}", {{"contract", "a"}})),
                 QStringLiteral("contract a"));
    }

    /// Whatever the use cases say of the real ledger is said in Chinese.
    void theRealLedgerIsToldInChinese() {
        const usecase::DescribeLedger ledger({{vectorPath("ledger/peer_blockfile_000000")}, {}});
        std::size_t told = 0;
        const auto inChinese = [&](const Sentence& sentence) {
            if (sentence.id.empty()) return;
            ++told;
            const QString text = Sentences::tell(sentence, m_chinese);
            QVERIFY2(hasChinese(text),
                     qPrintable(QString::fromStdString(sentence.id) + ": " + text));
        };
        for (const auto& row : facts()["chain"]["blocks"]) {
            const bool config = row.value("is_config", false);
            for (std::size_t i = 0; i < row["txs"].size(); ++i) {
                if (!config && row["txs"][i]["validation_code"] == 0 && i > 0) continue;
                const auto it = ledger.transaction(usecase::WrittenAt{row["number"], i});
                VERIFY_OK(it);
                if (it->cause) inChinese(chancery::told(*it->cause));
                for (const auto& change : it->configChanges) inChinese(change.told());
                for (const auto& policy : it->policies) {
                    for (const Sentence* one : {&policy.subject, &policy.text, &policy.sentence})
                        inChinese(*one);
                    for (const Sentence& reason : policy.explanation.reasons) inChinese(reason);
                }
                for (const auto& [name, value] : it->decodedArguments) {
                    inChinese(name);
                    inChinese(value);
                }
            }
        }
        QVERIFY(told > 300);
    }

private:
    QTranslator m_chinese;
};

CHANCERY_TEST(SentencesTest)
#include "SentencesTest.moc"
