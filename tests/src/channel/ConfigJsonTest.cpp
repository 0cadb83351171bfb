#include "src/channel/ConfigJson.h"

#include <google/protobuf/util/message_differencer.h>

#include "src/channel/Compare.h"
#include "src/wire/Serialize.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;
using google::protobuf::util::MessageDifferencer;

namespace {

struct File {
    std::string json;
    std::string message;
    std::string binary;  // empty: only the JSON is there
    JsonOptions options;
};

JsonOptions v3() {
    JsonOptions options;
    options.emptyBytes = JsonOptions::EmptyBytes::EmptyText;
    return options;
}

JsonOptions organisation() {
    JsonOptions options;
    options.groupKind = GroupKind::ApplicationOrg;
    return options;
}

/// The tools indent with tabs; some files were laid out anew by whoever stored them.
void compare(const std::string& actual, const std::string& file) {
    QVERIFY(nlohmann::json::parse(actual) == nlohmann::json::parse(file));
    if (file.starts_with("{\n\t")) QCOMPARE(actual, file);
}

/// Every JSON file of the vectors that a Fabric tool wrote from a message.
std::vector<File> files() {
    std::vector<File> all;
    const auto stem = [](const std::string& name) { return name.substr(0, name.rfind('.')); };
    for (const std::string& name : configFilesEnding("/update.json"))
        all.push_back({name, "common.ConfigUpdate", stem(name) + ".pb", {}});
    for (const std::string& name : configFilesEnding("/result_block.json"))
        all.push_back({name, "common.Block", stem(name) + ".pb", {}});
    for (const char* channel : {"cfglab", "tradechannel"})
        all.push_back({std::string("config/genesis_") + channel + ".json",
                       "common.Block",
                       std::string("config/genesis_") + channel + ".block",
                       {}});
    for (const char* org : {"Alpha", "Beta", "Gamma", "Legacy"})
        all.push_back(
            {std::string("config/org_") + org + ".json", "common.ConfigGroup", {}, organisation()});
    all.push_back({"bft/genesis.json", "common.Block", "bft/genesis.block", v3()});
    return all;
}

}  // namespace

class ConfigJsonTest : public QObject {
    Q_OBJECT
private slots:
    void writesWhatTheToolsWrite_data();
    void writesWhatTheToolsWrite();
    void readsWhatTheToolsWrote_data();
    void readsWhatTheToolsWrote();
    void organisationIsTheOneInTheGenesisBlock();
    void coversAllJsonFiles();
    void everyConfigBlockSurvives();
    void everyLedgerBlockSurvives();
    void refusals_data();
    void refusals();
    void boundsAreKept();
    void unknownFieldsAreNotDropped();
    void acceptsWhatProtobufAccepts();

private:
    void addFiles(bool withBinaryOnly);
};

void ConfigJsonTest::addFiles(bool withBinaryOnly) {
    QTest::addColumn<int>("index");
    const auto all = files();
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!withBinaryOnly || !all[i].binary.empty())
            QTest::newRow(all[i].json.c_str()) << static_cast<int>(i);
}

void ConfigJsonTest::writesWhatTheToolsWrite_data() {
    addFiles(true);
}

void ConfigJsonTest::writesWhatTheToolsWrite() {
    QFETCH(int, index);
    const File file = files()[static_cast<std::size_t>(index)];
    QVERIFY(!file.binary.empty());
    const auto json = protoToJson(file.message, vectorFile(file.binary), file.options);
    VERIFY_OK(json);
    compare(*json, vectorFile(file.json));
}

void ConfigJsonTest::readsWhatTheToolsWrote_data() {
    addFiles(false);
}

void ConfigJsonTest::readsWhatTheToolsWrote() {
    QFETCH(int, index);
    const File file = files()[static_cast<std::size_t>(index)];
    const auto bytes = jsonToProto(file.message, vectorFile(file.json), file.options);
    VERIFY_OK(bytes);
    const auto again = protoToJson(file.message, *bytes, file.options);
    VERIFY_OK(again);
    compare(*again, vectorFile(file.json));
    if (file.message == "common.ConfigUpdate") {
        ::common::ConfigUpdate read;
        QVERIFY(read.ParseFromString(*bytes));
        QVERIFY(
            MessageDifferencer::Equals(read, vectorMessage<::common::ConfigUpdate>(file.binary)));
    } else if (file.message == "common.Block") {
        ::common::Block read;
        QVERIFY(read.ParseFromString(*bytes));
        const auto original = vectorMessage<::common::Block>(file.binary);
        QVERIFY(MessageDifferencer::Equals(read.header(), original.header()));
        QVERIFY(MessageDifferencer::Equals(read.metadata(), original.metadata()));
        const auto config = configEnvelopeOf(read);
        const auto expected = configEnvelopeOf(original);
        QCOMPARE(config.config().sequence(), expected.config().sequence());
        QVERIFY(sameGroup(config.config().channel_group(), expected.config().channel_group()));
    }
}

