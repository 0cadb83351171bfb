#include "src/channel/Sentences.h"

#include <fstream>

#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;

namespace {

std::string join(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    return text;
}

std::filesystem::path snapshotPath(const std::string& name) {
    std::string file = name;
    std::replace(file.begin(), file.end(), '/', '-');
    return dataFolder() / ".." / "src" / "channel" / "sentences" / (file + ".txt");
}

/// The stored text. With CHANCERY_WRITE_SNAPSHOTS in the environment the text is stored instead;
/// then read what changed before you commit it.
std::string snapshot(const std::string& name, const std::string& text) {
    const auto path = snapshotPath(name);
    if (qEnvironmentVariableIsSet("CHANCERY_WRITE_SNAPSHOTS")) {
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        return text;
    }
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void checkArguments(const std::vector<Change>& changes) {
    for (const Change& change : changes) {
        const std::string id = templateIdOf(change);
        const auto& templates = sentenceTemplates();
        const auto found = std::find_if(templates.begin(), templates.end(),
                                        [&](const auto& one) { return one.id == id; });
        QVERIFY2(found != templates.end(), id.c_str());
        const std::string& text = found->text;
        for (std::size_t at = text.find('{'); at != std::string::npos;
             at = text.find('{', at + 1)) {
            const std::string name = text.substr(at + 1, text.find('}', at) - at - 1);
            QVERIFY2(name == "path" || !change.argument(name).empty(), (id + " " + name).c_str());
        }
        QVERIFY(!change.path.empty());
        checkArguments(change.details);
    }
}

std::vector<std::string> told(const ::common::ConfigGroup& before,
                              const ::common::ConfigGroup& after) {
    const auto changes = difference(before, after);
    if (!changes.ok()) return {textOf(changes)};
    checkArguments(*changes);
    return toSentences(*changes);
}

}  // namespace

class SentencesTest : public QObject {
    Q_OBJECT
private slots:
    void cases_data();
    void cases();
    void genesisBlocks_data();
    void genesisBlocks();
    void stories();
    void templatesAreComplete();
};

void SentencesTest::cases_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < configCases().size(); ++i)
        QTest::newRow(configCases()[i].at("case").get<std::string>().c_str())
            << static_cast<int>(i);
}

void SentencesTest::cases() {
    QFETCH(int, index);
    const auto& row = configCases()[static_cast<std::size_t>(index)];
    const auto modified = vectorMessage<::common::Config>(folderOf(row) + "/modified.pb");
    const auto lines = told(originalOf(row).channel_group(), modified.channel_group());
    const std::string text = row.at("meaning").get<std::string>() + "\n\n" + join(lines);
    QCOMPARE(text, snapshot(row.at("case").get<std::string>(), text));
}

void SentencesTest::genesisBlocks_data() {
    QTest::addColumn<std::string>("file");
    for (const char* file : {"config/genesis_tradechannel.block", "bft/genesis.block"})
        QTest::newRow(file) << std::string(file);
}

void SentencesTest::genesisBlocks() {
    QFETCH(std::string, file);
    const auto envelope = configEnvelopeOf(vectorMessage<::common::Block>(file));
    const auto changes = describe(envelope.config().channel_group());
    VERIFY_OK(changes);
    checkArguments(*changes);
    const std::string text = join(toSentences(*changes));
    QCOMPARE(text, snapshot(file.substr(0, file.rfind('.')), text));
}

void SentencesTest::stories() {
    std::string text;
    ::common::Config previous;
    for (const int number : {0, 85, 86, 187, 243, 244, 270}) {
        const auto envelope = configEnvelopeOf(vectorMessage<::common::Block>(
            "ledger/blocks/block_" + std::to_string(number) + ".pb"));
        const auto story = tellConfig(envelope, number == 0 ? nullptr : &previous);
        VERIFY_OK(story);
        QCOMPARE(story->sequence, envelope.config().sequence());
        QCOMPARE(story->submitter.empty(), number == 0);
        if (number != 0) {
            text += "block " + std::to_string(number) + ", sent by " + story->submitter;
            for (const std::string& signer : story->signers) text += "\n  signed by " + signer;
            text += "\n" + join(toSentences(story->changes)) + "\n";
        }
        previous = envelope.config();
    }
    QCOMPARE(text, snapshot("tradechannel-story", text));
}

void SentencesTest::templatesAreComplete() {
    std::set<std::string> ids;
    for (const SentenceTemplate& one : sentenceTemplates()) {
        QVERIFY2(ids.insert(one.id).second, one.id.c_str());
        QVERIFY(!one.text.empty());
        QVERIFY2(!one.text.ends_with('.'), one.text.c_str());
    }
    QVERIFY(ids.size() > 100);
}

CHANCERY_TEST(SentencesTest)
#include "SentencesTest.moc"