void ConfigJsonTest::organisationIsTheOneInTheGenesisBlock() {
    const auto genesis =
        configEnvelopeOf(vectorMessage<::common::Block>("config/genesis_tradechannel.block"));
    const auto& groups = genesis.config().channel_group().groups().at("Application").groups();
    for (const char* org : {"Alpha", "Beta"}) {
        ::common::ConfigGroup read;
        VERIFY_OK(
            fromJson(vectorFile(std::string("config/org_") + org + ".json"), read, organisation()));
        // configtxgen prints an organisation as it is defined, without its anchor peers.
        ::common::ConfigGroup expected = groups.at(org);
        expected.mutable_values()->erase("AnchorPeers");
        QVERIFY2(sameGroup(read, expected), org);
    }
}

// A file that the vectors gain must not stay untested.
void ConfigJsonTest::coversAllJsonFiles() {
    std::set<std::string> covered;
    for (const File& file : files()) covered.insert(file.json);
    for (const std::string& name : configFilesEnding(".json"))
        QVERIFY2(covered.contains(name) || name.ends_with("/case.json"), name.c_str());
    QVERIFY(covered.size() > 50);
}

void ConfigJsonTest::everyConfigBlockSurvives() {
    auto names = configFilesEnding("/result_block.pb");
    names.push_back("config/last_config_tradechannel.block");
    for (const std::string& name : names) {
        const std::string bytes = vectorFile(name);
        const auto json = protoToJson("common.Block", bytes);
        VERIFY_OK(json);
        ::common::Block read;
        VERIFY_OK(fromJson(*json, read));
        const auto config = configEnvelopeOf(read);
        const auto expected = configEnvelopeOf(vectorMessage<::common::Block>(name));
        QVERIFY(sameGroup(config.config().channel_group(), expected.config().channel_group()));
        const auto again = toJson(read);
        VERIFY_OK(again);
        QCOMPARE(*again, *json);
    }
}

void ConfigJsonTest::everyLedgerBlockSurvives() {
    std::size_t readable = 0;
    const std::size_t blocks = facts().at("chain").at("blocks").size();
    for (std::size_t number = 0; number < blocks; ++number) {
        const auto block =
            vectorMessage<::common::Block>("ledger/blocks/block_" + std::to_string(number) + ".pb");
        const auto json = toJson(block);
        if (!json.ok()) {
            // Some transactions were made broken on purpose; then the path says where.
            QVERIFY2(!argumentOf(json.status(), "path").empty(),
                     std::string(messageOf(json.status())).c_str());
            continue;
        }
        ++readable;
        ::common::Block read;
        VERIFY_OK(fromJson(*json, read));
        const auto again = toJson(read);
        VERIFY_OK(again);
        QCOMPARE(*again, *json);
    }
    QVERIFY2(readable * 10 > blocks * 8, std::to_string(readable).c_str());
}

void ConfigJsonTest::refusals_data() {
    QTest::addColumn<std::string>("message");
    QTest::addColumn<std::string>("json");
    QTest::addColumn<std::string>("reason");
    QTest::addColumn<std::string>("where");
    const auto row = [](const char* name, const char* message, const char* json, const char* reason,
                        const char* where) {
        QTest::newRow(name) << std::string(message) << std::string(json) << std::string(reason)
                            << std::string(where);
    };
    row("empty", "common.Config", "", "BAD_JSON", "1:1");
    row("cut", "common.Config", "{\n \"sequence\": \"1\",\n", "BAD_JSON", "3:1");
    row("comment", "common.Config", "{ // no\n}", "BAD_JSON", "1:3");
    row("trailing", "common.Config", "{} {}", "BAD_JSON", "1:4");
    row("bad utf-8", "common.Config", "{\"sequence\": \"\xff\"}", "BAD_JSON", "1:15");
    row("twice", "common.Config", R"({"sequence": "1", "sequence": "2"})", "DUPLICATE_KEY",
        "$.sequence");
    row("twice deep", "common.Config",
        R"({"channel_group": {"values": {"A": {}, "B": {}, "A": {}}}})", "DUPLICATE_KEY",
        "$.channel_group.values.A");
    row("twice in two spellings", "common.Config", R"({"channel_group": {}, "channelGroup": {}})",
        "DUPLICATE_KEY", "$.channel_group");
    row("unknown field", "common.Config", R"({"channel_group": {"value": {}}})", "UNKNOWN_FIELD",
        "$.channel_group.value");
    row("not an object", "common.Config", "[]", "BAD_JSON_VALUE", "$");
    row("list instead of map", "common.Config", R"({"channel_group": {"values": []}})",
        "BAD_JSON_VALUE", "$.channel_group.values");
    row("negative version", "common.Config", R"({"sequence": "-1"})", "BAD_JSON_VALUE",
        "$.sequence");
    row("fraction", "common.Config", R"({"sequence": 1.5})", "BAD_JSON_VALUE", "$.sequence");
    row("too large", "common.Config", R"({"sequence": "18446744073709551616"})", "BAD_JSON_VALUE",
        "$.sequence");
    row("unknown value", "common.Config",
        R"({"channel_group": {"values": {"Nose": {"value": {}}}}})", "UNKNOWN_CONTENT",
        "$.channel_group.values.Nose.value");
    row("value of another group", "common.Config",
        R"({"channel_group": {"values": {"BatchSize": {"value": {}}}}})", "UNKNOWN_CONTENT",
        "$.channel_group.values.BatchSize.value");
    row("policy type", "common.Config",
        R"({"channel_group": {"policies": {"A": {"policy": {"type": 7, "value": {}}}}}})",
        "UNKNOWN_CONTENT", "$.channel_group.policies.A.policy.value");
    row("rule name", "common.Policy", R"({"type": 3, "value": {"rule": "SOME"}})", "BAD_JSON_VALUE",
        "$.value.rule");
    row("two members of a oneof", "common.SignaturePolicy",
        R"({"signed_by": 0, "n_out_of": {"n": 1}})", "BAD_JSON_VALUE", "$.signed_by");
    row("base64", "common.BlockHeader", R"({"data_hash": "a*b="})", "BAD_JSON_VALUE",
        "$.data_hash");
    row("time", "common.ChannelHeader", R"({"timestamp": "yesterday"})", "BAD_JSON_VALUE",
        "$.timestamp");
    row("unknown message", "common.Nonsense", "{}", "UNKNOWN_MESSAGE", "");
}

void ConfigJsonTest::refusals() {
    QFETCH(std::string, message);
    QFETCH(std::string, json);
    QFETCH(std::string, reason);
    QFETCH(std::string, where);
    const auto bytes = jsonToProto(message, json);
    QVERIFY(!bytes.ok());
    QCOMPARE(reasonOf(bytes.status()), reason);
    const std::string line = argumentOf(bytes.status(), "line");
    QCOMPARE(line.empty() ? argumentOf(bytes.status(), "path")
                          : line + ":" + argumentOf(bytes.status(), "column"),
             where);
}

void ConfigJsonTest::boundsAreKept() {
    ::common::Config config;
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "[";
    QCOMPARE(reasonOf(fromJson(deep, config)), std::string("JSON_TOO_DEEP"));

    std::string wide = R"({"channel_group":{"values":{"k0":{})";
    for (int i = 1; i < 1'000'000; ++i) wide += ",\"k" + std::to_string(i) + "\":{}";
    wide += "}}}";
    QVERIFY(wide.size() < 16u << 20);
    const Status tooMany = fromJson(wide, config);
    QCOMPARE(reasonOf(tooMany), std::string("JSON_TOO_LARGE"));
    QCOMPARE(config.ByteSizeLong(), std::size_t(0));

    const std::string large = "\"" + std::string(17u << 20, 'x') + "\"";
    QCOMPARE(reasonOf(fromJson(large, config)), std::string("JSON_TOO_LARGE"));

    std::string groups;
    for (int i = 0; i < 1'000; ++i) groups += R"({"groups":{"a":)";
    QCOMPARE(reasonOf(fromJson(R"({"channel_group":)" + groups, config)),
             std::string("JSON_TOO_DEEP"));
}

void ConfigJsonTest::unknownFieldsAreNotDropped() {
    // ConfigGroup with version 3 and an unknown field 15.
    const std::string bytes("\x08\x03\x78\x01", 4);
    const auto refused = protoToJson("common.ConfigGroup", bytes);
    QCOMPARE(reasonOf(refused.status()), std::string("UNKNOWN_FIELD"));
    JsonOptions options;
    options.dropUnknownFields = true;
    const auto dropped = protoToJson("common.ConfigGroup", bytes, options);
    VERIFY_OK(dropped);
    QVERIFY(nlohmann::json::parse(*dropped).at("version") == "3");
}

void ConfigJsonTest::acceptsWhatProtobufAccepts() {
    ::common::ConfigEnvelope envelope;
    VERIFY_OK(fromJson(R"({"config": {"sequence": 7, "channelGroup": null}, "last_update": null})",
                       envelope));
    QCOMPARE(envelope.config().sequence(), std::uint64_t(7));
    QVERIFY(!envelope.config().has_channel_group());
    QVERIFY(!envelope.has_last_update());

    ::common::BlockHeader header;
    VERIFY_OK(fromJson(R"({"data_hash": "-_8", "number": "18446744073709551615"})", header));
    QCOMPARE(header.data_hash(), std::string("\xfb\xff"));
    QCOMPARE(header.number(), ~std::uint64_t(0));

    ::common::ChannelHeader channel;
    VERIFY_OK(fromJson(R"({"type": 1, "timestamp": "2024-05-01T12:00:00.25Z"})", channel));
    QCOMPARE(channel.timestamp().seconds(), std::int64_t(1714564800));
    QCOMPARE(channel.timestamp().nanos(), 250'000'000);
}

CHANCERY_TEST(ConfigJsonTest)
#include "ConfigJsonTest.moc"
